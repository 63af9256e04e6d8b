internal import Screen

extension Grid {
    /// Replaces whatever is not ASCII, for terminals that have nothing else: our own signs by what comes near, all other
    /// characters by a question mark.
    mutating func reduceToASCII() {
        for row in 0..<size.rows {
            for column in 0..<size.columns {
                let position = Position(column: column, row: row)
                guard let cell = self[position], !cell.glyph.isASCII, let base = cell.glyph.base else { continue }
                put(Glyph(Self.substitutes[base] ?? "?"), at: position, style: cell.style)
            }
        }
    }

    private static let substitutes: [Unicode.Scalar: Unicode.Scalar] = [
        "–": "-", "µ": "u", "·": "-", "…": "~", "•": "*",
    ]
}
