internal import Sessions

/// What a verifier knows of revocations, and until when it may decide by that: a value, without clocks and without waiting.
///
/// What was read goes in, what to read next comes out; ``RevocationFollower`` is the shell around it. The test suite runs
/// every interleaving of this very type with a small store.
///
/// It says that a token is valid only while the feed's *lease* holds: until δ after the *start* of the last poll that read
/// the feed to its end. There is no lease before the feed has been read back over the longest life of a token: what was
/// denied before this process began may still be in circulation.
struct RevocationLedger: Sendable {
    typealias Instant = MonotonicInstant

    struct Settings: Sendable {
        /// δ.
        var lease: Duration
        /// How long an entry of the feed matters: the longest life of a token, its leeway, and the skew of clocks.
        var life: Duration
        /// Into how many parts the denied keys are divided.
        var parts = 256
    }

    /// What to read next.
    enum Step: Sendable, Equatable {
        /// The cut-offs and the position: ``RevocationLedger/reload(_:position:started:at:wall:)``.
        case reload
        /// A piece of the feed's past: ``RevocationLedger/takePast(_:at:wall:)``.
        case readBack(FeedHistory.Request)
        /// The feed past a position, which is the one before ``RevocationLedger/applied``:
        /// ``RevocationLedger/take(_:started:at:wall:)``.
        case poll(after: FeedPosition)
    }

    /// A past that the store has lost, or several: it went back in time, and goes on from there.
    struct LostPast: Sendable {
        /// What was issued after this position, and before it was noticed, is of that past.
        let after: FeedPosition
        let noticed: Timestamp
        /// The last of its tokens has died then.
        let until: Instant
    }

    let settings: Settings
    private(set) var denials: DenialSet
    private(set) var cutoffs = Cutoffs()
    /// How far the feed has been applied; `nil`: nothing is known yet.
    private(set) var applied: FeedPosition?
    /// The entry at ``applied``, once a page had it: where another stands there, the store went back in time.
    private(set) var lastEntry: FeedEntry?
    /// Until when it may decide.
    private(set) var leaseEnd: Instant?
    private var history: FeedHistory?
    private var generation: UInt64?
    private(set) var lostPast: LostPast?

    init(_ settings: Settings) {
        self.settings = settings
        denials = DenialSet(parts: settings.parts)
    }

    /// Whether it may say that a token is valid.
    func holdsLease(at now: Instant) -> Bool { leaseEnd.map { now < $0 } ?? false }

    /// What revocation says of a token.
    ///
    /// What is known to be denied stays so whether or not the lease holds.
    func verdict(on marks: TokenMarks, at now: Instant) -> TokenVerdict {
        if let denial = marks.denial, denials.contains(denial.key) { return .denied(.token) }
        if let session = marks.session, denials.contains(session) { return .denied(.session) }
        if cutoffs.refuse(epoch: marks.epoch, tenant: marks.tenant, user: marks.user, client: marks.client) {
            return .denied(.cutoff)
        }
        guard holdsLease(at: now) else { return .cannotTell }
        if let lostPast, lostPast.covers(marks, at: now) { return .denied(.lostPast) }
        return .valid
    }
}

// MARK: - Following the feed

extension RevocationLedger {
    /// What to read next.
    var next: Step {
        guard let applied else { return .reload }
        return history?.next.map { .readBack($0) } ?? .poll(after: applied.previous)
    }

    /// The cut-offs and the position have been read in one step.
    ///
    /// - Parameters:
    ///   - list: all of the cut-offs.
    ///   - position: from here on the feed tells the rest; what lies before is read back.
    ///   - started: just before the read began.
    ///   - now: when the answer is taken in.
    ///   - wall: the same moment, by the clock that entries carry.
    mutating func reload(
        _ list: [Cutoff], position: FeedPosition, started: Instant, at now: Instant, wall: Timestamp
    ) {
        cutoffs = Cutoffs(list)
        applied = position
        lastEntry = nil
        let past = FeedHistory(until: position, since: wall - settings.life)
        history = past
        if past.next == nil { renewLease(from: started) }
    }

    /// A piece of the past has been read.
    mutating func takePast(_ page: FeedPage, at now: Instant, wall: Timestamp) {
        guard let applied, page.end >= applied, isSamePast(page), !page.contradicts(lastEntry) else {
            return lose(page, at: now, wall: wall)
        }
        generation = page.generation
        lastEntry = page.entry(at: applied) ?? lastEntry
        for entry in history?.take(page) ?? [] {
            let left = entry.at + settings.life - wall
            if left > .zero { apply(entry, until: now + min(left, settings.life)) }
        }
    }

    /// The piece of the feed that ``next`` asked for has been read.
    ///
    /// - Parameters:
    ///   - page: what was read.
    ///   - started: just before the read began: the lease counts from here.
    ///   - now: when the answer is taken in.
    ///   - wall: the same moment, by the clock that tokens carry.
    /// - Returns: whether there is more to read at once.
    mutating func take(_ page: FeedPage, started: Instant, at now: Instant, wall: Timestamp) -> Bool {
        // A position that goes back, or that has another entry now, is a restored backup or a failover that lost the last
        // writes; one that was skipped is lost. Either way nothing is sure.
        guard let position = applied, page.end >= position, page.start <= position, isSamePast(page),
            !page.contradicts(lastEntry)
        else {
            lose(page, at: now, wall: wall)
            return true
        }
        generation = page.generation
        lastEntry = page.entry(at: position) ?? lastEntry
        for entry in page.entries where applied.map({ $0 < entry.position }) ?? false {
            apply(entry, until: now + settings.life)
            applied = entry.position
            lastEntry = entry
        }
        if let reached = applied, reached < page.end { return reached != position }
        renewLease(from: started)
        return false
    }

    /// Forgets a little of what no token in circulation can name any more.
    mutating func forget(at now: Instant) {
        denials.forget(at: now)
        if let past = lostPast, past.until <= now { lostPast = nil }
    }

    /// A session or a token of this key is known to have been ended, by this process.
    mutating func deny(_ key: IDHash, at now: Instant) { denials.insert(key, until: now + settings.life) }

    /// A cut-off is known, set by this process.
    mutating func insert(_ cutoff: Cutoff) { cutoffs.insert(cutoff) }

    /// From now on it says of no token that it is valid.
    mutating func stop() {
        applied = nil
        lastEntry = nil
        leaseEnd = nil
        history = nil
    }

    private mutating func apply(_ entry: FeedEntry, until moment: Instant) {
        switch entry.event {
        case .revoked(let id): denials.insert(id, until: moment)
        case .denied(let denial): denials.insert(denial.key, until: moment)
        case .cutoff(let cutoff): cutoffs.insert(cutoff)
        case .unknown: break
        }
    }

    private mutating func renewLease(from started: Instant) {
        guard history?.next == nil, settings.lease > .zero else { return }
        let end = started + settings.lease
        leaseEnd = max(end, leaseEnd ?? end)
    }

    /// Whether a page is of the past that was followed so far.
    private func isSamePast(_ page: FeedPage) -> Bool { generation.map { $0 == page.generation } ?? true }

    /// The position was lost: all is read again.
    ///
    /// What was denied stays denied. Cut-offs are read anew, because their epochs belong to the past.
    private mutating func lose(_ page: FeedPage, at now: Instant, wall: Timestamp) {
        if let position = applied, page.end < position {
            noteLoss(after: page.end, at: now, wall: wall)
        } else if page.contradicts(lastEntry) || !isSamePast(page) && lostPast == nil {
            // The feed has grown past our position since, and nobody knows from where: its entries tell, or somebody else
            // has noticed.
            noteLoss(after: FeedPosition(-1), at: now, wall: wall)
        }
        generation = page.generation
        stop()
    }

    /// The store has lost what came after a position.
    ///
    /// Where tokens of an earlier loss may still be alive both are one from the earlier position on: what was issued
    /// between the two is refused as well.
    private mutating func noteLoss(after position: FeedPosition, at now: Instant, wall: Timestamp) {
        var past = LostPast(after: position, noticed: wall, until: now + settings.life)
        if let old = lostPast, now < old.until {
            past = LostPast(
                after: min(position, old.after), noticed: max(wall, old.noticed), until: max(past.until, old.until))
        }
        lostPast = past
    }
}

extension RevocationLedger.LostPast {
    func covers(_ marks: TokenMarks, at now: MonotonicInstant) -> Bool {
        now < until && marks.epoch > after && marks.issued.map { $0 <= noticed } ?? true
    }
}
