internal import Screen

/// A short list to choose from.
enum MenuOverlay {
    static func draw(_ menu: Menu, _ state: State, in area: Rect, on grid: inout Grid) {
        let notes = menu.items.map { TextWidth.of($0.note) }.max() ?? 0
        let titles = menu.items.map { TextWidth.of($0.title) }.max() ?? 0
        // A frame and a blank on either side of what is said.
        let width = max(34, titles + notes + 12, TextWidth.of(hint(menu.kind)) + 4)
        let outside = area.centered(Size(columns: width, rows: menu.items.count + 4))
        let scroll = Scroll(top: 0, height: outside.rows - 4, total: menu.items.count, keeping: menu.selected)
        grid.fill(outside)
        let inside = grid.frame(
            outside, title: [Span(title(menu.kind), .title)], footer: scroll.label(grid.glyphs), isFocused: true)
        for (line, index) in scroll.range.enumerated() {
            grid.note(.row(index), in: inside.row(line + 1))
            draw(
                menu.items[index], isSelected: index == menu.selected, titles: titles, in: inside.row(line + 1),
                on: &grid)
        }
        grid.write([Span(hint(menu.kind), .dim)], in: inside.lastRow.inset(columns: 1, rows: 0))
    }

    private static func draw(
        _ item: Menu.Item, isSelected: Bool, titles: Int, in row: Rect, on grid: inout Grid
    ) {
        let check = item.isOn.map { [Span(grid.glyphs.check($0) + " ")] } ?? []
        let pad = Span.space(titles - TextWidth.of(item.title) + 3)
        grid.write(
            [Span(isSelected ? " \(grid.glyphs.pointer) " : "   ")] + check + [
                Span(item.title), pad, Span(item.note, .dim),
            ],
            in: row)
        if isSelected { grid.overlay(row.inset(columns: 1, rows: 0), .cursor) }
    }

    private static func title(_ kind: Menu.Kind) -> String {
        switch kind {
        case .sort: "Sort by"
        case .columns: "Columns"
        case .theme: "Theme"
        case .context: "Context"
        }
    }

    private static func hint(_ kind: Menu.Kind) -> String {
        kind == .columns ? "Space turns on or off, Esc closes" : "Enter chooses, Esc closes"
    }
}
