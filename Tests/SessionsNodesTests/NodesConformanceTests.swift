import SessionTesting
import Sessions
import SessionsNodes
import Testing

@Suite("A node over its admin API")
struct NodesConformanceTests {
    @Test("It keeps the contract of directories", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        let fixture = StoreFixture(forgetsCutoffs: false) { time, body in
            let clocks = TimeSource(wall: TimeSource.system.wall, monotonic: time.monotonic, sleep: time.sleep)
            try await AdminFleet.with([RemoteStore.node], time: clocks) { fleet, directory in
                let store = RemoteStore(memory: fleet[RemoteStore.node].store, directory: directory)
                try await body(store, store)
            }
        }
        try await clause.check(fixture)
    }
}

/// The service's plane in the process, the operator's plane over HTTP.
///
/// What nodes publish is told by each node of itself, and tried elsewhere.
private struct RemoteStore: SessionStore, SessionDirectory {
    /// The node that serves all this publishes reports of its own, which are not the conformance suite's.
    static let node = "itself"

    let memory: MemoryStore
    let directory: NodesDirectory

    var description: StoreDescription { directory.description }
    var capabilities: Capabilities { directory.capabilities }

    func insert(_ session: Session) async throws { try await memory.insert(session) }
    func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? { try await memory.load(id, at: now) }
    func touch(_ touches: [Touch]) async throws -> [TouchOutcome] { try await memory.touch(touches) }
    func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome { try await memory.save(payload, of: id, replacing: version, at: now) }
    func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome { try await memory.rotate(id, to: successor, reason: reason, at: now) }
    func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try await memory.revoke(id, by: by, reason: reason, at: now)
    }
    func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        try await memory.cutOff(scope, by: by, reason: reason, at: now)
    }
    func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) { try await memory.cutoffs() }
    func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        try await memory.feed(after: position, limit: limit)
    }
    func feedNews() -> AsyncStream<Void> { memory.feedNews() }
    func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        try await memory.beginGeneration(after: known, at: now)
    }
    func publish(_ report: NodeReport) async throws { try await memory.publish(report) }
    func nodes() async throws -> [NodeReport] {
        try await memory.nodes().filter { $0.id != Self.node }
    }
    func samples(since moment: Timestamp) async throws -> [CounterSample] {
        try await memory.samples(since: moment).filter { $0.node != Self.node }
    }
    func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        try await memory.purge(retention, at: now)
    }

    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        try await directory.rows(after: cursor, limit: limit)
    }
    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try await directory.changes(after: position, limit: limit)
    }
    func changePosition() async throws -> ChangePosition { try await directory.changePosition() }
    func detail(_ id: IDHash) async throws -> SessionDetail? { try await directory.detail(id) }
    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await directory.find(prefix, limit: limit)
    }
    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await directory.sessions(ofUser: user, at: now)
    }
    func statistics(at now: Timestamp) async throws -> StoreStatistics { try await directory.statistics(at: now) }
    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await directory.audit(after: number, limit: limit)
    }
    func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await memory.deny(denials, at: now)
    }
    func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        try await directory.deny(denials, order: order)
    }
    func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        try await directory.cutOff(scope, order: order)
    }
    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try await directory.revoke(target, order: order)
    }
    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await directory.extend(ids, to: deadline, order: order)
    }
    func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await directory.record(
            action, target: target, count: count, result: result, outcomes: outcomes, order: order)
    }
}
