import Sessions
import Synchronization

/// A store that gives small pages, and no more answers than it is told to.
final class StumblingDirectory: PassingDirectory {
    let inner: any SessionDirectory
    private let pageSize: Int
    private let left = Mutex<Int?>(nil)

    init(_ store: any SessionDirectory, pageSize: Int) { (inner, self.pageSize) = (store, pageSize) }

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

    func detail(_ id: IDHash) async throws -> SessionDetail? {
        try answering()
        return try await inner.detail(id)
    }

    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        try answering()
        return try await inner.rows(after: cursor, limit: min(limit, pageSize))
    }

    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try answering()
        return try await inner.changes(after: position, limit: min(limit, pageSize))
    }
}
