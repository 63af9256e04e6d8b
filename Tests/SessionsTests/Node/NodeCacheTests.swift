import Testing

@testable import Sessions

@Suite("A node's memory")
struct NodeCacheTests {
    let a = anID(1)
    let settings = NodeCache.Settings(
        lease: .seconds(2), copyLife: .seconds(3), negativeLife: .seconds(1), byteLimit: 1 << 20,
        touchInterval: .seconds(60), revokedLife: .seconds(5))

    func cache(at tick: Int = 0, position: Int64 = 0) -> NodeCache {
        var cache = NodeCache(settings)
        cache.reload([], position: FeedPosition(position), started: Ticks.instant(tick), at: Ticks.instant(tick))
        return cache
    }

    func copy(
        _ id: IDHash, version: Int64 = 1, user: String? = "u", epoch: Int64 = 0, lifetime: Lifetime = .aal1,
        payload: Int = 0
    ) -> SessionCopy {
        var session = Session(id: id, user: user, created: Ticks.wall(0), lifetime: lifetime)
        session.version = version
        session.epoch = FeedPosition(epoch)
        session.payload = Payload(bytes: Array(repeating: 1, count: payload))
        return SessionCopy(session)
    }

    func page(_ events: [(Int64, FeedEntry.Event)], end: Int64? = nil, start: Int64 = 0) -> FeedPage {
        let entries = events.map { FeedEntry(position: FeedPosition($0.0), event: $0.1, at: Ticks.wall(0)) }
        return FeedPage(
            entries: entries, end: FeedPosition(end ?? events.last?.0 ?? 0), start: FeedPosition(start))
    }

    /// What a read does, in a word.
    func word(_ action: NodeCache.ReadAction) -> String {
        switch action {
        case .serve: "serve"
        case .refuse: "refuse"
        case .join: "join"
        case .load(let ticket): ticket.mayFill ? "load" : "load alone"
        }
    }

    func read(_ cache: inout NodeCache, _ id: IDHash, _ tick: Int) -> String {
        word(cache.read(id, at: Ticks.instant(tick)))
    }

    func ticket(_ cache: inout NodeCache, _ id: IDHash, _ tick: Int) throws -> NodeCache.FillTicket {
        guard case .load(let ticket) = cache.read(id, at: Ticks.instant(tick)) else {
            throw SessionsError(.refused, "the test expected a load")
        }
        return ticket
    }

    func fill(_ cache: inout NodeCache, _ copy: SessionCopy, at tick: Int = 0) throws {
        let ticket = try ticket(&cache, copy.session.id, tick)
        _ = cache.complete(ticket, with: .live(copy), at: Ticks.instant(tick), wall: Ticks.wall(tick))
    }

    @Test("The lease ends δ after the start of the poll, to the instant")
    func leaseBounds() throws {
        var cache = cache()
        try fill(&cache, copy(a))
        #expect(cache.holdsLease(at: Ticks.instant(2) - .nanoseconds(1)))
        #expect(!cache.holdsLease(at: Ticks.instant(2)))
        #expect(read(&cache, a, 1) == "serve")
        #expect(read(&cache, a, 2) == "load alone")
        // Answered at 4, but begun at 1: it holds until 3.
        #expect(cache.apply(page([]), started: Ticks.instant(1), at: Ticks.instant(4)) == .idle)
        #expect(!cache.holdsLease(at: Ticks.instant(3)))
    }

    @Test("A poll that began earlier never shortens a lease")
    func leaseOnlyGrows() {
        var cache = cache(at: 5)
        _ = cache.apply(page([]), started: Ticks.instant(3), at: Ticks.instant(6))
        #expect(cache.holdsLease(at: Ticks.instant(6)))
    }

    @Test("Without the lease every request reads the database by itself, and nothing is kept")
    func withoutLease() throws {
        var cache = NodeCache(settings)
        let first = try ticket(&cache, a, 0)
        #expect(read(&cache, a, 0) == "load alone")
        _ = cache.complete(first, with: .live(copy(a)), at: Ticks.instant(0), wall: Ticks.wall(0))
        #expect(cache.copies.count == 0)
        #expect(cache.counters[.l1Bypassed] == 2)
        #expect(cache.counters[.l1FillRefused] == 0)
    }

    @Test("In strict mode no poll ever gives a lease")
    func strict() {
        var strict = settings
        strict.lease = .zero
        var cache = NodeCache(strict)
        cache.reload([], position: .start, started: Ticks.instant(0), at: Ticks.instant(0))
        _ = cache.apply(page([]), started: Ticks.instant(0), at: Ticks.instant(0))
        #expect(!cache.holdsLease(at: Ticks.instant(0)))
        #expect(!cache.holdsLease(at: Ticks.instant(-100)))
    }

    @Test("A page that doesn't reach the feed's end gives no lease, and asks for more")
    func partialPage() {
        var cache = cache()
        let partial = page([(1, .revoked(a))], end: 2)
        #expect(cache.apply(partial, started: Ticks.instant(3), at: Ticks.instant(3)) == .more)
        #expect(!cache.holdsLease(at: Ticks.instant(3)))
        #expect(cache.apply(page([(2, .revoked(a))]), started: Ticks.instant(3), at: Ticks.instant(3)) == .idle)
        #expect(cache.holdsLease(at: Ticks.instant(3)))
    }

    @Test("An empty page that claims there is more neither gives a lease nor loops")
    func emptyPartialPage() {
        var cache = cache()
        #expect(cache.apply(page([], end: 9), started: Ticks.instant(3), at: Ticks.instant(3)) == .idle)
        #expect(!cache.holdsLease(at: Ticks.instant(3)))
        #expect(cache.applied == .start)
    }

    @Test(
        "A position that went back, or a gap, drops everything until the cut-offs are read again",
        arguments: [true, false])
    func lostPosition(isGap: Bool) throws {
        var cache = cache(position: 10)
        try fill(&cache, copy(a))
        cache.markRevoked(anID(2), at: Ticks.instant(0))
        let flight = try ticket(&cache, anID(3), 0)
        let page = isGap ? page([], end: 20, start: 15) : page([], end: 9)
        #expect(cache.apply(page, started: Ticks.instant(1), at: Ticks.instant(1)) == .reload)
        #expect(cache.applied == nil)
        #expect(read(&cache, a, 1) == "load alone")
        #expect(cache.copies.count == 0)
        #expect(cache.revoked.count == 0, "a restored backup may have it live")
        // What was on the wire is older than the restore.
        _ = cache.complete(flight, with: .live(copy(anID(3))), at: Ticks.instant(1), wall: Ticks.wall(1))
        cache.reload([], position: FeedPosition(9), started: Ticks.instant(1), at: Ticks.instant(1))
        #expect(read(&cache, anID(3), 1) == "load")
        #expect(cache.counters[.l1FillRefused] == 1)
    }

    @Test("Another entry in the place of the last one means that the feed went back, although it ends no earlier")
    func reusedPosition() throws {
        let now = Ticks.instant(1)
        let (known, other) = (FeedEntry.Event.revoked(anID(2)), FeedEntry.Event.revoked(anID(3)))
        var followed = cache(position: 9)
        _ = followed.apply(page([(9, .unknown), (10, known)]), started: now, at: now)
        var begun = cache(position: 10)
        _ = begun.apply(page([(10, known)]), started: now, at: now)
        for var cache in [followed, begun] {
            #expect(cache.applied == FeedPosition(10) && cache.pollPosition == FeedPosition(9))
            try fill(&cache, copy(a), at: 1)
            #expect(cache.apply(page([(10, known)]), started: now, at: now) == .idle)
            #expect(cache.apply(page([], end: 10, start: 10), started: now, at: now) == .idle, "a purge has taken it")
            #expect(read(&cache, a, 1) == "serve")
            let reused = page([(10, other), (11, .revoked(a))])
            #expect(cache.apply(reused, started: now, at: now) == .reload)
            #expect(cache.applied == nil && cache.copies.count == 0 && !cache.holdsLease(at: now))
        }
    }

    @Test("A page of nothing but the last entry, which claims that there is more, neither gives a lease nor loops")
    func knownPartialPage() {
        var cache = cache(position: 1)
        let partial = page([(1, .revoked(a))], end: 9)
        #expect(cache.apply(partial, started: Ticks.instant(3), at: Ticks.instant(3)) == .idle)
        #expect(!cache.holdsLease(at: Ticks.instant(3)))
    }

    @Test("An answer on the wire can't overwrite an invalidation")
    func fillRefused() throws {
        var cache = cache()
        let flight = try ticket(&cache, a, 0)
        cache.invalidate(a)
        _ = cache.complete(flight, with: .live(copy(a)), at: Ticks.instant(0), wall: Ticks.wall(0))
        #expect(cache.copies.count == 0)
        #expect(cache.counters[.l1FillRefused] == 1)
    }

    @Test("A read is joined until it lands or is invalidated, and a failure is forgotten")
    func joining() throws {
        var cache = cache()
        let first = try ticket(&cache, a, 0)
        #expect(read(&cache, a, 0) == "join")
        cache.fail(first, wasAsked: true)
        let second = try ticket(&cache, a, 0)
        cache.invalidate(a)
        let third = try ticket(&cache, a, 0)
        #expect(read(&cache, a, 0) == "join")
        _ = cache.complete(second, with: .live(copy(a)), at: Ticks.instant(0), wall: Ticks.wall(0))
        #expect(read(&cache, a, 0) == "join", "the third is still under way")
        _ = cache.complete(third, with: .live(copy(a)), at: Ticks.instant(0), wall: Ticks.wall(0))
        #expect(read(&cache, a, 0) == "serve")
        #expect(cache.counters[.databaseError] == 1)
    }

    @Test("A copy whose deadline has passed is no proof of expiry: the database is asked")
    func deadlineIsNoProof() throws {
        let short = try Lifetime(idle: .seconds(1), absolute: .seconds(100))
        var cache = cache()
        try fill(&cache, copy(a, lifetime: short))
        #expect(read(&cache, a, 0) == "serve")
        #expect(read(&cache, a, 1) == "load")
    }

    @Test("A copy grows no older than t1, and is gone then")
    func age() throws {
        var cache = cache()
        try fill(&cache, copy(a))
        _ = cache.apply(page([]), started: Ticks.instant(2), at: Ticks.instant(2))
        #expect(read(&cache, a, 2) == "serve")
        #expect(read(&cache, a, 3) == "load")
        #expect(cache.counters[.l1EvictedByAge] == 1)
        try fill(&cache, copy(anID(2)), at: 3)
        _ = cache.apply(page([]), started: Ticks.instant(9), at: Ticks.instant(9))
        #expect(cache.copies.count == 0, "a poll sweeps what nobody asks for")
    }

    @Test("A use is recorded once in the interval, counted from the use that the database knows of")
    func touches() throws {
        var cache = cache()
        func due(_ tick: Int) throws -> Bool {
            let end = Ticks.instant(tick)
            _ = cache.apply(page([]), started: end, at: end)
            switch cache.read(a, at: end) {
            case .serve(_, let isDue): return isDue
            case .load(let ticket):
                let found = NodeCache.Found.live(copy(a))
                guard case .live(_, let isDue, _) = cache.complete(ticket, with: found, at: end, wall: Ticks.wall(tick))
                else { return false }
                return isDue
            default: throw SessionsError(.refused, "unexpected")
            }
        }
        #expect(try !due(0))
        #expect(try !due(1))
        #expect(try due(60), "read again, and last seen 60 s ago")
        #expect(try !due(61))
    }

    @Test("A hit, too, finds that a use is due")
    func touchOnHit() throws {
        var cache = cache()
        try fill(&cache, copy(a), at: 0)
        _ = cache.apply(page([]), started: Ticks.instant(1), at: Ticks.instant(1))
        var quick = settings
        quick.touchInterval = .seconds(1)
        var other = NodeCache(quick)
        other.reload([], position: .start, started: Ticks.instant(0), at: Ticks.instant(0))
        try fill(&other, copy(a))
        guard case .serve(_, true) = other.read(a, at: Ticks.instant(1)) else {
            throw SessionsError(.refused, "not due")
        }
        guard case .serve(_, false) = other.read(a, at: Ticks.instant(1)) else {
            throw SessionsError(.refused, "due twice")
        }
    }

    @Test("A revoked id is refused from memory, and its copy is counted as stopped")
    func revokedByFeed() throws {
        var cache = cache()
        try fill(&cache, copy(a))
        _ = cache.apply(
            page([(1, .revoked(a)), (2, .revoked(anID(2)))]), started: Ticks.instant(1), at: Ticks.instant(1))
        #expect(read(&cache, a, 1) == "refuse")
        #expect(read(&cache, anID(2), 1) == "refuse")
        #expect(cache.counters[.l1Stopped] == 1)
        #expect(cache.counters[.l1NegativeHit] == 1)
        #expect(cache.counters[.l1Invalidated] == 1)
    }

    @Test("Entries of the feed that were applied before are passed over")
    func repeatedEntries() {
        var cache = cache(position: 5)
        _ = cache.apply(page([(4, .revoked(a)), (5, .revoked(a))]), started: Ticks.instant(1), at: Ticks.instant(1))
        #expect(cache.revoked.count == 0)
        #expect(cache.applied == FeedPosition(5))
    }

    @Test("Entries that end no session, or that only a newer version knows, are passed over, and the lease goes on")
    func otherEntries() throws {
        var cache = cache(position: 5)
        try fill(&cache, copy(a, user: "alice", epoch: 5))
        let page = page([(6, .denied(TokenDenial(key: a))), (7, .unknown)])
        #expect(cache.apply(page, started: Ticks.instant(1), at: Ticks.instant(1)) == .idle)
        #expect(cache.applied == FeedPosition(7) && cache.revoked.count == 0)
        #expect(read(&cache, a, 1) == "serve")
        #expect(cache.holdsLease(at: Ticks.instant(1) + cache.settings.lease - .milliseconds(1)))
    }

    @Test("A cut-off stops the copies it covers, and no others")
    func cutoff() throws {
        var cache = cache(position: 5)
        try fill(&cache, copy(a, user: "alice", epoch: 5))
        try fill(&cache, copy(anID(2), user: "bob", epoch: 5))
        let cutoff = Cutoff(scope: .user("alice"), notBefore: Ticks.wall(0), epoch: FeedPosition(6))
        _ = cache.apply(page([(6, .cutoff(cutoff))]), started: Ticks.instant(1), at: Ticks.instant(1))
        #expect(read(&cache, a, 1) == "refuse")
        #expect(read(&cache, anID(2), 1) == "serve")
        try fill(&cache, copy(anID(3), user: "alice", epoch: 6), at: 1)
        #expect(read(&cache, anID(3), 1) == "serve", "issued after the cut-off")
        #expect(cache.counters[.l1Stopped] == 1)
    }

    @Test("A cut-off that the feed tells of stops a copy that has met this node's own later one already")
    func cutoffAfterALaterOne() throws {
        func cutoff(_ user: String, _ epoch: Int64) -> Cutoff {
            Cutoff(scope: .user(user), notBefore: Ticks.wall(0), epoch: FeedPosition(epoch))
        }
        var cache = cache(position: 5)
        try fill(&cache, copy(a, user: "alice", epoch: 5))
        cache.insert(cutoff("bob", 7))
        #expect(read(&cache, a, 1) == "serve", "the feed hasn't told of alice's yet")
        let told: [(Int64, FeedEntry.Event)] = [(6, .cutoff(cutoff("alice", 6))), (7, .cutoff(cutoff("bob", 7)))]
        #expect(cache.apply(page(told), started: Ticks.instant(1), at: Ticks.instant(1)) == .idle)
        #expect(cache.applied == FeedPosition(7))
        #expect(read(&cache, a, 1) == "refuse")
        #expect(cache.counters[.l1Stopped] == 1)
    }

    @Test("An answer that is older than a cut-off or a revoke is refused when it comes in")
    func lateAnswers() throws {
        var cache = cache()
        let cut = try ticket(&cache, a, 0)
        let ended = try ticket(&cache, anID(2), 0)
        let alone = NodeCache.FillTicket(id: anID(2), number: 999, mayFill: false)
        let cutoff = Cutoff(scope: .everyone, notBefore: Ticks.wall(0), epoch: FeedPosition(1))
        let events: [(Int64, FeedEntry.Event)] = [(1, .cutoff(cutoff)), (2, .revoked(anID(2)))]
        _ = cache.apply(page(events), started: Ticks.instant(1), at: Ticks.instant(1))
        for (ticket, copy) in [(cut, copy(a)), (ended, copy(anID(2), epoch: 1)), (alone, copy(anID(2), epoch: 1))] {
            let resolution = cache.complete(ticket, with: .live(copy), at: Ticks.instant(1), wall: Ticks.wall(1))
            guard case .refused(.revoked) = resolution else { throw SessionsError(.refused, "served") }
        }
        #expect(cache.copies.count == 0)
    }

    @Test("A save replaces the copy of the version it was made from, drops any other, and never creates one")
    func saves() throws {
        var cache = cache()
        cache.saved([9], of: a, replacing: 1, as: 2)
        #expect(cache.copies.count == 0)
        try fill(&cache, copy(a))
        cache.saved([9], of: a, replacing: 1, as: 2)
        guard case .serve(let copy, _) = cache.read(a, at: Ticks.instant(1)) else {
            throw SessionsError(.refused, "gone")
        }
        #expect(copy.session.version == 2)
        #expect(copy.session.payload.bytes == [9])
        #expect(cache.copies.value(of: a)?.usableUntil == Ticks.instant(3), "a save makes no copy younger")
        cache.saved([8], of: a, replacing: 1, as: 3)
        #expect(cache.copies.count == 0)
    }

    @Test("A flood of unknown ids takes no room from live sessions, and is itself bounded")
    func negativeFlood() throws {
        var cache = cache()
        try fill(&cache, copy(a))
        for number in 10..<10_000 {
            let ticket = try ticket(&cache, anID(number), 0)
            _ = cache.complete(ticket, with: .ended(nil), at: Ticks.instant(0), wall: Ticks.wall(0))
        }
        #expect(read(&cache, a, 0) == "serve")
        #expect(cache.negatives.byteCount <= settings.byteLimit / 16)
        #expect(read(&cache, anID(9_999), 0) == "refuse")
        #expect(read(&cache, anID(9_999), 1) == "load")
        #expect(cache.flights.count == 1)
    }

    @Test("Copies are bounded by bytes; the least recently used give way")
    func bytes() throws {
        var cache = cache()
        for number in 0..<100 { try fill(&cache, copy(anID(number), payload: 20_000)) }
        #expect(cache.copies.byteCount <= settings.byteLimit)
        let counters = cache.counters
        #expect(counters[.l1Entries] + counters[.l1EvictedBySize] == 100)
        #expect(counters[.l1Bytes] == Int64(cache.copies.byteCount))
        #expect(read(&cache, anID(99), 0) == "serve")
        #expect(read(&cache, anID(0), 0) == "load")
    }

    @Test("A node that follows no feed forgets, too, what it has revoked")
    func revokedWithoutFeed() {
        var cache = NodeCache(settings)
        for tick in 0..<100 {
            cache.markRevoked(anID(tick), at: Ticks.instant(tick))
            #expect(cache.revoked.contains(anID(tick)) && cache.revoked.count <= 5)
        }
    }

    @Test("Revoked ids are forgotten when no copy can turn up any more")
    func revokedIDsAreBounded() {
        var revoked = RevokedIDs()
        for tick in 0..<5000 {
            revoked.forget(at: Ticks.instant(tick))
            revoked.insert(anID(tick), hadCopy: false, until: Ticks.instant(tick + 10))
            revoked.insert(anID(tick / 2), hadCopy: true, until: Ticks.instant(tick + 10))
            #expect(revoked.count <= 20)
        }
        #expect(revoked.contains(anID(4999)))
        #expect(revoked.mark(of: anID(2499))?.hadCopy == true)
        revoked.forget(at: Ticks.instant(5010))
        #expect(revoked.count == 0)
    }
}
