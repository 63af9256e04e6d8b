internal import Sessions

/// Adds up sessions.
struct LayoutStatistics {
    private(set) var statistics = StoreStatistics()
    private let now: Timestamp
    private var users: Set<[UInt8]> = []

    init(now: Timestamp) { self.now = now }

    mutating func count(_ row: SessionRow) {
        switch row.standing(at: now) {
        case .revoked: statistics.revoked += 1
        case .expired: statistics.expired += 1
        case .live: countLive(row)
        }
    }

    private mutating func countLive(_ row: SessionRow) {
        statistics.sessions += 1
        statistics.payloadBytes += row.byteCount ?? 0
        // By bytes: a text's own equality joins canonical equivalents.
        if let user = row.user { users.insert(Array(user.utf8)) } else { statistics.anonymous += 1 }
        statistics.users = users.count
        guard let end = row.deadlines.nearest?.moment else { return statistics.withoutExpiry += 1 }
        if end <= now + .seconds(300) { statistics.expiringIn5Minutes += 1 }
        if end <= now + .seconds(3600) { statistics.expiringIn1Hour += 1 }
    }
}
