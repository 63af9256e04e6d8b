public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// Where the changes of all nodes stand now.
    public func changePosition() async throws -> ChangePosition {
        let answers = try await ask { client in
            let fields = try await client.get("/v1/changes/position")
            return ChangeVectors.Place(
                process: try fields.time("process"), position: ChangePosition(try fields.integer("position")))
        }
        let places = answers.compactMap { index, answer in answer.success.map { (index, $0) } }
        return positions.withLock { $0.add(Dictionary(uniqueKeysWithValues: places)) }
    }

    /// The rows that changed at any node that answers.
    ///
    /// Where a node has begun anew, or answers that did not before, all rows must be read again: what it held is gone.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        guard let vector = positions.withLock({ $0[position] }) else {
            return RowChanges(rows: [], position: try await changePosition(), mustReload: true)
        }
        let speakers = book.withLock { $0.speakers }
        let share = min(max(1, limit / max(1, speakers.count)), NodeCursor.pageLimit)
        let answers = try await clientsAsked(speakers, vector, limit: share)
        guard answers.allSatisfy({ $0.answer.success?.isContinued ?? true }) else {
            return RowChanges(rows: [], position: try await changePosition(), mustReload: true)
        }
        var (next, merged) = (vector, RowChanges(rows: [], position: position))
        for (index, answer) in answers {
            guard let found = answer.success, let changes = found.changes else { continue }
            merged.rows += named(changes.rows, index)
            merged.removed += changes.removed
            book.withLock { $0.note(changes.rows, removed: changes.removed, of: index) }
            merged.hasMore = merged.hasMore || changes.hasMore
            next[index] = ChangeVectors.Place(process: found.process, position: changes.position)
        }
        // A session that moved was removed at one node and came to another.
        let here = Set(merged.rows.map(\.id))
        merged.removed.removeAll(where: here.contains)
        merged.position = next == vector ? position : positions.withLock { $0.add(next) }
        return merged
    }

    private struct Found: Sendable {
        let process: Timestamp
        /// `nil`: the node wasn't there when the vector was made, or isn't the same process.
        let changes: RowChanges?
        var isContinued: Bool { changes.map { !$0.mustReload } ?? false }
    }

    private func clientsAsked(
        _ speakers: [Int], _ vector: [Int: ChangeVectors.Place], limit: Int
    ) async throws -> [(index: Int, answer: Result<Found, SessionsError>)] {
        let places = Dictionary(uniqueKeysWithValues: speakers.map { (ObjectIdentifier(clients[$0]), vector[$0]) })
        return try await ask(speakers) { client in
            guard let place = places[ObjectIdentifier(client)] ?? nil else {
                let fields = try await client.get("/v1/changes/position")
                return Found(process: try fields.time("process"), changes: nil)
            }
            let query = [("after", "\(max(0, place.position.value))"), ("limit", "\(limit)")]
            let fields = try await client.get("/v1/changes", query)
            let process = try fields.time("process")
            guard process == place.process else { return Found(process: process, changes: nil) }
            return Found(process: process, changes: try RowChanges(json: fields.json, limit: limit))
        }
    }
}

/// The positions of several nodes behind one number.
struct ChangeVectors: Sendable {
    /// Where a process stands.
    struct Place: Sendable, Equatable {
        let process: Timestamp
        let position: ChangePosition
    }

    private var vectors: [Int64: [Int: Place]] = [:]
    private var last: Int64 = 0
    /// Whoever is further behind reads all again.
    private static let most: Int64 = 256

    subscript(position: ChangePosition) -> [Int: Place]? { vectors[position.value] }

    mutating func add(_ vector: [Int: Place]) -> ChangePosition {
        if vectors[last] == vector { return ChangePosition(last) }
        last += 1
        vectors[last] = vector
        vectors[last - Self.most] = nil
        return ChangePosition(last)
    }
}
