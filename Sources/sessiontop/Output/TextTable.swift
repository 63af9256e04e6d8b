import Screen

/// Columns for people, made while the rows come.
///
/// The first rows are held back to find the widths; later ones are printed at once, and may stick out.
struct TextTable {
    /// A column.
    struct Column: Sendable {
        /// What stands above it.
        var heading: String
        /// Its cells stand on the right.
        var isNumber = false
    }

    private let columns: [Column]
    private let output: Output
    private var held: [[String]] = []
    private var widths: [Int]?
    private static let sample = 512

    /// Makes a table.
    init(_ columns: [Column], output: Output) {
        self.columns = columns
        self.output = output
    }

    /// Adds a row: texts of any characters, which are escaped here.
    mutating func add(_ cells: [String]) throws {
        let cells = cells.map { Escaping.text($0) }
        if let widths { return try print(cells, widths) }
        held.append(cells)
        if held.count == Self.sample { try release() }
    }

    /// Prints the rows that were held back; a table without rows is its heading.
    mutating func finish() throws {
        if widths == nil { try release() }
    }

    private mutating func release() throws {
        let heading = columns.map(\.heading)
        let widths = columns.indices.map { index in
            ([heading] + held).lazy.map { TextWidth.of($0[index]) }.max() ?? 0
        }
        self.widths = widths
        try print(heading, widths, isHeading: true)
        for cells in held { try print(cells, widths) }
        held = []
    }

    private func print(_ cells: [String], _ widths: [Int], isHeading: Bool = false) throws {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: max(0, widths[index] - TextWidth.of(cell)))
            let isLast = index == cells.count - 1
            line += columns[index].isNumber ? space + cell : isLast ? cell : cell + space
            if !isLast { line += "  " }
        }
        // A pipe gets the whole of the line, a person as much as fits on one.
        if output.isTerminal { line = TextWidth.cut(line, to: output.width) }
        try output.line(isHeading && output.usesColor ? "\u{1B}[1m\(line)\u{1B}[0m" : line)
    }
}
