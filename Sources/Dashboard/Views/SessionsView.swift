internal import Screen
internal import Sessions

/// The sessions as a table; beside it, where there is room, the one under the cursor in detail; over it, where the
/// sessions are one user's, what they have in common.
enum SessionsView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var area = area
        if area.columns >= wide, state.inspector.isPaneOpen {
            let pane = min(max(area.columns * 2 / 5, 64), 88)
            let (table, detail) = area.split(columns: area.columns - pane)
            area = table
            InspectView.drawPane(state, in: detail, on: &grid)
        }
        let (summary, list) = parts(state, area)
        if case .user(let name) = state.list.scope { UserBox.draw(state, user: name, in: summary, on: &grid) }
        drawTable(state, in: list, on: &grid)
    }

    /// How many sessions there is room for in an area.
    static func rows(_ state: State, in area: Rect) -> Int { TableDrawing.rows(in: parts(state, area).1) }

    /// What is said of the user whose sessions they are, and the list under it.
    private static func parts(_ state: State, _ area: Rect) -> (Rect, Rect) {
        let isOfUser = if case .user = state.list.scope { true } else { false }
        return area.split(rows: isOfUser ? UserBox.height(state) : 0)
    }

    /// From here on there is room for the detail beside the table.
    static let wide = 160

    private static func drawTable(_ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let scroll = Scroll(
            top: state.list.top, height: TableDrawing.rows(in: area), total: state.list.count,
            keeping: state.list.cursorPlace)
        let title = SessionsTitle(state: state, glyphs: glyphs)
        let table = SessionsTable(state: state, glyphs: glyphs, width: area.columns - 2).table(scroll.range)
        let inside = grid.frame(
            area, title: title.spans(width: area.columns - 6), footer: table.footer(scroll, in: area, glyphs),
            isFocused: state.overlay == nil)
        table.draw(in: inside, on: &grid)
        if scroll.total == 0 {
            let line = inside.dropFirst(1 + (inside.rows - 1) / 3)
            grid.write(title.emptiness, in: line.row(0), align: .center)
        }
    }
}

/// What stands over the table: how many of how many, the filter, the order, how far the rows have been read.
struct SessionsTitle {
    let state: State
    let glyphs: GlyphSet

    /// The parts that fit, the most important first.
    func spans(width: Int) -> [Span] {
        var parts: [[Span]] = [name + counts]
        for part in [filter, loading, order] where !part.isEmpty {
            if [Span].joined(parts + [part], by: .space(3)).columns <= width { parts.append(part) }
        }
        return .joined(parts, by: .space(3))
    }

    private var name: [Span] {
        switch state.list.scope {
        case .all: [Span("Sessions ", .title)]
        case .user(let user): [Span("Sessions of ", .title), Span(user ?? "nobody", .title), .space()]
        case .node(let node): [Span("Sessions of node ", .title), Span(node, .title), .space()]
        }
    }

    /// How many are listed, and beside it what tells why that is another number than the header's: live sessions that a
    /// filter hides, or ended ones that are shown for a while.
    private var counts: [Span] {
        let shown = state.list.count
        guard state.list.scope == .all, let live = state.statistics.latest?.sessions else {
            return [Span(Format.count(shown))]
        }
        guard state.list.filter.text.isEmpty else {
            let held = max(live, state.list.table.heldCount)
            return [Span(Format.count(shown)), Span(" of \(Format.count(held))", .dim)]
        }
        guard shown > live else { return [Span(Format.count(shown))] }
        return [Span(Format.count(live)), Span(" and \(Format.count(shown - live)) ended", .dim)]
    }

    private var filter: [Span] {
        let filter = state.list.filter
        guard !filter.text.isEmpty else { return [] }
        guard filter.error == nil else { return [Span("filter \(filter.text)", .promptError)] }
        return [Span("filter ", .dim), Span(filter.text, .match)]
    }

    private var order: [Span] {
        let sort = state.list.table.sort
        let mark = sort.isHeadingDescending ? glyphs.descending : glyphs.ascending
        return [
            Span("by ", .dim), Span(sort.column.heading + mark),
            Span(state.list.heldUntil != nil ? glyphs.held : "", .flashWarn),
        ]
    }

    private var loading: [Span] {
        switch state.polling.loading {
        case .waiting, .complete: []
        case .reading(let rows): [Span("\(glyphs.busy) \(Format.count(rows)) read so far", .flashInfo)]
        case .partial(let rows, let why):
            [Span("\(glyphs.warning) only \(Format.count(rows)) read: \(why)", .flashWarn)]
        }
    }

    /// What stands in the place of rows where there are none.
    var emptiness: [Span] {
        if state.list.filter.error != nil {
            return [Span("this filter can't be understood, so it matches nothing", .flashWarn)]
        }
        switch state.polling.loading {
        case .waiting, .reading: return [Span("\(glyphs.busy) reading sessions", .dim)]
        case .complete, .partial: break
        }
        return [Span(state.list.filter.text.isEmpty ? "no live sessions" : "no session matches the filter", .dim)]
    }
}
