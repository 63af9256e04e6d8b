extension Grid {
    /// Draws a frame with a title in its upper border.
    ///
    /// - Parameters:
    ///   - rect: the outside of the frame; what is inside is left alone.
    ///   - title: what stands in the upper border, cut to fit.
    ///   - footer: what stands at the right of the lower border.
    ///   - style: how the frame is meant.
    ///   - titleStyle: how the title is meant.
    /// - Returns: the inside; empty, with nothing drawn, where there is no room for a frame.
    @discardableResult
    public mutating func box(
        _ rect: Rect, title: String = "", footer: String = "", style: Style = Style(.border),
        titleStyle: Style = Style(.title)
    ) -> Rect {
        guard rect.columns > 1, rect.rows > 1 else { return Rect(origin: rect.origin, size: .zero) }
        let inside = rect.inset()
        let (last, floor) = (rect.right - 1, rect.bottom - 1)
        fill(Rect(column: rect.left, row: rect.top, columns: rect.columns, rows: 1), with: glyphs.horizontal, style)
        fill(Rect(column: rect.left, row: floor, columns: rect.columns, rows: 1), with: glyphs.horizontal, style)
        fill(Rect(column: rect.left, row: rect.top, columns: 1, rows: rect.rows), with: glyphs.vertical, style)
        fill(Rect(column: last, row: rect.top, columns: 1, rows: rect.rows), with: glyphs.vertical, style)
        set(glyphs.topLeft, column: rect.left, row: rect.top, style)
        set(glyphs.topRight, column: last, row: rect.top, style)
        set(glyphs.bottomLeft, column: rect.left, row: floor, style)
        set(glyphs.bottomRight, column: last, row: floor, style)
        label(title, in: Rect(column: rect.left, row: rect.top, columns: rect.columns, rows: 1), titleStyle, .leading)
        label(footer, in: Rect(column: rect.left, row: floor, columns: rect.columns, rows: 1), titleStyle, .trailing)
        return inside
    }

    /// Draws the lower borders of the boxes that a row runs through: those of boxes that go on below the screen.
    ///
    /// - Parameter row: the row; the boxes in it stand beside each other, with nothing between them.
    public mutating func closeBoxes(in row: Rect) {
        let edges = [glyphs.vertical, glyphs.topLeft, glyphs.topRight, glyphs.bottomLeft, glyphs.bottomRight]
        let isEdge = (0..<size.columns).map { column in
            self[Position(column: column, row: row.top)].map { cell in
                cell.style.role == .border && edges.contains(cell.glyph)
            } ?? false
        }
        let columns = max(row.left, 0)..<max(row.left, 0, min(row.right, size.columns))
        let starts = columns.filter { $0 == columns.lowerBound || isEdge[$0 - 1] && isEdge[$0] }
        for (start, end) in zip(starts, starts.dropFirst() + [columns.upperBound]) {
            let box = Rect(column: start, row: row.top - 1, columns: end - start, rows: 2)
            clipped(to: row.row(0)) { _ = $0.box(box) }
        }
    }

    /// Text with a blank on either side, two cells from the corner.
    private mutating func label(_ text: String, in border: Rect, _ style: Style, _ side: Alignment) {
        let room = border.columns - 6
        guard room > 0, !text.isEmpty else { return }
        let columns = TextWidth.of(text, limit: room)
        let start = side == .leading ? border.left + 2 : border.right - 4 - columns
        set(.space, column: start, row: border.top, style)
        put(text, at: Position(column: start + 1, row: border.top), style: style, width: room)
        set(.space, column: start + 1 + columns, row: border.top, style)
    }
}
