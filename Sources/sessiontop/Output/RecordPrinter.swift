import Sessions

/// A member of the results, and how a table for people shows it.
struct RecordColumn: Sendable {
    /// How a value is put for people.
    enum Style: Sendable {
        /// As it is.
        case text
        /// As it is, and often long: it stands last.
        case long
        /// A number, on the right.
        case number
        /// Seconds as `29m`.
        case duration
        /// Bytes as `4.1k`.
        case size
        /// RFC 3339 without the fraction.
        case time
    }

    /// The member's name.
    let name: String
    /// The table's heading; `nil`: tables leave it out.
    let heading: String?
    /// How the table shows it.
    let style: Style

    /// Makes a column.
    init(_ name: String, heading: String? = nil, _ style: Style = .text) {
        self.name = name
        self.heading = heading
        self.style = style
    }

    /// The value for people, of any characters.
    func text(of value: JSONValue) -> String {
        if value == .null { return "–" }
        let plain = value.plainText
        switch style {
        case .text, .long, .number: return plain
        case .duration: return Double(plain).map { DurationText.short(.seconds($0)) } ?? plain
        case .size: return Int(plain).map(SizeText.short) ?? plain
        case .time: return plain.utf8.count == 24 ? "\(plain.prefix(19))Z" : plain
        }
    }

    /// Whether its values stand on the right.
    var isNumber: Bool { style == .number || style == .duration || style == .size }
}

/// Prints records, all of the same members, in the format that was asked for.
struct RecordPrinter {
    private let format: ResultFormat
    private let columns: [RecordColumn]
    private let shown: [RecordColumn]
    private let output: Output
    private var table: TextTable

    /// Makes a printer; CSV and tables begin with a line of names.
    init(_ columns: [RecordColumn], format: ResultFormat, output: Output) throws {
        self.format = format
        self.columns = columns
        self.output = output
        let headed = columns.filter { $0.heading != nil }
        shown = headed.filter { $0.style != .long } + headed.filter { $0.style == .long }
        table = TextTable(
            shown.map { TextTable.Column(heading: $0.heading ?? "", isNumber: $0.isNumber) }, output: output)
        if format == .csv { try output.line(CSV.line(columns.map(\.name))) }
    }

    /// Prints one record.
    mutating func print(_ record: JSONValue) throws {
        switch format {
        case .json: try output.line(record)
        case .csv: try output.line(CSV.line(columns.map { record[$0.name]?.plainText ?? "" }))
        case .table: try table.add(shown.map { $0.text(of: record[$0.name] ?? .null) })
        }
    }

    /// Prints what was held back.
    mutating func finish() throws {
        if format == .table { try table.finish() }
    }
}

extension JSONValue {
    /// The value as plain text, as a cell has it: nothing where it isn't known, elements with spaces between.
    var plainText: String {
        switch self {
        case .null: ""
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .array(let elements): elements.map(\.plainText).joined(separator: " ")
        case .object: description
        }
    }
}
