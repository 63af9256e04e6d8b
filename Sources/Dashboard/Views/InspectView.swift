internal import Screen
internal import Sessions

/// One session in detail, over the whole screen or beside the table.
enum InspectView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        drawFrame(state, isFocused: state.overlay == nil, in: area, on: &grid)
    }

    /// Beside the table, which has the keys.
    static func drawPane(_ state: State, in area: Rect, on grid: inout Grid) {
        drawFrame(state, isFocused: false, in: area, on: &grid)
    }

    /// How many lines there is room for in an area.
    static func rows(in area: Rect) -> Int { area.rows - 2 }

    private static func drawFrame(_ state: State, isFocused: Bool, in area: Rect, on grid: inout Grid) {
        let lines = content(state, width: area.columns - 4, glyphs: grid.glyphs)
        let scroll = Scroll(top: state.inspector.top, height: rows(in: area), total: lines.count)
        let more = lines.count - scroll.end
        let inside = grid.frame(
            area, title: title(state, grid.glyphs),
            footer: more > 0 ? [Span("\(grid.glyphs.down) \(more) more", .dim)] : [], isFocused: isFocused)
        grid.write(lines[scroll.range], in: inside.inset(columns: 1, rows: 0))
    }

    private static func title(_ state: State, _ glyphs: GlyphSet) -> [Span] {
        var spans = [Span("Session", .title)]
        if let id = state.inspector.id { spans.append(Span(" s:\(id.handle)")) }
        if state.inspector.isRaw { spans.append(Span("   raw", .dim)) }
        if let until = state.inspector.revealedUntil, until > state.now.monotonic {
            let left = Format.span(until - state.now.monotonic)
            spans.append(Span("   \(glyphs.warning) secrets shown for \(left)", .flashWarn))
        }
        return spans
    }

    /// What the list last had of it.
    private static func known(_ state: State, width: Int, glyphs: GlyphSet) -> [[Span]] {
        guard let row = state.inspector.id.flatMap({ state.list.table.row(of: $0) }) else { return [] }
        return [[], [Span("as the list last had it", .dim)], []]
            + SessionDetailLines(row, state: state, glyphs: glyphs, width: width).ofRow
    }

    private static func content(_ state: State, width: Int, glyphs: GlyphSet) -> [[Span]] {
        switch state.inspector.content {
        case .none: [[Span("no session is under the cursor", .dim)]]
        case .loading: [[Span("\(glyphs.busy) asking the store", .dim)]]
        case .gone: [[Span("\(glyphs.ended) there is no such session any more", .flashWarn)]]
        case .failed(let why):
            [Span("\(glyphs.ended) \(why)", .flashError)].wrapped(columns: width, indent: 2, limit: 6)
                + known(state, width: width, glyphs: glyphs)
        case .loaded(let session, let at):
            SessionDetailLines(session, readAt: at, state: state, glyphs: glyphs, width: width).lines
        }
    }
}
