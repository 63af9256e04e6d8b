internal import Screen
internal import Sessions

/// The hit rate of each node: a sum would hide one that is cold.
struct NodeRates {
    private let state: State
    private let glyphs: GlyphSet
    /// The columns of the names, and of the history.
    private let name: Int, history: Int

    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let inside = grid.frame(area, title: [Span("L1 by node", .title)]).inset(columns: 1, rows: 0)
        NodeRates(state: state, glyphs: grid.glyphs, width: inside.columns).draw(in: inside, on: &grid)
    }

    private init(state: State, glyphs: GlyphSet, width: Int) {
        (self.state, self.glyphs) = (state, glyphs)
        name = min(20, state.fleet.nodes.reduce(7) { max($0, TextWidth.of($1.id, limit: 20)) })
        let room = width - 1 - name - 3 * Self.rate - 4 * TableDrawing.gap(for: width)
        history = room < 10 ? 0 : min(60, room)
    }

    /// The columns of a rate.
    private static let rate = 7

    /// More nodes than this nobody compares by scrolling through them: the nodes' view lists all.
    private static let most = 60

    /// The rows that it takes to show all of the nodes, or as many as are shown at most.
    static func height(_ state: State) -> Int { min(nodes(state).count, most) + 3 }

    /// Whoever checks tokens alone has no L1.
    private static func nodes(_ state: State) -> [NodeReport] { state.fleet.nodes.filter { !$0.isVerifier } }

    private func draw(in area: Rect, on grid: inout Grid) {
        var table = TableDrawing(rules: rules)
        let nodes = Self.nodes(state)
        let rows = max(0, area.rows - 1)
        let shown = nodes.count > rows ? max(0, rows - 1) : nodes.count
        table.rows = nodes.prefix(shown).map(row)
        table.draw(in: area, on: &grid)
        if shown < nodes.count {
            let key = CommandTable[.nodes]?.keyLabels(limit: 1) ?? ""
            grid.write(
                [Span("+\(nodes.count - shown) nodes  ", .dim), Span(key, .key), Span(" shows all", .dim)],
                in: area.lastRow)
        }
        if nodes.isEmpty {
            let reason = state.store.capabilities.nodes.reason ?? "no node has reported"
            grid.write([Span(reason, .dim)], in: area.row(area.rows / 2), align: .center)
        }
    }

    private var rules: [ColumnRule] {
        let rates = RateWindow.allCases.map {
            ColumnRule(title: $0.label, alignment: .trailing, minimum: Self.rate, maximum: Self.rate)
        }
        return [ColumnRule(title: "NODE", minimum: name, maximum: name)] + rates
            + [ColumnRule(title: " LAST \(state.graphSpan.name)", minimum: history, maximum: history)]
    }

    private func row(_ node: NodeReport) -> TableDrawing.Row {
        let samples = [state.fleet.samples[node.id] ?? []]
        let rates = RateWindow.allCases.map { window -> Span in
            let counts = CounterWindow(samples, window: window.duration, now: state.now.wall, names: Tier.l1.lookups)
            let rate = HitRate(.l1, in: counts)
            return rate.ratio.map { .hitRate($0) } ?? Span(rate.text, .dim)
        }
        let values = HitHistory(
            samples, tier: .l1, steps: max(1, history - 1), span: state.graphSpan.duration, now: state.now.wall)
        let line = [Span].sparkline(
            values.values, columns: max(0, history - 1), range: values.range, role: .graphHit, glyphs: glyphs)
        let latest = values.values.last(where: \.isFinite) ?? 1
        let role: Role = node.isAlive(at: state.nodesMoment) ? .text : .stateRevoked
        return TableDrawing.Row(
            cells: [Span(node.id, role)] + rates + [Span(" " + line.map(\.text).joined(), Style(.graphHit).at(latest))])
    }
}
