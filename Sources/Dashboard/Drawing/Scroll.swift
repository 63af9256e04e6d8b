internal import Screen

/// Which part of a list is on the screen.
struct Scroll: Equatable {
    /// The first row that is on the screen.
    var first: Int
    /// The row after the last.
    var end: Int
    /// How many there are.
    var total: Int

    /// Keeps what the state says within what there is, and the cursor's row in sight.
    ///
    /// - Parameters:
    ///   - top: the first row, as far as the state knows.
    ///   - height: how many rows there is room for.
    ///   - total: how many there are.
    ///   - cursor: the row that must be in sight.
    init(top: Int, height: Int, total: Int, keeping cursor: Int? = nil) {
        let height = max(0, height)
        self.total = max(0, total)
        var top = top
        if let cursor, height > 0 { top = min(max(top, cursor - height + 1), cursor) }
        first = min(max(0, top), max(0, self.total - height))
        end = min(self.total, first + height)
    }

    /// The places that are on the screen.
    var range: Range<Int> { first..<max(first, end) }

    /// `17–33/1,284`; nothing where all of it is on the screen.
    func label(_ glyphs: GlyphSet) -> [Span] {
        guard end - first < total, end > first else { return [] }
        let place = "\(Format.count(first + 1))\(glyphs.range)\(Format.count(end))"
        return [Span(place), Span("/\(Format.count(total))", .dim)]
    }
}
