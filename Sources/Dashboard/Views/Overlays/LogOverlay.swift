internal import Screen

/// The last messages in full, the newest first.
enum LogOverlay {
    static func draw(top: Int, _ state: State, in area: Rect, on grid: inout Grid) {
        grid.fill(area)
        let lines = lines(state, in: area, grid.glyphs)
        let scroll = Scroll(top: top, height: rows(in: area), total: lines.count)
        let inside = grid.frame(
            area, title: [Span("Messages ", .title), Span(Format.count(state.messages.count))],
            footer: scroll.label(grid.glyphs), isFocused: true)
        grid.write(lines[scroll.range], in: inside.inset(columns: 1, rows: 0))
        if lines.isEmpty {
            grid.write([Span("nothing has been said yet", .dim)], in: inside.row(inside.rows / 3), align: .center)
        }
    }

    /// How many of the lines can be the first on the screen.
    static func places(_ state: State) -> Int {
        let area = Chrome(Rect(size: state.size)).body
        return max(0, lines(state, in: area, .unicode).count - rows(in: area)) + 1
    }

    private static func rows(in area: Rect) -> Int { max(0, area.rows - 2) }

    /// More lines than this no message gets.
    private static let lineLimit = 40
    /// The blanks before a message's lines but the first.
    private static let indent = 12

    private static func lines(_ state: State, in area: Rect, _ glyphs: GlyphSet) -> [[Span]] {
        state.messages.reversed().flatMap { message in
            [Span("\(Format.moment(message.at, seenAt: state.now.wall)) ", .dim), FlashLine.words(message, glyphs)]
                .wrapped(columns: area.columns - 4, indent: indent, limit: lineLimit)
        }
    }
}
