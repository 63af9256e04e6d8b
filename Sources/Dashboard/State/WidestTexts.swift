internal import Screen

/// How much room the texts took of the rows that have been on the screen since a list was come to.
///
/// Its columns are as wide as these need: they grow, and don't go to and fro as rows come and go.
struct WidestTexts: Sendable, Equatable {
    private var user = 0
    private var ip = 0
    private var node = 0
    private var pin = 0
    private var agent = 0

    /// Takes a row into account.
    mutating func note(_ slot: SessionColumns.Slot, in columns: SessionColumns) {
        let place = Int(slot)
        user = Self.grown(user, by: columns.userNumbers[place], in: columns.users)
        ip = Self.grown(ip, by: columns.ipNumbers[place], in: columns.ips)
        node = Self.grown(node, by: columns.nodeNumbers[place], in: columns.nodes)
        pin = Self.grown(pin, by: columns.pinNumbers[place], in: columns.pins)
        let number = columns.agentNumbers[place]
        if let room = columns.agents.withBytes(of: number, { AgentSummary.roomFor($0) }) {
            agent = max(agent, room)
        } else {
            agent = Self.grown(agent, by: number, in: columns.agents)
        }
    }

    /// No column gets more.
    private static let limit = SessionColumn.allCases.map { $0.rule(isWide: true).maximum }.max() ?? 0

    /// What is needed with one more text.
    ///
    /// - Parameters:
    ///   - known: what was needed so far.
    ///   - byteCount: the text's bytes: it takes no more columns, so most texts needn't be looked at.
    ///   - text: the text.
    /// - Returns: what is needed, so far as a column gets it.
    static func grown(_ known: Int, by byteCount: Int, _ text: () -> String?) -> Int {
        guard byteCount > known, known < limit, let text = text() else { return known }
        return max(known, TextWidth.of(text, limit: limit))
    }

    private static func grown(_ known: Int, by number: Interner.Number, in texts: Interner) -> Int {
        grown(known, by: texts.byteCount(of: number)) { texts.text(number) }
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
