import Sessions

/// Users and what their sessions add up to.
struct UserTally {
    /// One user's sessions together.
    struct User {
        /// Who; `nil`: the visitors who have not signed in.
        var name: String?
        /// How many sessions.
        var sessions = 0
        /// When any of them was last used.
        var lastSeen: Timestamp?
        /// When the first of them ends by itself.
        var expires: Timestamp?
        fileprivate(set) var nodes: Set<[UInt8]> = []
        fileprivate(set) var addresses: Set<[UInt8]> = []

        /// The user as a line of JSON.
        var json: JSONValue {
            let nodes = nodes.sorted { $0.lexicographicallyPrecedes($1) }
            return [
                "user": .text(name), "sessions": .integer(sessions), "lastSeen": .time(lastSeen),
                "expires": .time(expires), "nodes": .array(nodes.map { .string(String(decoding: $0, as: UTF8.self)) }),
                "ips": .integer(addresses.count),
            ]
        }
    }

    // By bytes: two names that only look alike are two users.
    private var users: [[UInt8]?: User] = [:]

    /// Counts a session.
    mutating func add(_ row: SessionRow) {
        func tally(_ user: inout User) {
            user.sessions += 1
            user.lastSeen = [user.lastSeen, row.seen].compactMap(\.self).max()
            user.expires = [user.expires, row.deadlines.nearest?.moment].compactMap(\.self).min()
            if let node = row.node { user.nodes.insert(Array(node.utf8)) }
            if let ip = row.ip { user.addresses.insert(Array(ip.utf8)) }
        }
        tally(&users[row.user.map { Array($0.utf8) }, default: User(name: row.user)])
    }

    /// The users, those with the most sessions first.
    var sorted: [User] {
        users.sorted { a, b in
            if a.value.sessions != b.value.sessions { return a.value.sessions > b.value.sessions }
            return (a.key ?? []).lexicographicallyPrecedes(b.key ?? [])
        }.map(\.value)
    }

    /// The members, and which of them a table shows.
    static let columns = [
        RecordColumn("user", heading: "USER"), RecordColumn("sessions", heading: "SESSIONS", .number),
        RecordColumn("lastSeen", heading: "LAST SEEN", .time), RecordColumn("expires", heading: "FIRST ENDS", .time),
        RecordColumn("ips", heading: "IPS", .number), RecordColumn("nodes", heading: "NODES"),
    ]
}
