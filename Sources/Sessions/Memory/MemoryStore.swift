internal import Synchronization

/// Sessions in this process's memory: for services that may lose them with the process, and for tests.
///
/// All of it is one value behind a lock, so every function is atomic. Nothing outlives the process. A service gives it
/// ``MemoryLimits`` and runs it as a ``StickyNode``; see <doc:StickySessions>.
public final class MemoryStore: SessionStore, SessionDirectory, Sendable {
    /// What this store is.
    public let description: StoreDescription
    /// What this store can do: everything.
    public let capabilities = Capabilities.all

    private let namespace: String
    let time: TimeSource
    let state: Mutex<MemoryState>
    /// Each lands when some sessions that are on their way to another node have arrived or come back.
    let crossings = Mutex<[Landing<Void>]>([])
    private let news = FeedNews()
    private let silentNodes = SilentNodes()
    private let heldCutoffs = HeldCutoffs()
    /// How many sessions a purge looks at in one go: requests wait no longer than that takes.
    private static let purgeStep = 1_000

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - namespace: what payloads are sealed for.
    ///   - limits: how much it may hold; `nil`: whatever the machine has, which is for tests alone.
    ///   - time: where time comes from.
    public init(namespace: String = "default", limits: MemoryLimits? = nil, time: TimeSource = .system) {
        self.namespace = namespace
        self.time = time
        state = Mutex(MemoryState(limits: limits))
        description = StoreDescription(url: "memory:\(namespace)", software: "memory", layout: "native")
    }

    /// Everything that it holds now, as one value.
    var backup: MemoryState { state.withLock { $0 } }

    /// Goes back in time to an earlier ``backup``.
    func restore(_ backup: MemoryState) { state.withLock { $0 = backup } }

    /// Makes a change that may be told by the feed.
    func tellingFeed<Result: Sendable>(_ change: (inout MemoryState) throws -> Result) rethrows -> Result {
        let (result, position) = try state.withLock { (try change(&$0), $0.feedEnd) }
        news.tell(upTo: position)
        return result
    }

    /// Makes a change that must find every session: not before those that are on their way have arrived or come back.
    private func settled<Result: Sendable>(_ change: (inout MemoryState) throws -> Result) async throws -> Result {
        while true {
            let result = try tellingFeed { try $0.isHandingOver ? nil : change(&$0) }
            if let result { return result }
            try Task.checkCancellation()
            // Whichever lands first: it is looked again whether others are under way.
            try await crossings.withLock { $0.first }?.value()
        }
    }
}

// MARK: - The request path

extension MemoryStore {
    /// Creates a session.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the id is taken.
    public func insert(_ session: Session) async throws {
        try state.withLock { try $0.insert(session) }
    }

    /// Reads one session, with its standing at a moment.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        try state.withLock { state in
            try state.requirePresence(of: id)
            return state.session(id).map { LoadedSession(session: $0, standing: state.standing(of: $0, at: now)) }
        }
    }

    /// Records that sessions were used.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        try state.withLock { state in
            // All or none: what waits is written the next time.
            if touches.contains(where: { state.records[$0.id]?.isLeaving == true }) { throw SessionsError.isLeaving }
            return touches.map { state.touch($0) }
        }
    }

    /// Writes a new payload, where the session is live and has the version that was read.
    public func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        try state.withLock { state in
            try state.requirePresence(of: id)
            return try state.save(payload, of: id, replacing: version, at: now)
        }
    }

    /// Ends a session and creates its successor.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the new id is taken; then the old session is untouched.
    public func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome {
        try tellingFeed { state in
            try state.requirePresence(of: id)
            return try state.rotate(id, to: successor, reason: reason, at: now)
        }
    }

    /// Ends one session, for good.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try tellingFeed { state in
            try state.requirePresence(of: id)
            let outcome = state.revoke(id, Revocation(at: now, by: by, reason: reason)).outcome
            return Revoked(outcome: outcome, position: state.feedEnd)
        }
    }

    /// Sets a cut-off.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        try await settled { $0.cutOff(scope, Revocation(at: now, by: by, reason: reason)) }
    }

    /// Denies single tokens.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        tellingFeed { state in
            state.deny(denials, at: now)
            return state.feedEnd
        }
    }

    /// All cut-offs in force, and the feed's position they were read at.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        state.withLock { ($0.cutoffs.all, $0.feedEnd) }
    }

    /// Reads the feed past a position, in order.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        state.withLock { $0.feedPage(after: position, limit: limit) }
    }

    /// Wakes whoever follows the feed.
    public func feedNews() -> AsyncStream<Void> { news.follow() }

    /// Begins a new generation of copies in shared caches, unless a later one has begun already.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        state.withLock { $0.beginGeneration(after: known, at: now) }
    }

    /// Publishes what a node has applied and counted.
    public func publish(_ report: NodeReport) async throws {
        state.withLock { $0.publish($0.withMemory(report)) }
    }

    /// What every node has published.
    public func nodes() async throws -> [NodeReport] {
        state.withLock { $0.nodeReports }
    }

    /// Removes what nobody needs any more.
    ///
    /// The memory of a ``StickyNode`` keeps the latest cut-off of each scope: others may hand sessions over to it.
    ///
    /// - Returns: how many sessions were removed.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        var removed = 0
        for ids in state.withLock({ $0.places.map(\.id) }).slices(of: Self.purgeStep) {
            try Task.checkCancellation()
            removed += state.withLock { $0.purge(ids, retention, at: now) }
        }
        state.withLock { $0.trim(retention, heldCutoffs, at: now) }
        let silent = try await silentNodes.look(at: self, retention, by: time)
        state.withLock { $0.removeNodes(silent) }
        return removed
    }
}

// MARK: - The operator's plane

extension MemoryStore {
    /// A page of all rows, in the order in which they were made.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        state.withLock { $0.rows(after: cursor, limit: limit) }
    }

    /// The rows that changed since a position.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        state.withLock { $0.changes(after: position, limit: limit) }
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition {
        state.withLock { ChangePosition($0.changeEnd) }
    }

    /// One session with its payload.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        state.withLock { $0.detail(id, namespace: namespace) }
    }

    /// The sessions whose handle begins so, in the order of handles.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        state.withLock { Array($0.records.keys.filter(prefix.matches).sorted().prefix(max(0, limit))) }
    }

    /// The live sessions of one user, the oldest first.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        state.withLock { $0.live(coveredBy: .user(user), at: now).map(\.id) }
    }

    /// Counts over the whole store.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        state.withLock { $0.statistics(at: now) }
    }

    /// The samples of every node's counters since a moment.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        state.withLock { $0.samples.filter { $0.at >= moment } }
    }

    /// The audit log's entries after a number, in order.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        state.withLock { Array($0.audit.drop { $0.number <= number }.prefix(max(0, limit))) }
    }

    /// Some of the outcomes beside an entry, in order.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        let kept = state.withLock { $0.auditOutcomes[number] }
        return kept.map { AuditOutcomePage(of: $0, after: place, limit: limit) }
    }

    /// Ends sessions, for good, with one entry in the audit log.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        let (outcomes, position) = try await settled { ($0.revoke(target, order), $0.feedEnd) }
        return RevokeReceipt(outcomes: outcomes, position: position, durable: time.monotonic())
    }

    /// Denies single tokens, with one entry in the audit log.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        let position = tellingFeed { state in
            state.deny(denials, order)
            return state.feedEnd
        }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Sets a cut-off, with one entry in the audit log.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        if let target = RevokeTarget(scope) { return try await revoke(target, order: order) }
        let position = tellingFeed { state in
            state.cutOff(scope, order)
            return state.feedEnd
        }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Moves idle deadlines later, with one entry in the audit log.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await settled { $0.extend(ids, to: deadline, order) }
    }

    /// Adds an entry to the audit log.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        state.withLock { $0.audit(action, target: target, count: count, result: result, outcomes, order) }
    }
}
