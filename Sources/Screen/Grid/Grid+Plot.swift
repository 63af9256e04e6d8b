/// What a plot is drawn with.
public enum PlotMarks: Sendable {
    /// One sample and eight steps a cell: every font for terminals has them.
    case blocks
    /// Two samples and four steps a cell: finer in time, but many fonts lack them.
    case braille
    /// One sample and one step a cell.
    case ascii

    /// How many samples share a column.
    public var samplesPerCell: Int { self == .braille ? 2 : 1 }
}

extension Grid {
    /// Draws samples as a filled curve, the latest at the right edge.
    ///
    /// - Parameters:
    ///   - values: the samples, oldest first; one that is not a number leaves a gap.
    ///   - rect: where; two samples share a column in braille.
    ///   - range: the values at the bottom and at the top; from 0 to the largest value shown when `nil`.
    ///   - style: how it is meant; each row is put at its place on the gradient.
    ///   - colors: the values at the ends of the gradient; `range` when `nil`.
    ///   - marks: what to draw with; ASCII where the grid has nothing else.
    public mutating func plot(
        _ values: some BidirectionalCollection<Double>, in rect: Rect, range: ClosedRange<Double>? = nil, style: Style,
        colors: ClosedRange<Double>? = nil, marks: PlotMarks = .blocks
    ) {
        let kind = glyphs == .ascii ? .ascii : marks
        let samples = rect.columns * kind.samplesPerCell
        let shown = values.suffix(samples)
        let scale = GraphScale(shown, range: range)
        let gradient = GraphScale(shown, range: colors ?? range)
        let heights = Array(repeating: Double?.none, count: samples - shown.count) + shown.map(scale.share)
        let area = rect.intersection(clip)
        for row in (area.top - rect.top)..<(area.top - rect.top + area.rows) {
            let height = rect.rows > 1 ? Double(rect.rows - 1 - row) / Double(rect.rows - 1) : 1
            let level = style.at(gradient.share(of: scale.value(at: height)) ?? height)
            for column in (area.left - rect.left)..<(area.left - rect.left + area.columns) {
                let glyph = plotGlyph(heights, column: column, floor: rect.rows - 1 - row, rows: rect.rows, kind)
                set(glyph, column: rect.left + column, row: rect.top + row, level)
            }
        }
    }

    /// The cell `floor` rows above the bottom.
    private func plotGlyph(_ heights: [Double?], column: Int, floor: Int, rows: Int, _ kind: PlotMarks) -> Glyph {
        func filled(_ index: Int, steps: Int) -> Int {
            guard let share = heights[index] else { return 0 }
            // The least value still leaves a trace, or a curve at zero would look like one without data.
            let height = max(Int((share * Double(rows * steps)).rounded()), 1)
            return min(max(height - floor * steps, 0), steps)
        }
        switch kind {
        case .ascii: return filled(column, steps: 1) > 0 ? Glyph("#") : .space
        case .blocks:
            let eighths = filled(column, steps: 8)
            return eighths > 0 ? glyphs.column(eighths: eighths) : .space
        case .braille:
            let dots = Braille.left[filled(2 * column, steps: 4)] | Braille.right[filled(2 * column + 1, steps: 4)]
            return dots == 0 ? .space : Glyph(bits: UInt64(0x2800 | dots))
        }
    }
}

/// The dots of a braille cell's two columns, filled from below by 0 to 4.
private enum Braille {
    static let left: [UInt32] = [0, 0x40, 0x44, 0x46, 0x47]
    static let right: [UInt32] = [0, 0x80, 0xA0, 0xB0, 0xB8]
}
