internal import Screen

/// A table: its columns, and the cells of the rows that are on the screen.
///
/// Nobody formats the others.
struct TableDrawing {
    /// A row that is on the screen.
    struct Row {
        /// A cell for each column.
        var cells: [Span]
        /// What lies over the whole row: the cursor, an end.
        var overlay: Role?
    }

    /// The columns, from left to right.
    var rules: [ColumnRule]
    /// How many more columns stand to the left of what is on the screen.
    var scrolledOff = 0
    /// The column that the rows are sorted by, and what stands behind its heading.
    var sort: (index: Int, mark: String)?
    /// The rows that are on the screen, from the first.
    var rows: [Row] = []
    /// The widest cells that there were before, by column; columns that aren't named here need what the rows do.
    var widest: [Int] = []
    /// The place in the list of the first of them; `nil`: they can't be gone to.
    var firstPlace: Int?

    /// The space between two columns: more where there is more room.
    static func gap(for width: Int) -> Int { width >= 100 ? 2 : 1 }

    /// How many rows a frame has room for: its borders and the heading take three.
    static func rows(in frame: Rect) -> Int { max(0, frame.rows - 3) }

    /// What stands in the lower border of its frame: how many columns aren't shown, and which rows are on the screen.
    func footer(_ scroll: Scroll, in frame: Rect, _ glyphs: GlyphSet) -> [Span] {
        let places = layout(wanted: rules.map(\.minimum), width: frame.columns - 2).places
        let shown = Set(places.map(\.index))
        let count = scrolledOff + rules.indices.count { !shown.contains($0) && !rules[$0].title.isEmpty }
        let note = count > 0 ? [Span("+\(count) column\(count == 1 ? "" : "s")", .dim)] : []
        return .joined([note, scroll.label(glyphs)], by: .space(3))
    }

    private func layout(wanted: [Int], width: Int) -> ColumnLayout {
        // A blank at the right edge: numbers that lean on a frame are hard to read.
        ColumnLayout(rules, wanted: wanted, width: width - 1, gap: Self.gap(for: width))
    }

    /// Draws the heading in the first row of an area, and the rows under it.
    func draw(in area: Rect, on grid: inout Grid) {
        guard !area.isEmpty else { return }
        let layout = layout(wanted: wantedWidths, width: area.columns)
        drawHeading(layout, in: area.row(0), on: &grid)
        let body = area.dropFirst()
        for (index, row) in rows.prefix(body.rows).enumerated() {
            draw(row, layout, in: body.row(index), on: &grid)
            if let firstPlace { grid.note(.row(firstPlace + index), in: body.row(index)) }
        }
    }

    /// The widest cell of each column, headings included.
    private var wantedWidths: [Int] {
        rules.indices.map { index in
            let heading = TextWidth.of(rules[index].title) + (sort?.index == index ? 1 : 0)
            return rows.reduce(max(heading, index < widest.count ? widest[index] : 0)) {
                max($0, TextWidth.of($1.cells[index].text, limit: rules[index].maximum))
            }
        }
    }

    private func drawHeading(_ layout: ColumnLayout, in area: Rect, on grid: inout Grid) {
        grid.fill(area, Style(.header))
        for place in layout.places {
            let isSorted = sort?.index == place.index
            let title = rules[place.index].title + (isSorted ? sort?.mark ?? "" : "")
            grid.put(
                title, at: Position(column: area.left + place.x, row: area.top),
                style: Style(isSorted ? .headerSort : .header), width: place.width,
                align: rules[place.index].alignment)
            if sort != nil, rules[place.index].isSortable, !rules[place.index].title.isEmpty {
                grid.note(
                    .heading(rules[place.index].title),
                    in: area.dropLeft(place.x).split(columns: place.width).0)
            }
        }
    }

    private func draw(_ row: Row, _ layout: ColumnLayout, in area: Rect, on grid: inout Grid) {
        for place in layout.places {
            let cell = row.cells[place.index]
            grid.put(
                cell.text, at: Position(column: area.left + place.x, row: area.top), style: cell.style,
                width: place.width, align: rules[place.index].alignment)
        }
        if let overlay = row.overlay { grid.overlay(area, overlay) }
    }
}
