internal import Screen
internal import Sessions

/// A balancer's server as a row of the table of nodes.
struct ServerRow {
    private let node: NodeReport
    private let server: BalancedServer
    private let state: State
    private let share: NodeShare
    private let glyphs: GlyphSet

    init(_ node: NodeReport, _ server: BalancedServer, state: State, share: NodeShare, glyphs: GlyphSet) {
        (self.node, self.server, self.state, self.share, self.glyphs) = (node, server, state, share, glyphs)
    }

    static let rules = [
        ColumnRule(title: "", minimum: 1, maximum: 1),
        ColumnRule(title: "NODE", minimum: 8, maximum: 24),
        ColumnRule(title: "STATE", minimum: 10, maximum: 12),
        ColumnRule(title: "PINNED", alignment: .trailing, minimum: 7, maximum: 9),
        ColumnRule(title: "SHARE", minimum: NodeRow.barWidth, maximum: NodeRow.barWidth, drop: 4),
        ColumnRule(title: "", alignment: .trailing, minimum: 5, maximum: 5, drop: 5),
        ColumnRule(title: "EMPTY IN", alignment: .trailing, minimum: 8, maximum: 8, drop: 2),
        ColumnRule(title: "NOW", alignment: .trailing, minimum: 4, maximum: 6),
        ColumnRule(title: "QUEUE", alignment: .trailing, minimum: 5, maximum: 6, drop: 6),
        ColumnRule(title: "REQ/S", alignment: .trailing, minimum: 6, maximum: 8, drop: 1),
        ColumnRule(title: "MEAN", alignment: .trailing, minimum: 6, maximum: 7, drop: 8),
        ColumnRule(title: "ERRORS", alignment: .trailing, minimum: 6, maximum: 8, drop: 3),
        ColumnRule(title: "WEIGHT", alignment: .trailing, minimum: 6, maximum: 6, drop: 9),
        ColumnRule(title: "SINCE", alignment: .trailing, minimum: 5, maximum: 6, drop: 7),
        ColumnRule(title: "BACKEND", minimum: 8, maximum: 24, drop: 10),
        ColumnRule(title: "ADDRESS", minimum: 15, maximum: 30, drop: 11),
    ]

    /// The row as the table draws it.
    var drawn: TableDrawing.Row {
        let bound = server.pinned ?? 0
        let part = share.part(of: bound)
        return TableDrawing.Row(
            cells: [
                .space(), Span(node.id), Span("\(standing.sign) \(standing.word)", standing.role),
                optional(server.pinned.map { Format.count($0) }), bar(part), optional(part.map { Format.percent($0) }),
                emptyIn, Span(Format.count(server.current)), warning(server.queued),
                Span(Format.shortCount(server.perSecond)),
                optional(server.answerTime.map { Format.latency(microseconds: $0.microseconds) }),
                warning(server.errors), Span("\(server.weight)", server.weight == 0 ? .flashWarn : .text),
                Span(Format.span(server.since)), Span(server.backend), Span(server.address),
            ],
            overlay: state.fleet.cursor == node.id ? .cursor : nil)
    }

    private var standing: NodeStanding { NodeStanding(node, at: state.nodesMoment, glyphs: glyphs) }

    /// When the last session that is bound to it is forgotten: what a drain waits for.
    private var emptyIn: Span {
        guard let pinned = server.pinned else { return optional(nil) }
        guard pinned > 0 else { return Span("empty", node.status == .up ? .dim : .stateActive) }
        guard let end = server.lastPinEnds else { return Span("never", .stateAnomalous) }
        return Span(Format.span(max(.zero, end - state.now.wall)), node.status == .draining ? .stateExpiring : .text)
    }

    private func optional(_ text: String?) -> Span { text.map { Span($0) } ?? Span(glyphs.unknown, .dim) }

    private func warning(_ count: Int) -> Span { Span(Format.shortCount(count), count > 0 ? .flashWarn : .text) }

    private func bar(_ part: Double?) -> Span {
        guard let part else { return Span(glyphs.unknown, .dim) }
        return Span(Bar.text(part, columns: NodeRow.barWidth, glyphs: glyphs), .stateActive)
    }
}

/// How a node stands, as every view shows it: a sign, a word and a colour that say the same.
struct NodeStanding {
    let sign: String
    let word: String
    let role: Role

    init(_ node: NodeReport, at now: Timestamp, glyphs: GlyphSet) {
        switch node.status {
        case .stopped: (sign, word, role) = (glyphs.ended, "stopped", .stateExpired)
        case .maintenance: (sign, word, role) = (glyphs.ended, "maint", .stateExpired)
        case .down: (sign, word, role) = (glyphs.ended, "DOWN", .stateRevoked)
        case .up, .draining:
            guard node.isAlive(at: now) else {
                (sign, word, role) = (glyphs.ended, "DOWN", .stateRevoked)
                return
            }
            (sign, word, role) =
                node.status == .draining
                ? (glyphs.resting, "draining", .stateExpiring) : (glyphs.good, "up", .stateActive)
        }
    }
}
