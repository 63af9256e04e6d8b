internal import Screen
internal import Sessions

/// Hit rates, counts and latencies: as figures, and over the last quarter of an hour.
enum StatsView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let figures = StatsFigures(state: state, glyphs: grid.glyphs)
        guard state.hasCounters else { return drawWithoutCounters(state, figures, in: area, on: &grid) }
        let isWide = area.columns >= 160
        let hitRates: Box = ("Hit rate", figures.hitRates)
        let lowest = 6
        let height = figures.hasL2 ? lowest + 1 : lowest
        let (top, rest) = area.split(rows: isWide ? height : height + lowest)
        let cells = isWide ? top.sideBySide(4) : top.prefix(height).sideBySide(2) + top.dropFirst(height).sideBySide(2)
        draw([hitRates] + boxes(figures), in: cells, on: &grid)
        drawGraphs(state, in: rest, on: &grid)
    }

    /// A title, and the lines for a width.
    private typealias Box = (title: String, lines: (Int) -> [[Span]])

    /// What can be told of every store.
    private static func boxes(_ figures: StatsFigures) -> [Box] {
        [("Sessions", figures.sessions), ("Time to live", figures.timesToLive), ("Store", figures.store)]
    }

    private static func draw(_ boxes: [Box], in cells: [Rect], on grid: inout Grid) {
        for (cell, box) in zip(cells, boxes) {
            let inside = grid.frame(cell, title: [Span(box.title, .title)]).inset(columns: 1, rows: 0)
            grid.write(box.lines(inside.columns), in: inside)
        }
    }

    /// A store whose nodes count nothing has no hit rates, and no graphs of them.
    private static func drawWithoutCounters(
        _ state: State, _ figures: StatsFigures, in area: Rect, on grid: inout Grid
    ) {
        let height = 6
        let isWide = area.columns >= 120
        let (top, rest) = area.split(rows: isWide ? height : 2 * height)
        let cells = isWide ? top.sideBySide(3) : top.prefix(height).sideBySide(2) + [top.dropFirst(height)]
        draw(boxes(figures), in: cells, on: &grid)
        let graphs = rest.sideBySide(2)
        StatsGraphs.sessions(state, in: graphs[0], on: &grid)
        StatsGraphs.latency(state, in: graphs[1], on: &grid)
    }

    private static func drawGraphs(_ state: State, in area: Rect, on grid: inout Grid) {
        guard area.rows >= 16 else {
            let cells = area.sideBySide(2)
            StatsGraphs.hits(state, in: cells[0], on: &grid)
            NodeRates.draw(state, in: cells[1], on: &grid)
            return
        }
        let (upper, lower) = area.split(rows: max(area.rows * 2 / 5, 8))
        StatsGraphs.hits(state, in: upper, on: &grid)
        let cells = lower.sideBySide(area.columns >= 160 ? 3 : 2)
        NodeRates.draw(state, in: cells[0], on: &grid)
        StatsGraphs.sessions(state, in: cells[1], on: &grid)
        if cells.count > 2 { StatsGraphs.latency(state, in: cells[2], on: &grid) }
    }
}

/// The graphs of the last quarter of an hour.
enum StatsGraphs {
    static func hits(_ state: State, in area: Rect, on grid: inout Grid) {
        let inside = grid.frame(area, title: [Span("L1 hit rate", .title), Span("  of all nodes", .dim)])
        hitRate(state.fleet.histories, state, in: inside, on: &grid)
    }

    /// The hit rate of L1 by what some nodes counted.
    static func hitRate(_ samples: [[CounterSample]], _ state: State, in inside: Rect, on grid: inout Grid) {
        let span = state.graphSpan
        let history = HitHistory(
            samples, tier: .l1, steps: GraphBox.steps(in: inside.columns, state.graphs), span: span.duration,
            now: state.now.wall)
        GraphBox(
            values: history.values, range: history.range, label: GraphBox.percent, span: span,
            marks: state.graphs, role: .graphHit, colors: 0...1
        ).draw(in: inside, on: &grid)
    }

    static func sessions(_ state: State, in area: Rect, on grid: inout Grid) {
        let inside = grid.frame(area, title: [Span("Live sessions", .title)])
        let values = series(state, steps: GraphBox.steps(in: inside.columns, state.graphs)) { Double($0.sessions) }
        GraphBox(
            values: values, range: 0...ceiling(values), label: { Format.shortCount(Int($0)) },
            span: state.graphSpan, marks: state.graphs, role: .stateActive
        ).draw(in: inside, on: &grid)
    }

    static func latency(_ state: State, in area: Rect, on grid: inout Grid) {
        let inside = grid.frame(area, title: [Span("Poll", .title), Span("  how long the store took", .dim)])
        let values = series(state, steps: GraphBox.steps(in: inside.columns, state.graphs)) {
            $0.latency.map { Double($0.microseconds) } ?? .nan
        }
        GraphBox(
            values: values, range: 0...ceiling(values), label: { Format.latency(microseconds: Int($0)) },
            span: state.graphSpan, marks: state.graphs, role: .graphLatency
        ).draw(in: inside, on: &grid)
    }

    /// A round number not below any value.
    static func ceiling(_ values: [Double]) -> Double {
        let most = values.filter(\.isFinite).max() ?? 0
        guard most > 10 else { return 10 }
        var unit = 1.0
        while unit * 10 <= most { unit *= 10 }
        return [1, 1.5, 2, 3, 5, 7.5].map { $0 * unit }.first { $0 >= most } ?? unit * 10
    }

    /// The points of the polls in equal steps of time; a gap where polls failed, and before the first.
    static func series(
        _ state: State, steps: Int, _ value: (StatisticsHistory.Point) -> Double
    ) -> [Double] {
        guard steps > 0 else { return [] }
        var values = Array(repeating: Double.nan, count: steps)
        let span = state.graphSpan.duration
        let start = state.now.monotonic - span
        let step = span.inSeconds / Double(steps)
        var previous: Int?
        for point in state.statistics.points.values where point.at.monotonic >= start {
            let index = min(steps - 1, max(0, Int((point.at.monotonic - start).inSeconds / step)))
            // Polls lie further apart than steps: the time since the last good one has this one's value.
            let first = point.followsGap ? index : min(index, previous.map { $0 + 1 } ?? index)
            for place in first...index { values[place] = value(point) }
            previous = index
        }
        return values
    }
}
