extension Grid {
    /// Draws a horizontal bar in eighths of a cell.
    ///
    /// - Parameters:
    ///   - fraction: how much of it is full, from 0 to 1; what is not a number is empty.
    ///   - position: where it begins.
    ///   - width: how many columns it has.
    ///   - style: how the full part is meant.
    ///   - track: how the empty part is meant; it is blank.
    public mutating func bar(
        _ fraction: Double, at position: Position, width: Int, style: Style, track: Style = .text
    ) {
        let columns = min(max(width, 0), Size.limit)
        let bounded = fraction > 0 ? min(fraction, 1) : 0
        let eighths = Int((bounded * Double(columns * 8)).rounded())
        fill(Rect(column: position.column, row: position.row, columns: columns, rows: 1), track)
        let full = Rect(column: position.column, row: position.row, columns: eighths / 8, rows: 1)
        fill(full, with: glyphs.bar(eighths: 8), style)
        guard eighths % 8 > 0 else { return }
        let glyph = glyphs.bar(eighths: eighths % 8)
        set(glyph, column: position.column + eighths / 8, row: position.row, glyph == .space ? track : style)
    }

    /// Draws one column for each of the last values, the latest at the right.
    ///
    /// - Parameters:
    ///   - values: the samples, oldest first; one that is not a number leaves a gap.
    ///   - position: where it begins.
    ///   - width: how many columns it has.
    ///   - range: the values of an empty and of a full column; from 0 to the largest value shown when `nil`.
    ///   - style: how it is meant; each column is put at its place on the gradient.
    ///   - colors: the values at the ends of the gradient; `range` when `nil`.
    public mutating func sparkline(
        _ values: some BidirectionalCollection<Double>, at position: Position, width: Int,
        range: ClosedRange<Double>? = nil, style: Style, colors: ClosedRange<Double>? = nil
    ) {
        let columns = min(max(width, 0), Size.limit)
        let shown = values.suffix(columns)
        let scale = GraphScale(shown, range: range)
        let gradient = GraphScale(shown, range: colors ?? range)
        fill(Rect(column: position.column, row: position.row, columns: columns, rows: 1), style)
        var column = position.column + columns - shown.count
        for value in shown {
            if let share = scale.share(of: value) {
                let glyph = glyphs.column(eighths: 1 + Int((share * 7).rounded()))
                set(glyph, column: column, row: position.row, style.at(gradient.share(of: value) ?? share))
            }
            column += 1
        }
    }
}

/// How values map to the height of a graph.
struct GraphScale {
    private let low: Double
    private let high: Double

    init(_ values: some Sequence<Double>, range: ClosedRange<Double>?) {
        low = range?.lowerBound ?? 0
        high = range?.upperBound ?? values.filter(\.isFinite).max() ?? 0
    }

    /// The value at a part of the height.
    func value(at share: Double) -> Double { low + (high - low) * share }

    /// The part of the height that a value fills, or `nil` when it is none.
    func share(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        guard high > low else { return value > low ? 1 : 0 }
        return min(max((value - low) / (high - low), 0), 1)
    }
}
