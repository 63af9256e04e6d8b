internal import Screen
internal import Sessions

/// What nodes hold in their own memory, and what of it is lost.
struct NodeMemory {
    private let nodes: [NodeReport]
    /// The moment that they are judged at.
    private let moment: Timestamp

    init(_ state: State) { (nodes, moment) = (state.fleet.nodes, state.nodesMoment) }

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
        guard !node.isAlive(at: moment) else { return nil }
        // What came to it after its last count is known by name alone.
        let held = max(Int(node.counters[.memorySessions]), node.missing.count)
        return held > 0 ? held : nil
    }

    /// The cell of a node: what is lost, and with a question mark what may be.
    func cell(_ node: NodeReport) -> Span {
        if let held = outOfReach(node) { return Span("\(Format.count(lost(node) + held))?", .flashError) }
        let lost = lost(node)
        return Span(Format.count(lost), lost > 0 ? .flashWarn : .text)
    }

    /// All sessions that are lost or may be, for the title; `nil`: none.
    var total: Int? {
        // A counter is bounded, but not how many nodes there are.
        let total = nodes.reduce(0) { min($0 + lost($1) + (outOfReach($1) ?? 0), Int(Counters.most)) }
        return total > 0 ? total : nil
    }

    /// A line for each node that is silent and held something, that lost something, or that is drained.
    var notes: [[Span]] {
        nodes.compactMap { node in
            if let held = outOfReach(node) {
                return note("lost? ", node, "\(Format.sessions(held)) when last seen, lost if it died", .stateRevoked)
            }
            if let drain = node.drain { return note("drain ", node, Self.words(of: drain), .flashWarn) }
            let lost = lost(node)
            return lost > 0 ? note("lost  ", node, Format.sessions(lost), .flashWarn) : nil
        }
    }

    private func note(_ label: String, _ node: NodeReport, _ words: String, _ role: Role) -> [Span] {
        let names = node.missing.prefix(20).map(Self.name).joined(separator: ", ")
        return [
            Span(label, .dim), Span(node.id, role), Span("  \(words)"), Span(names.isEmpty ? "" : ": \(names)", .dim),
        ]
    }

    /// What people call a session: its user and its handle.
    private static func name(_ session: NodeReport.MissingSession) -> String {
        let user = session.user.map { "\(Escaping.text($0)) " } ?? ""
        return "\(user)\(session.id.handle)"
    }

    /// How far a drain is.
    private static func words(of drain: DrainReport) -> String {
        var words = "\(Format.count(drain.left)) of \(Format.sessions(drain.found)) left"
        if drain.handedOver > 0 { words += ", \(Format.count(drain.handedOver)) handed over" }
        if drain.unanswered > 0 { words += ", \(Format.count(drain.unanswered)) unanswered" }
        if drain.left > 0 { words += "; lost when it stops" }
        return words
    }

    // MARK: - Which

    /// What the box beside a node's figures is about.
    func missingTitle(_ node: NodeReport) -> [Span] {
        if outOfReach(node) != nil {
            return [Span("Lost? ", .title), Span(" in the memory of \(node.id) when it was last seen", .dim)]
        }
        if node.drain != nil { return [Span("Drain ", .title), Span(" of \(node.id)", .dim)] }
        return [Span("Lost ", .title), Span(" with \(node.id)", .dim)]
    }

    /// Which sessions are lost, or may be; of a node that is drained, how far that is.
    func missingLines(_ node: NodeReport, in size: Size) -> [[Span]] {
        var lines: [[Span]] = []
        if let drain = node.drain, outOfReach(node) == nil {
            lines = [[Span(Self.words(of: drain))]]
            for (peer, why) in drain.failures.sorted(by: { $0.key < $1.key }) {
                lines.append([Span("\(Escaping.text(peer)): ", .dim), Span(Escaping.text(why), .flashWarn)])
            }
        } else if node.missing.isEmpty {
            let count = lost(node) + (outOfReach(node) ?? 0)
            lines = [[Span(count > 0 ? "\(Format.sessions(count)) that nobody looked at" : "nothing", .dim)]]
        }
        // However many peers refused, a line is left that says how many sessions are missing.
        if !node.missing.isEmpty { lines = Array(lines.prefix(max(0, size.rows - 1))) }
        let room = max(0, size.rows - lines.count)
        let shown = node.missing.count > room ? node.missing.prefix(max(0, room - 1)) : node.missing[...]
        lines += shown.map { session in
            [
                Span("\(session.id.handle)"), .space(2),
                session.user.map { Span(Escaping.text($0)) } ?? Span("anonymous", .dim),
            ]
        }
        let left = node.missing.count - shown.count
        guard left > 0 else { return lines }
        let words = shown.isEmpty ? "\(Format.sessions(left)) missing" : "and \(Format.count(left)) more"
        return lines + [[Span(words, .dim)]]
    }

    /// The lines of one node's box.
    func lines(_ node: NodeReport) -> [[Span]] {
        let counters = node.counters
        let held =
            "\(Format.sessions(Int(counters[.memorySessions]))), \(Format.bytes(Int(counters[.memoryBytes])))"
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
