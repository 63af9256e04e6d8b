/// Adds up rows.
package struct StatisticsCounter {
    let now: Timestamp
    private var users = UserCount()
    private var counts = StoreStatistics()

    /// Counts what is live at a moment.
    package init(now: Timestamp) { self.now = now }

    /// What was counted.
    package var statistics: StoreStatistics {
        var statistics = counts
        statistics.users = users.count
        return statistics
    }

    /// Adds a row, where a cut-off ends it or not.
    package mutating func count(_ row: StoredRow, cut: Revocation?) {
        switch row.standing(at: now, cut: cut) {
        case .revoked: counts.revoked += 1
        case .expired: counts.expired += 1
        case .live: countLive(row)
        }
    }

    private mutating func countLive(_ row: StoredRow) {
        counts.addLive(row.deadlines, byteCount: row.byteCount, at: now)
        if let user = row.user { users.insert(user) } else { counts.anonymous += 1 }
    }
}
