internal import Screen
internal import Sessions

/// A node as a row of the table.
struct NodeRow {
    private let node: NodeReport
    private let state: State
    private let share: NodeShare
    private let memory: NodeMemory
    private let glyphs: GlyphSet
    private let window: CounterWindow

    /// The columns of the bar that shows the share.
    static let barWidth = 12

    init(_ node: NodeReport, state: State, share: NodeShare, memory: NodeMemory, glyphs: GlyphSet) {
        (self.node, self.state, self.share, self.memory, self.glyphs) = (node, state, share, memory, glyphs)
        window = CounterWindow(
            [state.fleet.samples[node.id] ?? []], window: state.fleet.window.duration, now: state.now.wall,
            names: Tier.l1.lookups + [.strayed, .requests])
    }

    /// The columns; a node that holds its sessions itself has no L1, and what it lost matters instead.
    static func rules(_ nodes: ArraySlice<NodeReport>, inMemory: Bool) -> [ColumnRule] {
        rules.map { rule in
            if rule.title == "NODE" {
                var rule = rule
                rule.minimum = min(14, nodes.reduce(rule.minimum) { max($0, TextWidth.of($1.id, limit: 14)) })
                return rule
            }
            guard inMemory, rule.title == "L1 HIT" else { return rule }
            return ColumnRule(title: "LOST", alignment: .trailing, minimum: 7, maximum: 9)
        }
    }

    private static let rules = [
        ColumnRule(title: "", minimum: 1, maximum: 1),
        ColumnRule(title: "NODE", minimum: 8, maximum: 24),
        ColumnRule(title: "STATE", minimum: 10, maximum: 10),
        ColumnRule(title: "SESSIONS", alignment: .trailing, minimum: 8, maximum: 9),
        // The bar goes before the number that it draws, and the number keeps the heading of both.
        ColumnRule(title: "", minimum: 12, maximum: 12, drop: 3),
        ColumnRule(title: "SHARE", alignment: .trailing, minimum: 5, maximum: 5, drop: 2),
        ColumnRule(title: "REQ/S", alignment: .trailing, minimum: 6, maximum: 8, drop: 7),
        ColumnRule(title: "L1 HIT", alignment: .trailing, minimum: 7, maximum: 9),
        ColumnRule(title: "P50", alignment: .trailing, minimum: 6, maximum: 7, drop: 6),
        ColumnRule(title: "P99", alignment: .trailing, minimum: 6, maximum: 7, drop: 1),
        ColumnRule(title: "APPLIED", alignment: .trailing, minimum: 7, maximum: 12, drop: 9),
        ColumnRule(title: "LAG", alignment: .trailing, minimum: 4, maximum: 6, drop: 4),
        ColumnRule(title: "LEASE", alignment: .trailing, minimum: 5, maximum: 6, drop: 10),
        ColumnRule(title: "STRAYED", alignment: .trailing, minimum: 7, maximum: 9, drop: 8),
        ColumnRule(title: "BEAT", alignment: .trailing, minimum: 5, maximum: 6),
    ]

    /// The row as the table draws it.
    var drawn: TableDrawing.Row {
        let bound = share.of(node)
        return TableDrawing.Row(
            cells: [
                .space(), Span(node.id), Span("\(standing.sign) \(standing.word)", standing.role),
                optional(bound.map { Format.count($0.count) }), bar(bound?.share),
                optional(bound.map { Format.percent($0.share) }), optional(window.rate(.requests).map(perSecond)),
                memory.isUsed ? memory.cell(node) : hitRate, latency(node.latency?.p50), latency(node.latency?.p99),
                optional(node.applied.map { "\($0)" }), lag,
                optional(node.lease.map { Format.latency(microseconds: $0.microseconds) }), strayed, beat,
            ],
            overlay: state.fleet.cursor == node.id ? .cursor : nil)
    }

    private var standing: NodeStanding { NodeStanding(node, at: state.nodesMoment, glyphs: glyphs) }

    private func optional(_ text: String?) -> Span { text.map { Span($0) } ?? Span(glyphs.unknown, .dim) }

    private func perSecond(_ rate: Double) -> String { String(Format.rate(rate).dropLast(2)) }

    private func latency(_ microseconds: Int?) -> Span {
        guard node.isAlive(at: state.nodesMoment) else { return Span(glyphs.unknown, .dim) }
        return optional(microseconds.map { Format.latency(microseconds: $0) })
    }

    private var hitRate: Span {
        let rate = HitRate(.l1, in: window)
        return rate.ratio.map { .hitRate($0) }
            ?? Span("\(glyphs.unknown) (\(rate.lookups))", .dim)
    }

    private func bar(_ share: Double?) -> Span {
        guard let share else { return Span(glyphs.unknown, .dim) }
        return Span(Bar.text(share, columns: Self.barWidth, glyphs: glyphs), .stateActive)
    }

    /// How many entries of the feed it is behind the node that is furthest.
    private var lag: Span {
        guard let applied = node.applied else { return optional(nil) }
        let furthest = state.fleet.nodes.compactMap(\.applied).max() ?? applied
        let lag = max(0, furthest.value - applied.value)
        return Span(Format.shortCount(Int(lag)), lag > 0 ? .flashWarn : .text)
    }

    private var strayed: Span {
        let count = window[.strayed]
        return window.span > .zero ? Span(Format.count(Int(count)), count > 0 ? .flashWarn : .text) : optional(nil)
    }

    private var beat: Span {
        let age = max(.zero, state.nodesMoment - node.heartbeat)
        return Span(Format.span(age), age >= NodeReport.silence && node.status != .stopped ? .flashError : .text)
    }
}

/// A bar as text, for a cell of a table.
enum Bar {
    static func text(_ share: Double, columns: Int, glyphs: GlyphSet) -> String {
        var grid = Grid(Size(columns: columns, rows: 1), glyphs: glyphs)
        grid.bar(share, at: .zero, width: columns, style: .text)
        return grid.text
    }
}
