internal import Screen
internal import Sessions

/// The hit rate of each node: a sum would hide one that is cold.
enum NodeRates {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let inside = grid.frame(area, title: [Span("L1 by node", .title)]).inset(columns: 1, rows: 0)
        var table = TableDrawing(rules: rules)
        let shown = state.fleet.nodes.prefix(max(0, inside.rows - 1))
        table.rows = shown.map { node in row(node, state, width: inside.columns, glyphs) }
        table.draw(in: inside, on: &grid)
        if state.fleet.nodes.isEmpty {
            let reason = state.store.capabilities.nodes.reason ?? "no node has reported"
            grid.write([Span(reason, .dim)], in: inside.row(inside.rows / 2), align: .center)
        }
    }

    private static let rules = [
        ColumnRule(title: "NODE", minimum: 7, maximum: 20),
        ColumnRule(title: "10s", alignment: .trailing, minimum: 6, maximum: 8),
        ColumnRule(title: "1m", alignment: .trailing, minimum: 6, maximum: 8),
        ColumnRule(title: "15m", alignment: .trailing, minimum: 6, maximum: 8, drop: 1),
        ColumnRule(title: "15m ago to now", minimum: 14, maximum: 30, drop: 2),
    ]

    private static func row(
        _ node: NodeReport, _ state: State, width: Int, _ glyphs: GlyphSet
    ) -> TableDrawing.Row {
        let samples = [state.fleet.samples[node.id] ?? []]
        let isAlive = node.isAlive(at: state.now.wall)
        let rates = RateWindow.allCases.map { window -> Span in
            let counts = CounterWindow(samples, window: window.duration, now: state.now.wall, names: Tier.l1.lookups)
            let rate = HitRate(.l1, in: counts)
            return rate.ratio.map { Span(Format.percent($0), .graphHit) }
                ?? Span("\(glyphs.unknown) (\(rate.lookups))", .dim)
        }
        let history = HitHistory(
            samples, tier: .l1, steps: 30, span: RateWindow.quarter.duration, now: state.now.wall)
        let spark = [Span].sparkline(
            history.values, columns: 30, range: history.floor...1, role: .graphHit, glyphs: glyphs)
        return TableDrawing.Row(
            cells: [Span(node.id, isAlive ? .text : .stateRevoked)] + rates + [
                Span(spark.map(\.text).joined(), .graphHit)
            ])
    }
}
