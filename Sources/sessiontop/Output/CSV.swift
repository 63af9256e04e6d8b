import Screen

/// Comma-separated values as RFC 4180 has them, harmless to spreadsheets.
enum CSV {
    /// A line of cells; the line's end is left to the output.
    static func line(_ cells: [String]) -> String {
        cells.map { Escaping.csvCell($0) }.joined(separator: ",")
    }
}
