internal import Screen
internal import Sessions

/// The nodes: whether they live, what they carry, what they count, and how far they have applied the feed.
enum NodesView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let (list, detail) = parts(state, area)
        if !detail.isEmpty, let node = current(state) {
            if let server = node.server {
                ServerDetail.draw(node, server, state, in: detail, on: &grid)
            } else {
                NodeDetail.draw(node, state, in: detail, on: &grid)
            }
        }
        drawList(state, in: list, on: &grid)
    }

    /// How many nodes there is room for in an area.
    static func rows(_ state: State, in area: Rect) -> Int { listed(in: parts(state, area).0) }

    private static func current(_ state: State) -> NodeReport? {
        state.fleet.nodes.first { $0.id == state.fleet.cursor }
    }

    /// The list and, where there is room, the node under the cursor below it.
    private static func parts(_ state: State, _ area: Rect) -> (Rect, Rect) {
        let hasDetail = area.rows >= 14 + NodeDetail.height && current(state) != nil
        return area.split(rows: hasDetail ? area.rows - NodeDetail.height : area.rows)
    }

    /// Whether there is room for what holds for all nodes together.
    private static func hasNotes(_ list: Rect) -> Bool { list.rows >= 14 }

    private static func listed(in list: Rect) -> Int { TableDrawing.rows(in: list) - (hasNotes(list) ? 4 : 0) }

    private static func drawList(_ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let fleet = state.fleet
        let scroll = Scroll(
            top: fleet.top, height: listed(in: area), total: fleet.nodes.count,
            keeping: fleet.nodes.firstIndex { $0.id == fleet.cursor })
        let share = NodeShare(fleet)
        var table = table(fleet.nodes[scroll.range], state, share, glyphs)
        let inside = grid.frame(
            area, title: title(state, glyphs), footer: table.footer(scroll, in: area, glyphs),
            isFocused: state.overlay == nil)
        table.firstPlace = scroll.first
        table.draw(in: inside, on: &grid)
        guard fleet.nodes.isEmpty else {
            if hasNotes(area) { notes(state, share, below: scroll, in: inside, on: &grid) }
            return
        }
        let reason =
            state.store.capabilities.nodes.reason ?? (fleet.readAt == nil ? "reading nodes" : "no node has reported")
        grid.write([Span(reason, .dim)], in: inside.dropFirst(1 + (inside.rows - 1) / 3).row(0), align: .center)
    }

    /// What a balancer tells of nodes, or what they publish themselves.
    private static func table(
        _ nodes: ArraySlice<NodeReport>, _ state: State, _ share: NodeShare, _ glyphs: GlyphSet
    ) -> TableDrawing {
        guard share.isOfServers else {
            let memory = NodeMemory(state)
            var table = TableDrawing(rules: NodeRow.rules(nodes, inMemory: memory.isUsed))
            table.rows = nodes.map {
                NodeRow($0, state: state, share: share, memory: memory, glyphs: glyphs).drawn
            }
            return table
        }
        var table = TableDrawing(rules: ServerRow.rules)
        table.rows = nodes.map { node in
            let server = node.server ?? BalancedServer(backend: "", name: node.id, address: "", words: "")
            return ServerRow(node, server, state: state, share: share, glyphs: glyphs).drawn
        }
        return table
    }

    private static func title(_ state: State, _ glyphs: GlyphSet) -> [Span] {
        let nodes = state.fleet.nodes
        let down = nodes.count { !$0.isAlive(at: state.nodesMoment) && !$0.status.isTakenOut }
        let isBalanced = nodes.contains { $0.server != nil }
        var spans = [Span("Nodes ", .title), Span(Format.count(nodes.count))]
        if down > 0 {
            spans += [
                .space(3), Span("\(glyphs.ended) \(Format.count(down)) \(isBalanced ? "down" : "silent")", .flashError),
            ]
        }
        if let lost = NodeMemory(state).total {
            spans += [.space(3), Span("\(Format.count(lost)) lost or out of reach", .flashError)]
        }
        if isBalanced { return spans }
        return spans + [.space(3), Span("rates over ", .dim), Span(state.fleet.window.label)]
    }

    /// What holds for all nodes together, under the last of them.
    private static func notes(
        _ state: State, _ share: NodeShare, below scroll: Scroll, in inside: Rect, on grid: inout Grid
    ) {
        let area = inside.dropFirst(scroll.end - scroll.first + 2).inset(columns: 1, rows: 0)
        var lines = NodeMemory(state).notes
        if let skew = share.skew {
            lines.append([
                Span("skew ", .dim), Span(Format.decimal(skew)),
                Span("   the fullest node's sessions over the mean", .dim),
            ])
        }
        if let furthest = state.fleet.nodes.compactMap(\.applied).max() {
            lines.append([
                Span("feed ", .dim), Span("\(furthest)"),
                Span("   the furthest position that any node has applied", .dim),
            ])
        }
        grid.write(lines, in: area)
    }
}

/// How the sessions are spread over the nodes.
struct NodeShare {
    private let sessions: [String: Int]
    /// Whether a balancer tells who is bound to which node.
    let isOfServers: Bool
    /// All sessions that some node serves.
    let total: Int
    /// The largest over the mean; `nil`: no sessions.
    let skew: Double?

    init(_ fleet: Fleet) {
        sessions = fleet.sessions
        isOfServers = fleet.nodes.contains { $0.server != nil }
        let counts = fleet.nodes.compactMap { node -> Int? in
            if let server = node.server { return server.pinned }
            let count = fleet.sessions[node.id] ?? 0
            // Whoever takes no sessions has no share of them.
            return count == 0 && (node.isVerifier || node.status == .stopped) ? nil : count
        }
        total = counts.reduce(0, +)
        skew = total > 0 ? Double(counts.max() ?? 0) * Double(counts.count) / Double(total) : nil
    }

    /// The part of all that so many sessions are; `nil`: there are none.
    func part(of count: Int) -> Double? { total > 0 ? Double(count) / Double(total) : nil }

    /// A node's sessions and their part of all; `nil`: none are known, or it holds none.
    func of(_ node: NodeReport) -> (count: Int, share: Double)? {
        let count = sessions[node.id] ?? 0
        guard total > 0, count > 0 || !node.isVerifier else { return nil }
        return (count, Double(count) / Double(total))
    }
}
