import Sessions

/// Judges from outside whether anything was served that could no longer be: it trusts the feed and what the nodes
/// publish, and nothing that the nodes compute.
///
/// A revoke or cut-off counts as *effective* from the earliest moment at which anybody could have said so: when every
/// node has published that it applied it, or when the longest lease, and 1 % for drift, has passed since the commit. A
/// value without I/O.
struct RevocationAudit: Sendable {
    typealias Instant = MonotonicInstant

    /// A request that was served.
    struct Use: Sendable {
        /// The session.
        var id: IDHash
        /// Its user.
        var user: String?
        /// The feed's position when the session was issued.
        var epoch: FeedPosition
        /// Taken before the request was given to the node.
        var start: Instant
    }

    /// What was found so far.
    struct Findings: Sendable, Equatable {
        /// Entries of the feed that were seen: sign-outs and rotations, too.
        var entries = 0
        /// Requests that were served though they started after the revoke of their session was effective.
        var servedAfterEffective = 0
        /// Requests that were served after the revoke was seen to be durable, and not yet effective.
        var servedBeforeEffective = 0
        /// Sessions that had been served, were ended by the feed, and then refused.
        var sessionsRefused = 0
        /// The longest time from an order that ended a session, by the clock that its entry carries, to the start of a
        /// request that was served all the same.
        var longestService = Duration.zero
    }

    /// Two looks further apart than this mean that the process was stopped in between.
    static let longestGap = Duration.milliseconds(500)
    /// A commit is at most so much later than the time that its entry carries, where the store could be written.
    static let slowestCommit = Duration.milliseconds(500)
    /// A node that lives and can write publishes at least so often.
    static let slowestHeartbeat = Duration.seconds(2)
    /// So many of the requests served last are judged again when an entry is seen late.
    static let memory = 1 << 15
    /// So many sessions are remembered.
    static let mostSessions = 1 << 18

    /// What was found so far.
    private(set) var findings = Findings()
    /// The last entry that was read.
    private(set) var position: FeedPosition
    private let own: Set<String>
    private var looked: Instant
    private var longestLease: Duration
    private var sessions: [IDHash: Ending] = [:]
    private var order: [IDHash] = []
    private var cutoffs: [[UInt8]: [Ending]] = [:]
    private var pending: [Pending] = []
    private var lastUses: [IDHash: Use] = [:]
    private var recent: [Use] = []
    private var oldest = 0
    /// The last uses of sessions that were refused before their ending was read here; counted when it is.
    private var early: [Use] = []

    /// When something was ended.
    private struct Ending {
        /// Earlier sessions are refused; for a single session, its own entry.
        var position: FeedPosition
        var ordered: Instant
        var seen: Instant
        var effective: Instant
    }

    /// An entry that isn't effective yet.
    private struct Pending {
        var event: FeedEntry.Event
        var position: FeedPosition
        var bound: Instant
    }

    /// Begins after a position of the feed.
    ///
    /// - Parameters:
    ///   - position: entries after it are judged.
    ///   - lease: δ, of the nodes that are known from the start.
    ///   - own: the nodes of this process, which are stopped when it is.
    ///   - now: just after the position was read.
    init(after position: FeedPosition, lease: Duration, own: Set<String>, at now: Instant) {
        self.position = position
        self.own = own
        looked = now
        longestLease = lease
    }

    /// Whether something that was ended isn't effective yet.
    var isWaiting: Bool { !pending.isEmpty }

    /// Takes what was read in one look: the nodes' reports, then the feed past ``position``.
    ///
    /// - Parameters:
    ///   - nodes: what the nodes have published.
    ///   - page: a piece of the feed.
    ///   - now: just after both were read.
    ///   - wall: the same moment by the clock that entries and reports carry.
    mutating func look(_ nodes: [NodeReport], _ page: FeedPage, at now: Instant, wall: Timestamp) {
        take(nodes, at: now)
        let trustsEntries = couldBeWritten(nodes, since: wall - (now - looked), until: wall)
        looked = now
        for entry in page.entries where entry.position > position {
            // The entry was there when it was read, so its commit was no later than now.
            let ordered = min(now, now - (wall - entry.at))
            let bound = (trustsEntries ? min(now, ordered + Self.slowestCommit) : now) + longestLease * 1.01
            findings.entries += 1
            let ending = Ending(position: entry.position, ordered: ordered, seen: now, effective: bound)
            insert(ending, for: entry.event)
            pending.append(Pending(event: entry.event, position: entry.position, bound: bound))
            position = entry.position
        }
        guard !page.entries.isEmpty else { return }
        for use in recent {
            guard let ending = ending(of: use), ending.seen == now else { continue }
            note(use, after: ending)
            // Only what was seen late, after a stop, can have come into effect before it was seen.
            if ending.effective < use.start { findings.servedAfterEffective += 1 }
        }
        let unexplained = early.filter { ending(of: $0) == nil }
        findings.sessionsRefused += early.count - unexplained.count
        early = unexplained
    }

    /// Whether this process was stopped since the last look while others could write.
    ///
    /// A process that is stopped within a transaction keeps everybody from writing; then commits are much later than the
    /// times that their entries carry. Others' signs of life from the midst of the stop rule that out.
    private func couldBeWritten(_ nodes: [NodeReport], since last: Timestamp, until now: Timestamp) -> Bool {
        guard now - last > Self.longestGap else { return false }
        return nodes.contains { node in
            !own.contains(node.id) && node.heartbeat > last + Self.slowestHeartbeat && node.heartbeat < now
        }
    }

    private mutating func take(_ nodes: [NodeReport], at now: Instant) {
        let serving = nodes.filter { $0.status != .stopped }
        longestLease = serving.compactMap(\.lease).reduce(longestLease, max)
        let applied = serving.compactMap(\.applied).min()
        for entry in pending where applied.map({ $0 >= entry.position }) ?? false { advance(entry, to: now) }
        pending.removeAll { entry in now >= entry.bound || applied.map { $0 >= entry.position } ?? false }
    }

    /// A request was served.
    mutating func served(_ use: Use) {
        remember(use)
        guard let ending = ending(of: use) else { return }
        note(use, after: ending)
        if use.start > ending.effective {
            findings.servedAfterEffective += 1
        } else if use.start > ending.seen {
            findings.servedBeforeEffective += 1
        }
    }

    /// A request was refused.
    mutating func refused(_ id: IDHash) {
        guard let use = lastUses.removeValue(forKey: id) else { return }
        guard ending(of: use) == nil else {
            findings.sessionsRefused += 1
            return
        }
        if early.count >= Self.memory { early.removeFirst(Self.memory / 2) }
        early.append(use)
    }

    private mutating func note(_ use: Use, after ending: Ending) {
        if use.start > ending.ordered {
            findings.longestService = max(findings.longestService, use.start - ending.ordered)
        }
    }

    private mutating func insert(_ ending: Ending, for event: FeedEntry.Event) {
        switch event {
        case .revoked(let id):
            guard sessions[id] == nil else { return }
            sessions[id] = ending
            order.append(id)
            if order.count > 2 * Self.mostSessions { forgetOldest() }
        case .cutoff(let cutoff):
            cutoffs[Self.key(cutoff.scope), default: []].append(ending)
        case .denied, .unknown: break
        }
    }

    private mutating func forgetOldest() {
        for id in order.prefix(Self.mostSessions) { sessions[id] = nil }
        order.removeFirst(Self.mostSessions)
    }

    /// Everybody has applied an entry before its bound.
    private mutating func advance(_ entry: Pending, to now: Instant) {
        func advance(_ ending: inout Ending) {
            if ending.position == entry.position { ending.effective = min(ending.effective, now) }
        }
        switch entry.event {
        case .revoked(let id):
            if var ending = sessions[id] {
                advance(&ending)
                sessions[id] = ending
            }
        case .cutoff(let cutoff):
            let key = Self.key(cutoff.scope)
            for index in cutoffs[key, default: []].indices { advance(&cutoffs[key, default: []][index]) }
        case .denied, .unknown: break
        }
    }

    /// The ending of a request's session that was effective first.
    private func ending(of use: Use) -> Ending? {
        var endings = cutoffs[Self.key(.everyone)] ?? []
        if let user = use.user { endings += cutoffs[Self.key(.user(user))] ?? [] }
        endings.removeAll { $0.position <= use.epoch }
        if let own = sessions[use.id] { endings.append(own) }
        return endings.min { $0.effective < $1.effective }
    }

    private mutating func remember(_ use: Use) {
        if lastUses.count >= Self.mostSessions { lastUses = [:] }
        lastUses[use.id] = use
        if recent.count < Self.memory {
            recent.append(use)
        } else {
            recent[oldest] = use
            oldest = (oldest + 1) % Self.memory
        }
    }

    /// Scopes are compared by bytes: `String` would join names that are canonically equivalent.
    private static func key(_ scope: CutoffScope) -> [UInt8] { Array("\(scope.kind):\(scope.key)".utf8) }
}
