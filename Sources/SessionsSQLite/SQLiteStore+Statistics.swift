internal import GRDB
public import Sessions

/// Counting.
extension SQLiteStore {
    /// Counts over the whole store, in one pass of a reader.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        try await readers.snapshot { [namespaceNumber, knownCutoffs] db in
            var counter = TableCounter(cutoffs: try db.cutoffs(in: namespaceNumber, knownCutoffs), now: now)
            try db.run(TableCounter.query, [.integer(namespaceNumber)]) {
                try counter.count($0)
                return true
            }
            return counter.statistics
        }
    }
}

/// Adds up the rows of a statement.
private struct TableCounter {
    static let query = """
        SELECT state, idle_deadline, absolute_deadline, user, length(payload), epoch, tenant, client
        FROM sessions NOT INDEXED CROSS JOIN payloads ON session = number WHERE ns = ?1
        """

    let cutoffs: Cutoffs
    let now: Timestamp
    private var users = UserCount()
    private var counts = StoreStatistics()

    init(cutoffs: Cutoffs, now: Timestamp) {
        self.cutoffs = cutoffs
        self.now = now
    }

    var statistics: StoreStatistics {
        var statistics = counts
        statistics.users = users.count
        return statistics
    }

    mutating func count(_ columns: Columns) throws {
        let deadlines = Deadlines(idle: columns.optionalMoment(1), absolute: columns.optionalMoment(2))
        switch try columns.state(0).standing(at: now, isCut: isCut(columns), deadlines) {
        case .revoked: counts.revoked += 1
        case .expired: counts.expired += 1
        case .live: countLive(deadlines, columns)
        }
    }

    private func isCut(_ columns: Columns) -> Bool {
        let epoch = columns.position(5)
        guard epoch < cutoffs.latest else { return false }
        return cutoffs.refuse(
            epoch: epoch, tenant: columns.optionalText(6), user: columns.optionalText(3),
            client: columns.optionalText(7))
    }

    private mutating func countLive(_ deadlines: Deadlines, _ columns: Columns) {
        counts.addLive(deadlines, byteCount: Int(columns.integer(4)), at: now)
        if columns.withBytes(3, { users.insert($0) }) == nil { counts.anonymous += 1 }
    }
}
