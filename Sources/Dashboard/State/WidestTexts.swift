/// How much room the texts took of the rows that have been on the screen since a list was come to.
///
/// Its columns are as wide as these need: they grow, and don't go to and fro as rows come and go. Counted in bytes, since
/// no text takes more columns than that.
struct WidestTexts: Sendable, Equatable {
    private var user = 0
    private var ip = 0
    private var node = 0
    private var pin = 0
    private var agent = 0

    /// Takes a row into account.
    mutating func note(_ slot: SessionColumns.Slot, in columns: SessionColumns) {
        let place = Int(slot)
        user = max(user, columns.users.byteCount(of: columns.userNumbers[place]))
        ip = max(ip, columns.ips.byteCount(of: columns.ipNumbers[place]))
        node = max(node, columns.nodes.byteCount(of: columns.nodeNumbers[place]))
        pin = max(pin, columns.pins.byteCount(of: columns.pinNumbers[place]))
        agent = max(
            agent, columns.agents.withBytes(of: columns.agentNumbers[place]) { AgentSummary.roomFor($0) })
    }

    /// What a column's cells need; 0 where they all need the same.
    subscript(column: SessionColumn) -> Int {
        switch column {
        case .user: user
        case .ip: ip
        case .node: node
        // A sign may stand before it.
        case .pinned: pin == 0 ? 0 : pin + 2
        case .agent: agent
        case .handle, .ttl, .idle, .created, .size, .state: 0
        }
    }
}
