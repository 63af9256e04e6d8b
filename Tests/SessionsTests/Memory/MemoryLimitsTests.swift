import SessionTesting
import Testing

@testable import Sessions

@Suite struct MemoryLimitsTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("A store with limits keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        let fixture = StoreFixture { time, body in
            let store = MemoryStore(limits: MemoryLimits(), time: time)
            try await body(store, store)
        }
        try await clause.check(fixture)
    }

    private static func session(
        _ number: Int, user: String? = nil, seen: Int = 0, bytes: Int = 100, lifetime: Lifetime = .office
    ) -> Session {
        var session = Session(
            id: anID(number), user: user, created: now, lifetime: lifetime,
            payload: Payload(bytes: Array(repeating: 7, count: bytes)))
        session.seen = now + .seconds(seen)
        return session
    }

    private static func state(_ limits: MemoryLimits, _ sessions: [Session]) throws -> MemoryState {
        var state = MemoryState(limits: limits)
        for session in sessions { try state.insert(session) }
        return state
    }

    @Test("Room is made by what has expired, then by what was revoked, then by anonymous visitors, the idlest first")
    func order() throws {
        var state = try Self.state(
            MemoryLimits(sessions: 4),
            [
                Self.session(1, user: "u"), Self.session(2, seen: 50), Self.session(3, seen: 10),
                Self.session(4, lifetime: .highValue),
            ])
        _ = state.revoke(anID(2), Revocation(at: Self.now, by: "x", reason: nil))
        func insert(_ number: Int) throws {
            var session = Self.session(number)
            session.created = Self.now + .seconds(400)
            session.seen = session.created
            session.deadlines = Lifetime.office.deadlines(from: session.created)
            try state.insert(session)
        }
        try insert(5)
        #expect(state.records[anID(4)] == nil, "it has expired")
        try insert(6)
        #expect(state.records[anID(2)] == nil, "it was revoked")
        #expect(state.tally.evicted == 0)
        try insert(7)
        #expect(state.records[anID(3)] == nil, "the longest unused of an anonymous visitor")
        #expect(state.tally == MemoryTally(evicted: 1))
        #expect(state.records[anID(1)] != nil)
    }

    @Test("A signed-in session is never evicted: new ones are refused instead, and nothing is lost")
    func signedInStay() throws {
        var state = try Self.state(MemoryLimits(sessions: 3), (0..<3).map { Self.session($0, user: "u\($0)") })
        expect(.storeFull) { try state.insert(Self.session(9, user: "late")) }
        #expect(state.records.count == 3)
        #expect(state.tally == MemoryTally(refused: 1))
    }

    @Test("Whoever is refused again soon costs no look at all sessions, until one ends or a tenth of a second is over")
    func refusals() throws {
        var state = try Self.state(MemoryLimits(sessions: 3), (0..<3).map { Self.session($0, user: "u\($0)") })
        for number in 0..<1000 {
            expect(.storeFull) { try state.insert(Self.session(100 + number, user: "late")) }
            // What is used goes on being used.
            _ = state.touch(Touch(id: anID(number % 3), at: Self.now, idle: .seconds(1800)))
        }
        #expect(state.looks == 1 && state.tally == MemoryTally(refused: 1000))
        _ = state.revoke(anID(0), Revocation(at: Self.now, by: "x", reason: nil))
        try state.insert(Self.session(9, user: "next"))
        #expect(state.looks == 2 && state.records[anID(0)] == nil)
        var late = Self.session(10, user: "late")
        for (milliseconds, looks) in [(0, 3), (99, 3), (100, 4), (150, 4), (0, 5)] {
            late.created = Self.now + .milliseconds(milliseconds)
            expect(.storeFull) { try state.insert(late) }
            #expect(state.looks == looks)
        }
        _ = state.cutOff(.user("u1"), Revocation(at: Self.now, by: "x", reason: nil))
        try state.insert(late)
        #expect(state.records[anID(1)] == nil)
    }

    @Test("What was refused for its size refuses nothing smaller, nor what may evict the session that it spared")
    func smallerAfterRefusal() throws {
        let size = Self.session(0).memoryByteCount
        var state = try Self.state(MemoryLimits(bytes: 2 * size + 1), [Self.session(1, user: "u"), Self.session(2)])
        expect(.storeFull) { try state.insert(Self.session(3, bytes: 5000)) }
        let larger = Payload(bytes: Array(repeating: 1, count: 700))
        expect(.storeFull) { try state.save(larger, of: anID(2), replacing: 1, at: Self.now) }
        #expect(state.looks == 2)
        try state.insert(Self.session(4, bytes: 98))
        #expect(Set(state.records.keys) == [anID(1), anID(4)] && state.looks == 3)
    }

    @Test("Where the policy says so, anonymous visitors stay, too")
    func refuseNew() throws {
        var state = try Self.state(MemoryLimits(sessions: 2, whenFull: .refuseNew), [Self.session(1), Self.session(2)])
        expect(.storeFull) { try state.insert(Self.session(3)) }
        #expect(Set(state.records.keys) == [anID(1), anID(2)])
    }

    @Test("A payload that does not fit is refused, and the session keeps what it had")
    func largePayload() throws {
        var state = try Self.state(MemoryLimits(bytes: 2000), [Self.session(1, user: "u")])
        let large = Payload(bytes: Array(repeating: 1, count: 5000))
        expect(.storeFull) { try state.save(large, of: anID(1), replacing: 1, at: Self.now) }
        #expect(state.records[anID(1)]?.session.version == 1)
        let small = Payload(bytes: [1])
        #expect(try state.save(small, of: anID(1), replacing: 1, at: Self.now) == .saved(version: 2))
    }

    @Test("A use is recorded where the texts that come with it do not fit, without them")
    func longAgent() throws {
        var state = try Self.state(MemoryLimits(bytes: 2000), [Self.session(1, user: "u")])
        let agent = String(repeating: "a", count: 5000)
        let later = Self.now + .seconds(60)
        let outcome = state.touch(Touch(id: anID(1), at: later, idle: .seconds(1800), agent: agent))
        #expect(outcome == .touched(Deadlines(idle: later + .seconds(1800), absolute: Self.now + .seconds(28_800))))
        #expect(state.records[anID(1)]?.session.agent == nil)
    }

    @Test("Whoever follows the feed or the changes beyond what is kept is told to begin anew")
    func boundedFeed() throws {
        var limits = MemoryLimits(sessions: 10)
        limits.history = 100
        var state = MemoryState(limits: limits)
        let count = 300
        for number in 0..<count {
            try state.insert(Self.session(number, bytes: 0))
            _ = state.revoke(anID(number), Revocation(at: Self.now, by: "x", reason: nil))
        }
        #expect(state.feed.count <= 112)
        #expect(state.removals.count <= 112)
        #expect(state.feedPage(after: .start, limit: 1).start > .start)
        #expect(state.feedPage(after: FeedPosition(Int64(count) - 1), limit: 9).entries.count == 1)
        #expect(state.changes(after: ChangePosition(0), limit: 1).mustReload)
    }

    @Test("However often a user is cut off, one cut-off is kept, and each session says which one ended it")
    func repeatedCutoffs() throws {
        var state = try Self.state(
            MemoryLimits(), [Self.session(1, user: "u", lifetime: .highValue), Self.session(2, user: "u")])
        let expiring = try #require(state.session(anID(1)))
        let ends = try #require(expiring.deadlines.nearest?.moment)
        #expect(state.standing(of: expiring, at: ends) == .expired)
        let first = Revocation(at: ends, by: "x", reason: "the first")
        var last = state.cutOff(.user("u"), first)
        for number in 1...500 {
            last = state.cutOff(.user("u"), Revocation(at: ends + .seconds(number), by: "x", reason: nil))
        }
        #expect(state.cutoffs.all == [last])
        for number in 1...2 {
            let session = try #require(state.session(anID(number)))
            #expect(state.standing(of: session, at: ends) == .revoked && session.revocation == first)
            #expect(state.row(session.id)?.state == .revoked)
        }
        try state.insert(Self.session(3, user: "u"))
        let new = try #require(state.session(anID(3)))
        #expect(state.standing(of: new, at: Self.now) == .live)
    }

    @Test("Whatever happens, it stays within its limits, and every session that is gone is counted", arguments: 1...8)
    func property(seed: Int) throws {
        let whenFull = MemoryLimits.WhenFull.allCases[seed % 2]
        let limits = MemoryLimits(bytes: 40_000, sessions: 40, whenFull: whenFull)
        var walk = LimitsWalk(limits: limits, random: SeededGenerator(seed: UInt64(seed)), now: Self.now)
        for _ in 0..<600 {
            try walk.step()
            #expect(walk.state.byteCount <= limits.bytes && walk.state.records.count <= limits.sessions)
            #expect(walk.state.byteCount == walk.state.records.values.reduce(0) { $0 + $1.session.memoryByteCount })
            if let problem = walk.problem {
                Issue.record("\(problem)")
                return
            }
        }
        switch whenFull {
        case .evictAnonymous: #expect(walk.state.tally.evicted > 0)
        case .refuseNew: #expect(walk.state.tally.refused > 0 && walk.state.tally.evicted == 0)
        }
    }
}

/// Does random things to a store with limits, and keeps the books on the side.
private struct LimitsWalk {
    var state: MemoryState
    var random: SeededGenerator
    var now: Timestamp
    private var live: [IDHash: Bool] = [:]
    private(set) var problem: String?

    init(limits: MemoryLimits, random: SeededGenerator, now: Timestamp) {
        state = MemoryState(limits: limits)
        (self.random, self.now) = (random, now)
    }

    mutating func step() throws {
        now = now + .seconds(Int.random(in: 0...20, using: &random))
        // Books on what is live: those whose deadlines have come are lost to nobody.
        live = live.filter { id, _ in
            state.records[id].map { state.standing(of: $0.session, at: now) == .live } ?? false
        }
        let evicted = state.tally.evicted
        try act()
        let gone = live.filter { state.records[$0.key] == nil }
        if gone.count != Int(state.tally.evicted - evicted) {
            problem = "\(gone.count) live sessions are gone, \(state.tally.evicted - evicted) were counted"
        }
        if gone.values.contains(true) { problem = "a signed-in session was evicted" }
    }

    private mutating func act() throws {
        let id = state.records.keys.sorted().randomElement(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5: insert()
        case 5, 6:
            guard let id, let version = state.records[id]?.session.version else { return }
            _ = try? state.save(payload(), of: id, replacing: version, at: now)
        case 7:
            guard let id else { return }
            _ = state.touch(Touch(id: id, at: now, idle: .seconds(600), agent: String(repeating: "x", count: 300)))
        case 8:
            guard let id else { return }
            _ = state.revoke(id, Revocation(at: now, by: "x", reason: "r"))
            live[id] = nil
        default: rotate(id)
        }
    }

    private mutating func payload() -> Payload {
        Payload(bytes: Array(repeating: 1, count: Int.random(in: 0...3000, using: &random)))
    }

    private mutating func fresh() -> Session {
        let user = Int.random(in: 0..<3, using: &random) == 0 ? "u" : nil
        return Session(
            id: SessionID(using: &random).hash, user: user, created: now,
            lifetime: Bool.random(using: &random) ? .highValue : .office, payload: payload())
    }

    private mutating func insert() {
        let session = fresh()
        if (try? state.insert(session)) != nil { live[session.id] = session.user != nil }
    }

    private mutating func rotate(_ old: IDHash?) {
        guard let old else { return }
        let session = fresh()
        guard (try? state.rotate(old, to: session, reason: "r", at: now)) == .rotated else { return }
        live[old] = nil
        live[session.id] = session.user != nil
    }
}
