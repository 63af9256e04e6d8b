internal import Screen

/// A line that one types into: the part around the cursor that fits, and the terminal's own cursor in it.
struct FieldDrawing {
    /// The field.
    let field: TextField
    /// How what is typed looks.
    var role: Role = .prompt
    /// Characters that can't be understood, counted from the first.
    var mistake: Range<Int>?

    /// Draws the field into the first row of an area.
    ///
    /// - Parameters:
    ///   - area: where.
    ///   - isFocused: whether the keys go to it.
    ///   - grid: what is drawn on.
    /// - Returns: the column of the mistake, where it is in sight.
    @discardableResult
    func draw(in area: Rect, isFocused: Bool, on grid: inout Grid) -> Int? {
        grid.fill(area.row(0), Style(role))
        guard area.columns > 1 else { return nil }
        let widths = field.characters.map { TextWidth.of(String($0)) }
        let first = Self.firstShown(widths, cursor: field.cursor, room: area.columns - 1)
        var column = area.left
        var caret = column
        var mistakeColumn: Int?
        for index in first..<max(first, field.characters.count) {
            if index == field.cursor { caret = column }
            if index == mistake?.lowerBound { mistakeColumn = column }
            guard column + widths[index] <= area.right else { break }
            let isWrong = mistake?.contains(index) ?? false
            column += grid.put(
                String(field.characters[index]), at: Position(column: column, row: area.top),
                style: Style(isWrong ? .promptError : role), width: area.right - column)
        }
        if field.cursor >= field.characters.count { caret = column }
        if let start = mistake?.lowerBound, start >= field.characters.count { mistakeColumn = column }
        if isFocused { grid.caret = Position(column: min(caret, area.right - 1), row: area.top) }
        return mistakeColumn
    }

    /// The first character to show, so that the cursor is in sight.
    private static func firstShown(_ widths: [Int], cursor: Int, room: Int) -> Int {
        var first = min(cursor, widths.count)
        var used = 0
        while first > 0, used + widths[first - 1] <= room {
            first -= 1
            used += widths[first]
        }
        return first
    }
}
