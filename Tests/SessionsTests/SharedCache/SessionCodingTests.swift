import SessionTesting
import Testing

@testable import Sessions

@Suite("A session as a copy in a shared cache")
struct SessionCodingTests {
    static let until = Timestamp(milliseconds: 1_800_000_300_000)

    /// Every field set, or as many as a random choice leaves.
    static func session(_ random: inout SeededGenerator) -> Session {
        let texts = ["", "alice", "Ünïcødé \u{202E}", String(repeating: "x", count: 700), "\0\u{1F}"]
        func text(_ random: inout SeededGenerator) -> String? { random.once(in: 3) ? nil : random.pick(texts) }
        func moment(_ random: inout SeededGenerator) -> Timestamp {
            Timestamp(milliseconds: random.once(in: 5) ? random.pick([.min, 0, .max]) : Int64(random.next() >> 20))
        }
        var session = Session(
            id: anID(1), user: text(&random), tenant: text(&random), client: text(&random), created: moment(&random),
            lifetime: .office, payload: Payload(bytes: random.bytes(random.pick([0, 1, 300]))))
        session.version = Int64(bitPattern: random.next())
        session.epoch = FeedPosition(Int64(random.next() >> 1))
        session.authenticated = random.once(in: 2) ? nil : moment(&random)
        session.seen = moment(&random)
        session.deadlines = Deadlines(
            idle: random.once(in: 3) ? nil : moment(&random), absolute: random.once(in: 3) ? nil : moment(&random))
        (session.ip, session.agent, session.node) = (text(&random), text(&random), text(&random))
        return session
    }

    @Test("Whatever a session holds comes back, and what isn't there stays away", arguments: 1...200)
    func roundTrip(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let session = Self.session(&random)
        let bytes = try #require(SessionCoding.encode(session, until: Self.until))
        let decoded = try #require(SessionCoding.decode(bytes, id: session.id, version: session.version))
        #expect(decoded.session == session)
        #expect(decoded.until == Self.until)
    }

    @Test("Cut short at any length, or followed by anything, it is nothing")
    func cutShort() throws {
        var random = SeededGenerator(seed: 7)
        let bytes = try #require(SessionCoding.encode(Self.session(&random), until: Self.until))
        for count in bytes.indices {
            #expect(SessionCoding.decode(Array(bytes.prefix(count)), id: anID(1), version: 1) == nil)
        }
        #expect(SessionCoding.decode(bytes + [0], id: anID(1), version: 1) == nil)
    }

    @Test("Random bytes and random damage never trap", arguments: 1...50)
    func damage(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let bytes = try #require(SessionCoding.encode(Self.session(&random), until: Self.until))
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0..<3 { damaged[Int.random(in: damaged.indices, using: &random)] = UInt8(random.next() & 255) }
            _ = SessionCoding.decode(damaged, id: anID(1), version: 1)
            _ = SessionCoding.decode([1] + random.bytes(80), id: anID(1), version: 1)
        }
    }

    @Test("A length that lies, text that isn't UTF-8, another format: nothing")
    func malformed() {
        let head: [UInt8] = [1] + Array(repeating: 0, count: 32)
        let none: [UInt8] = Array(repeating: 0, count: 3)
        let endless: [UInt8] = [1, 255, 255, 255, 255]
        #expect(SessionCoding.decode(head + none + endless, id: anID(1), version: 1) == nil)
        let invalid: [UInt8] = [1, 0, 0, 0, 1, 0xC0]
        let rest: [UInt8] = Array(repeating: 0, count: 5 + 4)
        #expect(SessionCoding.decode(head + none + invalid + rest, id: anID(1), version: 1) == nil)
        #expect(SessionCoding.decode(head + none + [0] + rest, id: anID(1), version: 1) != nil)
        #expect(SessionCoding.decode([2] + head.dropFirst() + none + [0] + rest, id: anID(1), version: 1) == nil)
        #expect(SessionCoding.decode(head + none + [2] + rest, id: anID(1), version: 1) == nil)
        #expect(SessionCoding.decode([], id: anID(1), version: 1) == nil)
    }

    @Test("What is too long for a cache is not encoded")
    func tooLong() {
        var session = Session(id: anID(1), created: Self.until, lifetime: .office)
        session.payload = Payload(bytes: Array(repeating: 0, count: SessionCoding.longest))
        #expect(SessionCoding.encode(session, until: Self.until) == nil)
        session.payload = Payload(bytes: Array(repeating: 0, count: SessionCoding.longest - 200))
        #expect(SessionCoding.encode(session, until: Self.until) != nil)
    }

    @Test("A sealed copy opens for its id and version alone, with a key of the ring, unchanged")
    func sealing() throws {
        let ring = try KeyRing(newKey: "k1")
        let sealer = PayloadSealer(keys: ring, namespace: "test")
        var random = SeededGenerator(seed: 3)
        let session = Self.session(&random)
        let copy = try #require(try sealer.seal(session, until: Self.until))
        #expect(sealer.open(copy, id: session.id)?.session == session)
        #expect(sealer.open(copy, id: anID(2)) == nil)
        #expect(sealer.open(SharedCopy(version: copy.version &+ 1, bytes: copy.bytes), id: session.id) == nil)
        #expect(PayloadSealer(keys: ring, namespace: "other").open(copy, id: session.id) == nil)
        #expect(PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test").open(copy, id: session.id) == nil)
        #expect(PayloadSealer(keys: try ring.rotated(to: "k2"), namespace: "test").open(copy, id: session.id) != nil)
        for index in copy.bytes.indices {
            var bytes = copy.bytes
            bytes[index] ^= 1
            #expect(sealer.open(SharedCopy(version: copy.version, bytes: bytes), id: session.id) == nil)
            let short = SharedCopy(version: copy.version, bytes: Array(copy.bytes.prefix(index)))
            #expect(sealer.open(short, id: session.id) == nil)
        }
    }

    @Test("A payload can't be passed off as a copy, nor a copy as a payload")
    func purposes() throws {
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        var random = SeededGenerator(seed: 4)
        let session = Self.session(&random)
        let forged = try #require(SessionCoding.encode(session, until: Self.until))
        let payload = try sealer.seal(forged, id: session.id, version: session.version)
        let copy = SharedCopy(version: session.version, bytes: [2] + Array("k1".utf8) + payload.bytes)
        #expect(sealer.open(copy, id: session.id) == nil)
        let sealed = try #require(try sealer.seal(session, until: Self.until))
        let asPayload = Payload(keyID: "k1", bytes: Array(sealed.bytes.dropFirst(3)))
        expect(.payloadRejected) { try sealer.open(asPayload, id: session.id, version: session.version) }
    }
}
