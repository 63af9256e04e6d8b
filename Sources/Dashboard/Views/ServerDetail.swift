internal import Screen
internal import Sessions

/// The server under the cursor: what its balancer says of it, and what can be done with it.
enum ServerDetail {
    static func draw(_ node: NodeReport, _ server: BalancedServer, _ state: State, in area: Rect, on grid: inout Grid) {
        let title = [Span(node.id, .title), Span("  of \(server.backend), as the balancer tells it", .dim)]
        let inside = grid.frame(area, title: title).inset(columns: 1, rows: 0)
        grid.write(lines(node, server, state, grid.glyphs), in: inside)
    }

    private static func lines(
        _ node: NodeReport, _ server: BalancedServer, _ state: State, _ glyphs: GlyphSet
    ) -> [[Span]] {
        let standing = NodeStanding(node, at: state.nodesMoment, glyphs: glyphs)
        func line(_ label: String, _ spans: [Span]) -> [Span] { [Span(label.padded(10), .dim)] + spans }
        func figures(_ parts: [(String, Int, Role)]) -> [Span] {
            .joined(
                parts.map { name, count, role in
                    [Span("\(name) ", .dim), Span(Format.count(count), count > 0 ? role : .text)]
                }, by: .space(2))
        }
        let words = server.words.isEmpty ? "" : "  in its words: \(server.words)"
        return [
            line(
                "state",
                [
                    Span("\(standing.sign) \(standing.word)", standing.role),
                    Span("  for \(Format.span(server.since))\(words)", .dim),
                ]),
            line("address", [Span(server.address)]),
            line(
                "weight", [Span("\(server.weight)"), Span("  by the configuration \(server.configuredWeight)", .dim)]),
            line("pinned", pinned(server, state, glyphs)),
            line(
                "requests",
                figures([
                    ("now", server.current, .text), ("at most", server.most, .text),
                    ("waiting", server.queued, .flashWarn),
                    ("a second", server.perSecond, .text), ("in all", server.total, .text),
                ])),
            line("errors", figures([("answers and connections", server.errors, .flashWarn)])),
            line(
                "checks",
                figures([("failed", server.failedChecks, .flashWarn)])
                    + [Span(server.lastCheck.map { "  last \($0)" } ?? "  none has been made", .dim)]),
            [],
            line("D drains", [Span("it keeps its clients and gets no others", .dim)]),
            line("M stops", [Span("its clients go elsewhere at once: what it held of them in memory is lost", .dim)]),
        ]
    }

    private static func pinned(_ server: BalancedServer, _ state: State, _ glyphs: GlyphSet) -> [Span] {
        guard let count = server.pinned else { return [Span(glyphs.unknown, .dim)] }
        guard count > 0 else { return [Span("nobody is bound to it")] }
        let end = server.lastPinEnds.map { "the last is forgotten in \(Format.span(max(.zero, $0 - state.now.wall)))" }
        return [
            Span(Format.count(count)), Span("  \(end ?? "they are never forgotten")", .dim),
        ]
    }
}
