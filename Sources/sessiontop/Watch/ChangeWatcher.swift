import Sessions

/// Follows a store's changes and tells what each one was.
///
/// It keeps a few words of every session that is live, to tell a use from an extension, and a new session from an old one.
final class ChangeWatcher {
    private struct Known {
        var state: SessionState
        var seen: Timestamp?
        var deadlines: Deadlines
    }

    private let directory: any SessionDirectory
    private let time: TimeSource
    private var position: ChangePosition
    private var known: [IDHash: Known] = [:]
    /// By the second of their deadline: which sessions may expire then.
    ///
    /// Deadlines that moved leave entries behind.
    private var expiring: [Int64: [IDHash]] = [:]
    /// What was noticed and not told yet: where the store fails in the middle of a poll, it is told by the next.
    private var untold: [ChangeEvent] = []

    /// Reads what is there; what changes from now on is told by ``poll()``.
    init(directory: any SessionDirectory, time: TimeSource) async throws {
        self.directory = directory
        self.time = time
        position = try await directory.changePosition()
        let now = time.wall()
        try await directory.forEachRow { row in
            _ = note(row, at: now)
            return true
        }
    }

    /// How many sessions it knows.
    var count: Int { known.count { $0.value.state == .live } }

    /// What happened since the last call that succeeded.
    ///
    /// - Throws: ``SessionsError`` where the store gives no answer; nothing is lost, ask again.
    func poll() async throws -> [ChangeEvent] {
        var hasMore = true
        while hasMore {
            let changes = try await directory.changes(after: position, limit: 1000)
            let now = time.wall()
            if changes.mustReload {
                try await reload(at: now)
            } else {
                untold += changes.rows.compactMap { note($0, at: now) }
                untold += changes.removed.compactMap { remove($0, at: now) }
            }
            position = changes.position
            hasMore = changes.hasMore
        }
        try await noteExpirations(at: time.wall())
        defer { untold = [] }
        return untold
    }

    /// Takes in a row as it is now, and tells what happened to it.
    private func note(_ row: SessionRow, at now: Timestamp) -> ChangeEvent? {
        let state = row.standing(at: now)
        let before = known[row.id]
        known[row.id] = Known(state: state, seen: row.seen, deadlines: row.deadlines)
        if state == .live, before?.deadlines != row.deadlines, let end = row.deadlines.nearest?.moment {
            expiring[end.milliseconds / 1000, default: []].append(row.id)
        }
        return Self.kind(row, state, before).map { ChangeEvent(kind: $0, at: now, id: row.id, row: row) }
    }

    private static func kind(_ row: SessionRow, _ state: SessionState, _ before: Known?) -> ChangeEvent.Kind? {
        guard let before else {
            return switch state {
            case .live: .created
            case .revoked: .revoked
            case .expired: .expired
            }
        }
        if state != before.state { return state == .revoked ? .revoked : state == .expired ? .expired : .changed }
        // What has ended is only tidied up any more.
        guard state == .live else { return nil }
        if row.seen != before.seen { return .seen }
        return row.deadlines != before.deadlines ? .extended : .changed
    }

    private func remove(_ id: IDHash, at now: Timestamp) -> ChangeEvent? {
        known.removeValue(forKey: id).map { _ in ChangeEvent(kind: .removed, at: now, id: id, row: nil) }
    }

    /// The store can't tell what changed: everything is read again and compared.
    private func reload(at now: Timestamp) async throws {
        var gone = Set(known.keys)
        try await directory.forEachRow { row in
            gone.remove(row.id)
            let before = known[row.id]
            let event = note(row, at: now)
            if let event, event.kind != .changed || before?.state != row.standing(at: now) { untold.append(event) }
            return true
        }
        untold += gone.sorted().compactMap { remove($0, at: now) }
    }

    /// Deadlines come without a change in the store.
    private func noteExpirations(at now: Timestamp) async throws {
        for second in expiring.keys.filter({ $0 < now.milliseconds / 1000 }).sorted() {
            for id in expiring[second] ?? [] where known[id]?.state == .live {
                guard let row = try await directory.detail(id)?.row, let event = note(row, at: now) else { continue }
                if event.kind != .changed { untold.append(event) }
            }
            // Not before: where the store fails in between, they are looked at again.
            expiring[second] = nil
        }
    }
}
