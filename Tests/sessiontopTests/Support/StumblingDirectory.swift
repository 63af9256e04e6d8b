import Sessions
import Synchronization

/// A store that gives small pages, and no more answers than it is told to.
final class StumblingDirectory: SessionDirectory {
    private let store: any SessionDirectory
    private let pageSize: Int
    private let left = Mutex<Int?>(nil)

    init(_ store: any SessionDirectory, pageSize: Int) { (self.store, self.pageSize) = (store, pageSize) }

    /// From now on so many questions are answered, and none after them; `nil`: all are.
    func answer(_ count: Int?) { left.withLock { $0 = count } }

    private func answering() throws {
        let isLeft = left.withLock { left in
            guard let count = left else { return true }
            left = max(0, count - 1)
            return count > 0
        }
        guard isLeft else { throw SessionsError(.unavailable, "the test said so: no store today") }
    }

    var description: StoreDescription { store.description }
    var capabilities: Capabilities { store.capabilities }

    func detail(_ id: IDHash) async throws -> SessionDetail? {
        try answering()
        return try await store.detail(id)
    }
    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        try answering()
        return try await store.rows(after: cursor, limit: min(limit, pageSize))
    }
    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try answering()
        return try await store.changes(after: position, limit: min(limit, pageSize))
    }
    func changePosition() async throws -> ChangePosition { try await store.changePosition() }
    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await store.find(prefix, limit: limit)
    }
    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await store.sessions(ofUser: user, at: now)
    }
    func statistics(at now: Timestamp) async throws -> StoreStatistics { try await store.statistics(at: now) }
    func nodes() async throws -> [NodeReport] { try await store.nodes() }
    func samples(since moment: Timestamp) async throws -> [CounterSample] { try await store.samples(since: moment) }
    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await store.audit(after: number, limit: limit)
    }
    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try await store.revoke(target, order: order)
    }
    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await store.extend(ids, to: deadline, order: order)
    }
    func record(_ action: AuditAction, target: String, count: Int, order: Order) async throws {
        try await store.record(action, target: target, count: count, order: order)
    }
}
