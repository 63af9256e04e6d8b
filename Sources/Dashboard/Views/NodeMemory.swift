internal import Screen
internal import Sessions

/// What nodes hold in their own memory, and what of it is lost.
struct NodeMemory {
    private let nodes: [NodeReport]
    private let now: Timestamp

    init(_ state: State) { (nodes, now) = (state.fleet.nodes, state.now.wall) }

    /// Whether any node holds sessions of its own: then no node has an L1 beside them.
    var isUsed: Bool { nodes.contains { node in Self.names.contains { node.counters[$0] != 0 } } }

    private static let names: [Counters.Name] = [
        .memorySessions, .memoryBytes, .memoryEvicted, .memoryRefused, .memoryHandedOver, .memoryUnanswered,
        .memoryAdopted, .memoryLost,
    ]

    /// What a node has lost so far: to make room, on the way to another node, and with earlier processes.
    func lost(_ node: NodeReport) -> Int {
        [.memoryEvicted, .memoryUnanswered, .memoryLost].reduce(0) { $0 + Int(node.counters[$1]) }
    }

    /// What a node held when it was last seen, where it is silent now; `nil`: it isn't.
    func outOfReach(_ node: NodeReport) -> Int? {
        let isSilent = !node.isAlive(at: now)
        return isSilent && node.counters[.memorySessions] > 0 ? Int(node.counters[.memorySessions]) : nil
    }

    /// The cell of a node: what is lost, and with a question mark what may be.
    func cell(_ node: NodeReport) -> Span {
        if let held = outOfReach(node) { return Span("\(Format.count(lost(node) + held))?", .flashError) }
        let lost = lost(node)
        return Span(Format.count(lost), lost > 0 ? .flashWarn : .text)
    }

    /// All sessions that are lost or may be, for the title; `nil`: none.
    var total: Int? {
        let total = nodes.reduce(0) { $0 + lost($1) + (outOfReach($1) ?? 0) }
        return total > 0 ? total : nil
    }

    /// A line for each node that is silent and held something.
    var notes: [[Span]] {
        nodes.compactMap { node in
            outOfReach(node).map { held in
                let sessions = held == 1 ? "1 session was" : "\(Format.count(held)) sessions were"
                return [
                    Span("lost? ", .dim), Span(node.id, .stateRevoked),
                    Span("   \(sessions) in its memory when it was last seen: lost if it died", .dim),
                ]
            }
        }
    }

    /// The lines of one node's box.
    func lines(_ node: NodeReport) -> [[Span]] {
        let counters = node.counters
        let held =
            "\(Format.count(Int(counters[.memorySessions]))) sessions, \(Format.bytes(Int(counters[.memoryBytes])))"
        func line(_ label: String, _ parts: [(String, Counters.Name, Role)]) -> [Span] {
            let figures = parts.map { name, counter, role -> [Span] in
                let count = Int(counters[counter])
                return [Span("\(name) ", .dim), Span(Format.count(count), count > 0 ? role : .text)]
            }
            return [Span(label.padded(10), .dim)] + .joined(figures, by: .space(2))
        }
        return [
            [Span("holds".padded(10), .dim), Span(held, outOfReach(node) == nil ? .text : .flashError)],
            line(
                "lost",
                [
                    ("evicted", .memoryEvicted, .flashWarn), ("unanswered", .memoryUnanswered, .flashWarn),
                    ("earlier", .memoryLost, .flashError),
                ]),
            line("passed on", [("to others", .memoryHandedOver, .text), ("from others", .memoryAdopted, .text)]),
            line("no room", [("refused", .memoryRefused, .flashError)]),
        ]
    }
}
