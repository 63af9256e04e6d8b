internal import Sessions

/// The live sessions of one node as they were last read: who would be lost with it.
struct SeenSessions: Sendable {
    /// More aren't remembered: the count is known all the same.
    static let most = 10_000
    /// So many are told.
    static let mostShown = 1_000

    private struct Seen: Sendable {
        let user: String?
        let used: Timestamp?
        let end: Timestamp?
    }

    private var sessions: [IDHash: Seen] = [:]

    /// Takes in what was read.
    mutating func note(_ rows: [SessionRow], removed: some Sequence<IDHash>) {
        for id in removed { sessions[id] = nil }
        for row in rows {
            if row.state != .live {
                sessions[row.id] = nil
            } else if sessions.count < Self.most || sessions[row.id] != nil {
                sessions[row.id] = Seen(user: row.user, used: row.seen ?? row.created, end: row.end)
            }
        }
    }

    /// Those that haven't ended, the latest used first, and users' before visitors'.
    func list(at now: Timestamp) -> [NodeReport.MissingSession] {
        sessions.filter { $0.value.end.map { $0 > now } ?? true }.sorted { a, b in
            if (a.value.user == nil) != (b.value.user == nil) { return b.value.user == nil }
            let (first, second) = (a.value.used?.milliseconds ?? 0, b.value.used?.milliseconds ?? 0)
            return first == second ? a.key < b.key : first > second
        }.map { NodeReport.MissingSession(id: $0.key, user: $0.value.user) }
    }
}
