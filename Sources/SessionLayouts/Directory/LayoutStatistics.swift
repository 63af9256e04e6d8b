internal import Sessions

/// Adds up sessions.
struct LayoutStatistics {
    private(set) var statistics = StoreStatistics()
    private let now: Timestamp
    private var users: Set<[UInt8]> = []

    /// Begins to count.
    ///
    /// - Parameters:
    ///   - now: the moment at which sessions are live.
    ///   - knowsDeadlines: whether the layout tells when a session ends: what isn't known is not never.
    init(now: Timestamp, knowsDeadlines: Bool) {
        self.now = now
        statistics.knowsDeadlines = knowsDeadlines
    }

    mutating func count(_ found: FoundSession) {
        switch found.row.standing(at: now) {
        case .revoked: statistics.revoked += 1
        case .expired: statistics.expired += 1
        case .live: countLive(found)
        }
    }

    private mutating func countLive(_ found: FoundSession) {
        let row = found.row
        statistics.addLive(found.isEndUnknown ? nil : row.deadlines, byteCount: row.byteCount ?? 0, at: now)
        // By bytes: a text's own equality joins canonical equivalents.
        if let user = row.user {
            users.insert(Array(user.utf8))
        } else if !found.isUserUnknown {
            statistics.anonymous += 1
        }
        statistics.users = users.count
    }
}
