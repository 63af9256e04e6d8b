import Sessions

/// A session as `list` prints it, at a moment.
struct SessionLine: Sendable {
    /// What the store says of it.
    let row: SessionRow
    /// The moment it is judged at.
    let now: Timestamp
    /// The layout of its store.
    let layout: String
    /// Whether the store is joined with a balancer.
    var isJoined = false

    /// How it stands.
    var state: SessionState { row.standing(at: now) }

    /// When it ends by itself unless it is used; `nil`: never.
    var expires: Timestamp? { row.deadlines.nearest?.moment }

    /// How long it still lives; zero where it has ended, `nil` where it never expires.
    var ttl: Duration? {
        guard state == .live else { return .zero }
        return expires.map { $0 - now }
    }

    /// The members, in the order of the contract; what isn't known is `null`.
    var members: [JSONValue.Member] {
        [
            .init("handle", .string("\(row.id.handle)")),
            .init("user", .text(row.user)),
            .init("state", .string(state.rawValue)),
            .init("created", .time(row.created)),
            .init("lastSeen", .time(row.seen)),
            .init("expires", .time(expires)),
            .init("ttl", .seconds(ttl)),
            .init("absoluteExpires", .time(row.deadlines.absolute)),
            .init("ip", .text(row.ip)),
            .init("agent", .text(row.agent)),
            .init("node", .text(row.node)),
            .init("bytes", .integer(row.byteCount)),
            .init("layout", .string(layout)),
        ] + pinned
    }

    /// Where a balancer sends it, and what it and the store disagree on; nothing where none was asked.
    private var pinned: [JSONValue.Member] {
        guard isJoined else { return [] }
        return [
            .init("pinned", .text(row.pin?.node)), .init("disagreement", .text(row.pinTrouble(at: now)?.rawValue)),
        ]
    }

    /// The session as a line of JSON.
    var json: JSONValue { .object(members) }

    /// What a balancer adds to them.
    static let joinedColumns = [
        RecordColumn("pinned", heading: "PINNED TO"), RecordColumn("disagreement", heading: "DISAGREEMENT"),
    ]

    /// The members, and which of them a table shows.
    static let columns = [
        RecordColumn("handle", heading: "HANDLE"), RecordColumn("user", heading: "USER"),
        RecordColumn("state", heading: "STATE"), RecordColumn("created"),
        RecordColumn("lastSeen", heading: "LAST SEEN", .time), RecordColumn("expires"),
        RecordColumn("ttl", heading: "TTL", .duration), RecordColumn("absoluteExpires"),
        RecordColumn("ip", heading: "IP"), RecordColumn("agent", heading: "AGENT", .long),
        RecordColumn("node", heading: "NODE"), RecordColumn("bytes", heading: "SIZE", .size),
        RecordColumn("layout"),
    ]
}
