internal import Screen
internal import Sessions

/// Hit rates, counts and latencies: as figures, and over the last quarter of an hour.
///
/// Where there is too little room for all of it one scrolls: figures that are cut tell nothing.
enum StatsView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let figures = StatsFigures(state: state, glyphs: grid.glyphs)
        let boxes = boxes(state, figures)
        let scroll = Scroll(
            top: state.statisticsTop, height: area.rows,
            total: max(area.rows, height(of: boxes, state, columns: area.columns)))
        let whole = Rect(
            column: area.left, row: area.top - scroll.first, columns: area.columns, rows: scroll.total)
        grid.clipped(to: area) { draw(boxes, state, in: whole, on: &$0) }
        let more = scroll.total - scroll.end
        if more > 0 {
            grid.closeBoxes(in: area.lastRow)
            grid.write(
                [Span(" \(grid.glyphs.down) \(more) more ", .dim)], in: area.lastRow.inset(columns: 2, rows: 0),
                align: .trailing)
        }
    }

    /// How many rows all of it takes at least.
    static func height(_ state: State, columns: Int) -> Int {
        height(of: boxes(state, StatsFigures(state: state, glyphs: .unicode)), state, columns: columns)
    }

    /// A box of figures.
    private struct Box {
        var title: String
        var height = 6
        /// The lines for a width.
        var lines: (Int) -> [[Span]]
    }

    /// A store whose nodes count nothing has no hit rates.
    private static func boxes(_ state: State, _ figures: StatsFigures) -> [Box] {
        let boxes = [
            Box(title: "Sessions", lines: figures.sessions), Box(title: "Time to live", lines: figures.timesToLive),
            Box(title: "Store", lines: figures.store),
        ]
        guard state.hasCounters else { return boxes }
        return [Box(title: "Hit rate", height: figures.hasL2 ? 7 : 6, lines: figures.hitRates)] + boxes
    }

    /// Whether figures, graphs and tables stand under each other: half of the width is too little for any.
    private static func isNarrow(_ columns: Int) -> Bool { columns < 76 }

    /// The boxes that stand beside each other: all, two, or each alone.
    private static func lines(of boxes: [Box], columns: Int) -> [ArraySlice<Box>] {
        let across = isNarrow(columns) ? 1 : columns >= 40 * boxes.count ? boxes.count : 2
        return stride(from: 0, to: boxes.count, by: across).map { boxes[$0..<min($0 + across, boxes.count)] }
    }

    private static func height(of line: ArraySlice<Box>) -> Int { line.map(\.height).max() ?? 0 }

    private static func height(of boxes: [Box], _ state: State, columns: Int) -> Int {
        let lower = lowerRows(state)
        return lines(of: boxes, columns: columns).reduce(isNarrow(columns) ? graphRows + lower : lower) {
            $0 + height(of: $1)
        }
    }

    /// A graph of less than this is hard to read.
    private static let graphRows = 6

    /// How many rows what stands beside the first graph, or under it, takes at least: the nodes, where there are some.
    private static func lowerRows(_ state: State) -> Int {
        state.hasCounters ? max(graphRows, NodeRates.height(state)) : graphRows
    }

    private static func draw(_ boxes: [Box], _ state: State, in area: Rect, on grid: inout Grid) {
        var rest = area
        for line in lines(of: boxes, columns: area.columns) {
            let (cells, below) = rest.split(rows: height(of: line))
            for (cell, box) in zip(cells.sideBySide(line.count), line) {
                let inside = grid.frame(cell, title: [Span(box.title, .title)]).inset(columns: 1, rows: 0)
                grid.write(box.lines(inside.columns), in: inside)
            }
            rest = below
        }
        drawGraphs(state, in: rest, on: &grid)
    }

    private static func drawGraphs(_ state: State, in area: Rect, on grid: inout Grid) {
        guard state.hasCounters else {
            let cells = halves(of: area, lower: graphRows)
            StatsGraphs.sessions(state, in: cells[0], on: &grid)
            StatsGraphs.latency(state, in: cells[1], on: &grid)
            return
        }
        let lowest = lowerRows(state)
        guard area.rows >= max(16, lowest + 8), !isNarrow(area.columns) else {
            let cells = halves(of: area, lower: lowest)
            StatsGraphs.hits(state, in: cells[0], on: &grid)
            NodeRates.draw(state, in: cells[1], on: &grid)
            return
        }
        let (upper, lower) = area.split(rows: min(max(area.rows * 2 / 5, 8), area.rows - lowest))
        StatsGraphs.hits(state, in: upper, on: &grid)
        let cells = lower.sideBySide(area.columns >= 160 ? 3 : 2)
        NodeRates.draw(state, in: cells[0], on: &grid)
        StatsGraphs.sessions(state, in: cells[1], on: &grid)
        if cells.count > 2 { StatsGraphs.latency(state, in: cells[2], on: &grid) }
    }

    /// Beside each other, or where there is no room for that under each other, the lower one with so many rows at least.
    private static func halves(of area: Rect, lower rows: Int) -> [Rect] {
        guard isNarrow(area.columns) else { return area.sideBySide(2) }
        let (upper, lower) = area.split(rows: min(area.rows / 2, area.rows - rows))
        return [upper, lower]
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
