internal import Screen

extension Grid {
    /// Draws pieces of text one after the other into the first row of a rectangle; a line that doesn't fit is cut and ends
    /// with `…`.
    ///
    /// - Parameters:
    ///   - line: the pieces.
    ///   - area: where; nothing is drawn where it is empty.
    ///   - alignment: where the line stands in it.
    mutating func write(_ line: [Span], in area: Rect, align alignment: Alignment = .leading) {
        guard !area.isEmpty else { return }
        var column = area.left
        if alignment != .leading {
            let free = max(0, area.columns - line.columns)
            column += alignment == .center ? free / 2 : free
        }
        for (index, span) in line.enumerated() {
            guard column < area.right else {
                // The pieces so far fill the line: its last cell says that there are more.
                let isCut = line[index...].contains { $0.text.contains { $0 != " " } }
                let last = Position(column: area.right - 1, row: area.top)
                if isCut { put(glyphs.ellipsis, at: last, style: span.style) }
                return
            }
            column += put(
                span.text, at: Position(column: column, row: area.top), style: span.style, width: area.right - column)
        }
    }

    /// Draws a frame with a title in its upper border and a note at the right of the lower one.
    ///
    /// - Parameters:
    ///   - area: the outside of the frame.
    ///   - title: what stands in the upper border.
    ///   - trailer: what stands at the right of the upper border, where there is room for it.
    ///   - footer: what stands at the right of the lower border.
    ///   - isFocused: whether the keys go to it.
    /// - Returns: the inside.
    mutating func frame(
        _ area: Rect, title: [Span], trailer: [Span] = [], footer: [Span] = [], isFocused: Bool = false
    ) -> Rect {
        let inside = box(area, style: Style(isFocused ? .borderFocus : .border))
        guard area.columns > 8, area.rows > 1 else { return inside }
        let room = area.columns - 4
        inset(title, in: Rect(column: area.left + 2, row: area.top, columns: room, rows: 1), align: .leading)
        let used = title.isEmpty ? 0 : min(title.columns + 2, room)
        if !trailer.isEmpty, trailer.columns + 3 <= room - used {
            inset(trailer, in: Rect(column: area.left + 2, row: area.top, columns: room, rows: 1), align: .trailing)
        }
        inset(footer, in: Rect(column: area.left + 2, row: area.bottom - 1, columns: room, rows: 1), align: .trailing)
        return inside
    }

    /// A line in a border, with a blank on either side.
    private mutating func inset(_ line: [Span], in border: Rect, align alignment: Alignment) {
        guard !line.isEmpty else { return }
        let columns = min(line.columns + 2, border.columns)
        let start = alignment == .leading ? border.left : border.right - columns
        let area = Rect(column: start, row: border.top, columns: columns, rows: 1)
        fill(area)
        write(line, in: area.inset(columns: 1, rows: 0))
    }

    /// Draws lines under each other, as many as there is room for.
    mutating func write(_ lines: some Sequence<[Span]>, in area: Rect) {
        for (index, line) in lines.enumerated() {
            guard index < area.rows else { break }
            write(line, in: area.row(index))
        }
    }
}

extension [Span] {
    /// A sparkline as a piece of a line.
    ///
    /// - Parameters:
    ///   - values: oldest first; what isn't a number leaves a gap.
    ///   - columns: how many of them.
    ///   - range: the values of an empty and of a full column.
    ///   - role: how it is meant.
    ///   - colors: the values at the ends of the role's gradient; `range` when `nil`.
    ///   - glyphs: what it is drawn with.
    /// - Returns: a piece for each column.
    static func sparkline(
        _ values: [Double], columns: Int, range: ClosedRange<Double>? = nil, role: Role,
        colors: ClosedRange<Double>? = nil, glyphs: GlyphSet
    ) -> [Span] {
        var grid = Grid(Size(columns: columns, rows: 1), glyphs: glyphs)
        grid.sparkline(values, at: .zero, width: columns, range: range, style: Style(role), colors: colors)
        return grid.cells.map { Span(String($0.glyph.base ?? " "), $0.style) }
    }
}
