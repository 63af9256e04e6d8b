internal import CCurses
public import Screen

extension Terminal {
    /// Shows a grid; only cells that differ from what is shown are sent.
    ///
    /// A grid of another size than the screen's is cut, or leaves the rest as it is.
    public func draw(_ grid: Grid, theme: Theme) {
        let changedTheme = inks.use(theme)
        let previous = changedTheme ? nil : shown.flatMap { $0.size == grid.size ? $0 : nil }
        let columns = min(grid.size.columns, size.columns)
        var line: [terminal_cell] = []
        line.reserveCapacity(columns)
        for row in 0..<min(grid.size.rows, size.rows) {
            guard let span = changes(grid, previous, row: row, columns: columns) else { continue }
            put(grid, row: row, span: span, line: &line)
        }
        if let caret = grid.caret, grid.bounds.contains(caret) {
            terminal_caret(Int32(caret.row), Int32(caret.column))
        } else {
            terminal_caret(-1, 0)
        }
        terminal_flush()
        shown = grid
    }

    /// Forgets what is on the screen, so that the next grid is drawn whole.
    public func redraw() {
        shown = nil
        terminal_invalidate()
    }

    /// The columns of a row that changed, whole glyphs at both ends.
    private func changes(_ grid: Grid, _ previous: Grid?, row: Int, columns: Int) -> Range<Int>? {
        guard columns > 0 else { return nil }
        let start = row * grid.size.columns
        guard let previous else { return 0..<columns }
        var first = 0
        var last = columns
        while first < last, grid.cells[start + first] == previous.cells[start + first] { first += 1 }
        guard first < last else { return nil }
        while grid.cells[start + last - 1] == previous.cells[start + last - 1] { last -= 1 }
        while first > 0, grid.cells[start + first].glyph.isContinuation { first -= 1 }
        while last < columns, grid.cells[start + last].glyph.isContinuation { last += 1 }
        return first..<last
    }

    private func put(_ grid: Grid, row: Int, span: Range<Int>, line: inout [terminal_cell]) {
        line.removeAll(keepingCapacity: true)
        var style: Style?
        var ink = Ink(attributes: 0, pair: 0)
        let start = row * grid.size.columns
        for column in span {
            let cell = grid.cells[start + column]
            guard !cell.glyph.isContinuation else { continue }
            if cell.style != style {
                style = cell.style
                ink = inks.ink(cell.style)
            }
            line.append(terminal_cell(cell.glyph, ink, room: span.upperBound - column))
        }
        terminal_put(Int32(row), Int32(span.lowerBound), line, Int32(line.count))
    }
}

extension terminal_cell {
    /// The cell for a glyph; a wide one that is cut by the screen's edge becomes a blank.
    init(_ glyph: Glyph, _ ink: Ink, room: Int) {
        let columns = glyph.width
        let base = columns <= room ? glyph.base?.value ?? 0x20 : 0x20
        let marks = glyph.isASCII ? (nil, nil) : glyph.marks
        self.init(
            scalars: (base, marks.0?.value ?? 0, marks.1?.value ?? 0), columns: Int32(min(columns, room)),
            attributes: ink.attributes, pair: ink.pair)
    }
}
