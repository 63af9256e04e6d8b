internal import Sessions

/// Which sessions ended lately, by user: they are in no list any more, and access tokens of theirs may live.
struct RecentEndings: Sendable {
    private struct Ending: Sendable {
        var user: UserKey
        var id: IDHash
        var at: Timestamp
    }

    /// So many are kept; of more, the younger half.
    static let limit = 20_000

    private var endings: [Ending] = []
    private var known: Set<IDHash> = []
    /// Whether some were dropped for want of room.
    private(set) var hasDropped = false

    /// Takes note of rows that have ended.
    mutating func note(_ rows: [SessionRow], at now: Timestamp) {
        for row in rows where row.user != nil && row.state != .live {
            guard let end = row.end, now - end < UserTokens.longestToken, known.insert(row.id).inserted else {
                continue
            }
            endings.append(Ending(user: UserKey(row.user), id: row.id, at: end))
        }
        if endings.count > Self.limit { makeRoom(at: now) }
    }

    /// A user's, where an access token may live.
    func ids(of user: UserKey, at now: Timestamp) -> [IDHash] {
        endings.compactMap { $0.user == user && now - $0.at < UserTokens.longestToken ? $0.id : nil }
    }

    private mutating func makeRoom(at now: Timestamp) {
        endings.removeAll { now - $0.at >= UserTokens.longestToken }
        if endings.count > Self.limit {
            endings.sort { $0.at < $1.at }
            endings.removeFirst(endings.count - Self.limit / 2)
            hasDropped = true
        }
        known = Set(endings.map(\.id))
    }
}
