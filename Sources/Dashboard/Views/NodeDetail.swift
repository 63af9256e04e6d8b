internal import Screen
internal import Sessions

/// The node under the cursor: what it counted over the window, what its cache holds, and its hit rate over time.
enum NodeDetail {
    /// Rows with the frame.
    static let height = 12

    static func draw(_ node: NodeReport, _ state: State, in area: Rect, on grid: inout Grid) {
        let (left, right) = area.split(columns: min(64, area.columns / 2))
        let figures = grid.frame(
            left, title: [Span(node.id, .title), Span("  over \(state.fleet.window.label)", .dim)])
        grid.write(lines(node, state, grid.glyphs), in: figures.inset(columns: 1, rows: 0))
        let memory = NodeMemory(state)
        if memory.isUsed {
            let inside = grid.frame(right, title: memory.missingTitle(node)).inset(columns: 1, rows: 0)
            return grid.write(memory.missingLines(node, in: inside.size), in: inside)
        }
        let inside = grid.frame(right, title: [Span("L1 hit rate ", .title), Span(" of \(node.id)", .dim)])
        StatsGraphs.hitRate([state.fleet.samples[node.id] ?? []], state, in: inside, on: &grid)
    }

    private static let names: [Counters.Name] =
        Tier.counted.flatMap(\.lookups) + [
            .requests, .served, .refused, .errors, .saves, .conflicts, .resurrectionAlarms, .touches, .touchesThrottled,
            .l1EvictedBySize, .l1EvictedByAge, .l1Invalidated, .l1FillRefused, .feedErrors,
        ]

    private static func lines(_ node: NodeReport, _ state: State, _ glyphs: GlyphSet) -> [[Span]] {
        let samples = state.fleet.samples[node.id] ?? []
        let window = CounterWindow(
            [samples], window: state.fleet.window.duration, now: state.now.wall, names: names)
        func counts(_ label: String, _ parts: [(String, Counters.Name, Role)]) -> [Span] {
            let figures = parts.map { name, counter, role -> [Span] in
                let count = window[counter]
                return [Span("\(name) ", .dim), Span(Format.count(Int(count)), count > 0 ? role : .text)]
            }
            return [Span(label.padded(10), .dim)] + .joined(figures, by: .space(2))
        }
        let memory = NodeMemory(state)
        let running = max(.zero, state.now.wall - node.started)
        let latest = samples.last?.counters
        let held = latest.map { "\(Format.sessions(Int($0[.l1Entries]))), \(Format.bytes(Int($0[.l1Bytes])))" }
        let beginning = [
            [Span("running".padded(10), .dim), Span(Format.span(running))],
            counts(
                "requests",
                [("served", .served, .text), ("refused", .refused, .text), ("errors", .errors, .flashError)]),
        ]
        if memory.isUsed { return beginning + memory.lines(node) + ending(counts) }
        return beginning + [
            [Span("L1 holds".padded(10), .dim), Span(held ?? glyphs.unknown)],
            counts(
                "L1 lost",
                [
                    ("to size", .l1EvictedBySize, .text), ("age", .l1EvictedByAge, .text),
                    ("the feed", .l1Invalidated, .text),
                ]),
            counts("stopped", [("by the feed", .l1Stopped, .text), ("fills refused", .l1FillRefused, .flashWarn)]),
            counts("no lease", [("bypassed", .l1Bypassed, .flashWarn), ("feed errors", .feedErrors, .flashError)]),
        ] + ending(counts)
    }

    private static func ending(_ counts: (String, [(String, Counters.Name, Role)]) -> [Span]) -> [[Span]] {
        [
            counts("touches", [("written", .touches, .text), ("spared", .touchesThrottled, .text)]),
            counts("saves", [("done", .saves, .text), ("conflicts", .conflicts, .flashWarn)]),
            counts("alarms", [("writes to ended sessions refused", .resurrectionAlarms, .flashError)]),
        ]
    }
}
