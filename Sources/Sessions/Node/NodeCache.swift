/// What a node remembers of sessions, and when it may decide by that: a value, without clocks and without waiting.
///
/// Events go in, actions come out; ``ServiceNode`` is the shell that performs them. A read goes L1 → database; a shared
/// cache (L2) stands between the two, where ``ReadAction/load(_:)`` is performed: ``consult(_:at:)``. The test suite runs
/// every interleaving of this very type with a small database and a small shared cache.
///
/// It decides only while the feed's *lease* holds: until δ after the *start* of the last poll that read the feed to its
/// end. A database read fills L1 only if nothing has invalidated the session since the read began.
struct NodeCache: Sendable {
    typealias Instant = MonotonicInstant

    struct Settings: Sendable {
        /// δ.
        var lease: Duration
        /// t1.
        var copyLife: Duration
        var negativeLife: Duration
        var byteLimit: Int
        /// The shortest time between two recorded uses of a user's session.
        var touchInterval: Duration
        /// The same for a session without a user; `nil`: it doesn't differ.
        var anonymousTouchInterval: Duration?
        /// How long a revoked id is remembered: the longest life of a copy in any cache, and the lag of one that fails over.
        var revokedLife: Duration
        /// How a shared cache is used; `nil`: there is none.
        var shared: SharedTier.Settings?

        func touchInterval(of session: Session) -> Duration {
            session.user == nil ? anonymousTouchInterval ?? touchInterval : touchInterval
        }
    }

    /// A live session in L1.
    struct Entry: Sendable {
        let copy: SessionCopy
        let loadedAt: Instant
        /// When the copy is of no use any more: its age, or its deadline.
        ///
        /// That a deadline has passed here proves nothing, since touches don't rewrite copies: the database is asked.
        let usableUntil: Instant
        /// When the next use is to be recorded.
        var touchDue: Instant
        /// How many cut-offs had come when this copy was last compared with all of them: ``NodeCache/cutoffsTaken``.
        var judged: UInt64

        /// Until when it may be served without a second thought.
        var plainUntil: Instant { min(usableUntil, touchDue) }
    }

    /// That an id has no live session.
    struct Negative: Sendable {
        let state: SessionState?
        let usableUntil: Instant
    }

    let settings: Settings
    var copies: RecencyMap<Entry>
    var negatives: RecencyMap<Negative>
    var revoked = RevokedIDs()
    /// The reads under way that may fill L1, and may be joined: by id, the number of the ticket.
    var flights: [IDHash: UInt64] = [:]
    var lastTicket: UInt64 = 0

    /// How far the feed has been applied; `nil`: nothing is known, ``reload(_:position:started:at:since:)`` first.
    var applied: FeedPosition?
    /// The entry at ``applied``, once a page had it.
    var lastEntry: FeedEntry?
    /// Until when it may decide.
    var leaseEnd: Instant?
    var cutoffs = Cutoffs()
    /// How many cut-offs have come since the node began, ever more: a copy that was compared when there were as many was
    /// compared with all.
    ///
    /// Their epochs won't do for that. This node's own cut-off comes in before the feed has told of earlier ones.
    var cutoffsTaken: UInt64 = 0
    /// What is known of the shared cache; `nil`: there is none.
    var shared: SharedTier?

    /// What is counted rarely; the rest are plain numbers, for a hit's sake.
    var rare = Counters()
    private(set) var hits: Int64 = 0
    private var strayedHits: Int64 = 0
    private var touchesDue: Int64 = 0

    init(_ settings: Settings) {
        self.settings = settings
        copies = RecencyMap(byteLimit: settings.byteLimit)
        negatives = RecencyMap(byteLimit: settings.byteLimit / 16)
        shared = settings.shared.map { SharedTier($0) }
    }

    /// Whether it may decide at a moment.
    func holdsLease(at now: Instant) -> Bool { leaseEnd.map { now < $0 } ?? false }

    /// Everything counted so far.
    var counters: Counters {
        var counters = rare
        counters[.served] += hits
        counters[.requests] = counters[.served] + counters[.refused] + counters[.errors]
        counters[.l1Hit] += hits
        counters[.strayed] += strayedHits
        counters[.touchesThrottled] = counters[.served] - touchesDue
        counters[.l1Entries] = Int64(copies.count)
        counters[.l1Bytes] = Int64(copies.byteCount)
        counters[.l2Pending] = Int64(shared?.debts.count ?? 0)
        return counters
    }
}

// MARK: - Reading

extension NodeCache {
    /// A read of the database under way.
    struct FillTicket: Sendable, Hashable {
        let id: IDHash
        let number: UInt64
        /// Whether its answer may be kept; not where it began without the lease.
        let mayFill: Bool
        /// The oldest version that a copy in a shared cache may be of.
        var oldest = Int64.min
    }

    /// What a request has to do.
    enum ReadAction: Sendable {
        /// Serve it from this copy; record the use where it is due.
        case serve(SessionCopy, touchIsDue: Bool)
        /// Refuse it.
        case refuse(SessionState?)
        /// Wait for the read with this ticket.
        case join(FillTicket)
        /// Read the database, then ``complete(_:with:at:wall:)`` or ``fail(_:wasAsked:)``.
        case load(FillTicket)
    }

    /// What the database said.
    enum Found: Sendable {
        /// A live session.
        case live(SessionCopy)
        /// No live session.
        case ended(SessionState?)
    }

    /// What became of a request that went to the shared cache or the database.
    enum Resolution: Sendable {
        /// Serve it; record the use where it is due.
        case live(SessionCopy, touchIsDue: Bool, from: Tier)
        /// Refuse it.
        case refused(SessionState?)
    }

    /// The copy of a session, where it may be served as it is and there is nothing else to do.
    ///
    /// ``read(_:at:)`` begins with it, and a node asks it first, by itself: what most requests need is a look-up and two
    /// comparisons.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - oldest: the oldest version that will do.
    ///   - now: when it is asked for.
    /// - Returns: `nil` where that isn't so; then nothing is counted.
    mutating func recall(_ id: IDHash, notBefore oldest: Int64 = .min, at now: Instant) -> SessionCopy? {
        guard let leaseEnd, now < leaseEnd, let place = copies.place(of: id) else { return nil }
        let cutoffsTaken = cutoffsTaken
        let found = copies.use(place) { entry in
            entry.judged == cutoffsTaken && now < entry.plainUntil ? entry.copy : nil
        }
        guard let found, found.session.version >= oldest else { return nil }
        hits += 1
        if found.isStray { strayedHits += 1 }
        return found
    }

    /// A request asks for a session.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - oldest: the oldest version that will do.
    ///   - mayJoin: whether another's read will do, which may have begun before this request did.
    ///   - now: when it is asked for.
    /// - Returns: what to do.
    mutating func read(
        _ id: IDHash, notBefore oldest: Int64 = .min, mayJoin: Bool = true, at now: Instant
    ) -> ReadAction {
        if let copy = recall(id, notBefore: oldest, at: now) { return .serve(copy, touchIsDue: false) }
        guard holdsLease(at: now) else {
            rare[.l1Bypassed] += 1
            return .load(ticket(id, notBefore: oldest, mayFill: false))
        }
        if let place = copies.place(of: id), let action = hit(place, id, notBefore: oldest, at: now) { return action }
        if let state = knownEnd(of: id, at: now) {
            rare[.refused] += 1
            if state == nil { rare[.suspicious] += 1 }
            return .refuse(state)
        }
        rare[.l1Miss] += 1
        if let number = flights[id] {
            guard mayJoin else { return .load(ticket(id, notBefore: oldest, mayFill: false)) }
            rare[.l1Coalesced] += 1
            return .join(FillTicket(id: id, number: number, mayFill: true))
        }
        let ticket = ticket(id, notBefore: oldest, mayFill: true)
        flights[id] = ticket.number
        return .load(ticket)
    }

    /// The database has answered.
    mutating func complete(_ ticket: FillTicket, with found: Found, at now: Instant, wall: Timestamp) -> Resolution {
        let isCurrent = land(ticket)
        if ticket.mayFill, !isCurrent { rare[.l1FillRefused] += 1 }
        switch found {
        case .live(let copy):
            rare[.databaseHit] += 1
            // The answer may be older than what the feed has told since.
            if revoked.contains(ticket.id) || cutoffs.refuse(copy.session) { return .refused(.revoked) }
            return keep(copy, from: .database, isCurrent: isCurrent, at: now, wall: wall)
        case .ended(let state):
            rare[.databaseMiss] += 1
            if isCurrent { putNegative(ticket.id, state, at: now) }
            return .refused(state)
        }
    }

    /// A live session was found: it is kept in L1 where it may be, and its use recorded where that is due.
    mutating func keep(
        _ copy: SessionCopy, from tier: Tier, isCurrent: Bool, at now: Instant, wall: Timestamp
    ) -> Resolution {
        let interval = settings.touchInterval(of: copy.session)
        let wait = copy.session.seen + interval - wall
        let touchIsDue = wait <= .zero
        if isCurrent { fill(copy, touchDue: now + (touchIsDue ? interval : wait), at: now, wall: wall) }
        return .live(copy, touchIsDue: touchIsDue, from: tier)
    }

    /// The database has not answered, or was not asked after all.
    ///
    /// Nothing is remembered of it.
    mutating func fail(_ ticket: FillTicket, wasAsked: Bool) {
        if wasAsked { rare[.databaseError] += 1 }
        _ = land(ticket)
    }

    /// A request that went to the database, itself or with another, has been answered.
    mutating func settle(_ resolution: Resolution) {
        switch resolution {
        case .live(let copy, let touchIsDue, _):
            rare[.served] += 1
            if copy.isStray { rare[.strayed] += 1 }
            if touchIsDue { touchesDue += 1 }
        case .refused(let state):
            rare[.refused] += 1
            if state == nil { rare[.suspicious] += 1 }
        }
    }

    private mutating func hit(
        _ place: Int, _ id: IDHash, notBefore oldest: Int64, at now: Instant
    ) -> ReadAction? {
        guard var entry = copies.use(place), now < entry.usableUntil else {
            copies.remove(id)
            rare[.l1EvictedByAge] += 1
            return nil
        }
        if entry.judged != cutoffsTaken {
            guard !cutoffs.refuse(entry.copy.session) else { return stop(id, at: now) }
            entry.judged = cutoffsTaken
            copies.update(place, entry)
        }
        guard entry.copy.session.version >= oldest else {
            copies.remove(id)
            rare[.copiesBehind] += 1
            return nil
        }
        let touchIsDue = entry.touchDue <= now
        if touchIsDue {
            entry.touchDue = now + settings.touchInterval(of: entry.copy.session)
            copies.update(place, entry)
            touchesDue += 1
        }
        hits += 1
        if entry.copy.isStray { strayedHits += 1 }
        return .serve(entry.copy, touchIsDue: touchIsDue)
    }

    /// A request met a copy that a cut-off has ended.
    private mutating func stop(_ id: IDHash, at now: Instant) -> ReadAction {
        copies.remove(id)
        putNegative(id, .revoked, at: now)
        rare[.l1Stopped] += 1
        rare[.refused] += 1
        return .refuse(.revoked)
    }

    /// The state of a session that is known not to be live; `nil`: nothing is known of it.
    private mutating func knownEnd(of id: IDHash, at now: Instant) -> SessionState?? {
        if let mark = revoked.mark(of: id) {
            rare[mark.hadCopy ? .l1Stopped : .l1NegativeHit] += 1
            return .some(.revoked)
        }
        guard let place = negatives.place(of: id), let negative = negatives.use(place) else { return nil }
        guard now < negative.usableUntil else {
            negatives.remove(id)
            return nil
        }
        rare[.l1NegativeHit] += 1
        return .some(negative.state)
    }

    private mutating func ticket(_ id: IDHash, notBefore oldest: Int64, mayFill: Bool) -> FillTicket {
        lastTicket += 1
        return FillTicket(id: id, number: lastTicket, mayFill: mayFill, oldest: oldest)
    }

    /// Ends a flight; whether its answer may be kept.
    private mutating func land(_ ticket: FillTicket) -> Bool {
        guard flights[ticket.id] == ticket.number else { return false }
        flights[ticket.id] = nil
        return ticket.mayFill
    }

    private mutating func fill(_ copy: SessionCopy, touchDue: Instant, at now: Instant, wall: Timestamp) {
        let age = now + settings.copyLife
        let usable = copy.session.deadlines.nearest.map { min(age, now + ($0.moment - wall)) } ?? age
        let entry = Entry(copy: copy, loadedAt: now, usableUntil: usable, touchDue: touchDue, judged: cutoffsTaken)
        rare[.l1EvictedBySize] += Int64(copies.insert(entry, for: copy.session.id, byteCount: copy.byteCount))
    }

    mutating func putNegative(_ id: IDHash, _ state: SessionState?, at now: Instant) {
        negatives.insert(Negative(state: state, usableUntil: now + settings.negativeLife), for: id, byteCount: 128)
    }
}
