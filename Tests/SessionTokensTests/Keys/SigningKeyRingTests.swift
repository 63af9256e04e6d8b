import Sessions
import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Signing key rings")
struct SigningKeyRingTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)
    private let schedule: KeySchedule

    init() throws {
        schedule = try KeySchedule(period: .seconds(1000), cacheLife: .seconds(100), tokenLife: .seconds(300))
    }

    private func ids(_ ring: SigningKeyRing) -> [String] { ring.entries.compactMap(\.key.id) }

    @Test("A key is published before it signs, signs in its turn, and stays until its last token has run out")
    func turns() throws {
        var ring = try SigningKeyRing(newKey: .edDSA, id: "first", at: start)
        #expect(ring.signingKey(at: start).id == "first")
        ring = try ring.rotated(schedule, at: start + .seconds(899))
        #expect(ids(ring) == ["first"])
        ring = try ring.rotated(schedule, at: start + .seconds(900))
        let second = try #require(ids(ring).last)
        #expect(ring.standings(at: start + .seconds(999)) == [.signing, .next])
        #expect(ring.signingKey(at: start + .milliseconds(999_999)).id == "first")
        #expect(ring.signingKey(at: start + .seconds(1000)).id == second)
        #expect(ring.standings(at: start + .seconds(1000)) == [.retired, .signing])
        #expect(try ids(ring.rotated(schedule, at: start + .milliseconds(1_299_999))) == ["first", second])
        #expect(try ids(ring.rotated(schedule, at: start + .seconds(1300))) == [second])
    }

    @Test(
        "Whenever it is rotated, every token verifies by every set that may be cached while it lives", arguments: 0..<40
    )
    func everyTokenVerifies(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var ring = try SigningKeyRing(newKey: .edDSA, at: start)
        var now = start
        // What was published, when; and what signed, when.
        var sets: [(at: Timestamp, ids: Set<String>)] = [(start, Set(ids(ring)))]
        var tokens: [(at: Timestamp, id: String)] = []
        for _ in 0..<300 {
            now = now + .seconds(Int64.random(in: 1...60, using: &generator))
            if generator.once(in: 3) {
                ring =
                    try generator.once(in: 20)
                    ? ring.rotatedEarly(schedule, at: now) : ring.rotated(schedule, at: now)
                sets.append((now, Set(ids(ring))))
            }
            tokens.append((now, try #require(ring.signingKey(at: now).id)))
        }
        for (index, set) in sets.enumerated() {
            let replaced = index + 1 < sets.count ? sets[index + 1].at : now
            for token in tokens {
                // A verifier may hold this set until its cache runs out after the next one was published; a token that is
                // read then was issued up to its life before.
                let first = set.at - schedule.tokenLife
                guard token.at > first, token.at < replaced + schedule.cacheLife else { continue }
                let isAlive = token.at + schedule.tokenLife > set.at
                if isAlive { #expect(set.ids.contains(token.id)) }
            }
        }
        #expect(ring.entries.count <= 4)
    }

    @Test("Rotating again changes nothing, and one that is late still publishes before it signs")
    func late() throws {
        let ring = try SigningKeyRing(newKey: .es256, at: start)
        let late = start + .seconds(5000)
        let rotated = try ring.rotated(schedule, at: late)
        #expect(rotated.entries[1].signsFrom == late + .seconds(100))
        #expect(try rotated.rotated(schedule, at: late).secretJSON == rotated.secretJSON)
        #expect(rotated.entries[1].key.algorithmName == "ES256")
        let early = try ring.rotatedEarly(schedule, at: start + .seconds(1))
        #expect(early.entries[1].signsFrom == start + .seconds(101))
        #expect(try early.rotatedEarly(schedule, at: start + .seconds(2)).entries.count == 2)
    }

    @Test("A retired key is gone at once, and another signs at once")
    func retire() throws {
        let ring = try SigningKeyRing(newKey: .edDSA, id: "1", at: start)
        let alone = try ring.retiring("1", at: start + .seconds(10))
        #expect(!ids(alone).contains("1") && alone.entries.count == 1)
        #expect(alone.entries[0].signsFrom == start + .seconds(10))
        let two = try ring.rotatedEarly(schedule, at: start)
        let promoted = try two.retiring("1", at: start + .seconds(10))
        #expect(ids(promoted) == [ids(two)[1]] && promoted.standings(at: start + .seconds(10)) == [.signing])
        let withoutNext = try two.retiring(ids(two)[1], at: start)
        #expect(ids(withoutNext) == ["1"])
        let error = #expect(throws: SessionsError.self) { try ring.retiring("2", at: start) }
        #expect(error?.code == .usage)
    }

    @Test("What is published has no secret, and every key")
    func published() throws {
        let ring = try SigningKeyRing(newKey: .edDSA, at: start).rotatedEarly(schedule, at: start)
        let set = try ring.verifyingKeys()
        #expect(set.keys.count == 2 && !set.keys.contains(where: \.isPrivate))
        for key in try #require(set.publicJSON["keys"]).elements() { #expect(key["d"] == nil) }
        #expect(!"\(ring)".contains(try #require(try ring.secretJSON["keys"]?.elements()[0].text("d"))))
    }

    @Test("It reads back, a key alone is a ring, and a public key is none")
    func reading() throws {
        let ring = try SigningKeyRing(newKey: .hs256, at: start).rotatedEarly(schedule, at: start)
        let read = try SigningKeyRing(parsing: Array("\(ring.secretJSON)".utf8))
        #expect(read.secretJSON == ring.secretJSON)
        let key = try JSONWebKey.generate(.edDSA)
        #expect(try SigningKeyRing(parsing: Array("\(key.secretJSON)".utf8)).signingKey(at: start).id == key.id)
        for text in [
            "{}", "[]", #"{"keys":[]}"#, "\(try #require(key.publicJSON))", "\(key.secretJSON.with("kid", nil))",
            "\(key.secretJSON.with("signs_from", "1"))", "\(key.secretJSON.with("signs_from", .number("-1")))",
        ] {
            let error = #expect(throws: SessionsError.self) { try SigningKeyRing(parsing: Array(text.utf8)) }
            #expect(error?.code == .invalidKey)
        }
    }

    @Test("A schedule under which a key would sign unknown can't be made")
    func schedules() {
        #expect(throws: SessionsError.self) { try KeySchedule(period: .seconds(10), cacheLife: .seconds(10)) }
        #expect(throws: SessionsError.self) { try KeySchedule(cacheLife: .zero) }
        #expect(throws: SessionsError.self) { try KeySchedule(tokenLife: .zero) }
    }
}
