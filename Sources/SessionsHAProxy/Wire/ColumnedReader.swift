/// A row of a table whose first line names the columns.
struct ColumnedRow {
    fileprivate let columns: [String: Int]
    fileprivate let fields: [[UInt8]]

    /// What stands in a column; `nil`: there is no such column, or nothing stands in it.
    subscript(column: String) -> String? {
        guard let place = columns[column], fields.indices.contains(place), !fields[place].isEmpty else { return nil }
        return WireText.printable(fields[place])
    }

    /// The number in a column; `nil`: there is none.
    func number(_ column: String) -> Int? {
        guard let place = columns[column], fields.indices.contains(place) else { return nil }
        return WireText.number(fields[place][...]).map(Int.init)
    }
}

/// Reads rows whose columns are named by a line that begins with `# `.
struct ColumnedReader<Record: Sendable>: AnswerReader {
    /// How the fields of a line are set apart.
    enum Form: Sendable {
        /// By blanks.
        case words
        /// By commas; a field that holds one is quoted, and a quotation mark in it stands twice.
        case commas
    }

    private let form: Form
    private let limits: RuntimeLimits
    private let make: @Sendable (ColumnedRow) -> Record?
    private var columns: [String: Int]?
    private var records: [Record] = []
    /// A record whose quoted field holds a line's end, so far.
    private var open: [UInt8] = []

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - form: how fields are set apart.
    ///   - limits: how much is taken in.
    ///   - make: makes a record of a row; `nil`: the row is of no interest.
    init(_ form: Form, limits: RuntimeLimits = RuntimeLimits(), _ make: @escaping @Sendable (ColumnedRow) -> Record?) {
        (self.form, self.limits, self.make) = (form, limits, make)
    }

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard let columns else { return try takeHead(line) }
        let whole = open.isEmpty ? line : (open + [UInt8(ascii: "\n")] + line)[...]
        guard whole.count <= limits.line else { throw RuntimeFault.tooLarge }
        guard let fields = try fields(whole) else { return open = Array(whole) }
        open = []
        guard records.count < limits.records else { throw RuntimeFault.tooLarge }
        if let record = make(ColumnedRow(columns: columns, fields: fields)) { records.append(record) }
    }

    mutating func finish() throws -> [Record] {
        guard columns != nil, open.isEmpty else { throw RuntimeFault.cutShort }
        return records
    }

    private mutating func takeHead(_ line: ArraySlice<UInt8>) throws {
        // The number of the format stands before the head of a table of words.
        if form == .words, WireText.number(line) != nil { return }
        guard line.starts(with: "# ".utf8), let names = try fields(line.dropFirst(2)) else {
            throw RuntimeFault.refused(WireText.printable(line))
        }
        let places = names.enumerated().map { (WireText.printable($0.element), $0.offset) }
        columns = Dictionary(places) { first, _ in first }
    }

    /// The fields of a line; `nil`: the last one goes on in the next line.
    private func fields(_ line: ArraySlice<UInt8>) throws -> [[UInt8]]? {
        let fields =
            switch form {
            case .words: line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
            case .commas: try CommaSeparated.fields(line)
            }
        guard fields?.count ?? 0 <= limits.fields else { throw RuntimeFault.tooLarge }
        return fields
    }
}

/// Fields that are set apart by commas.
enum CommaSeparated {
    /// Takes a record apart.
    ///
    /// - Returns: its fields; `nil`: a quoted one isn't closed yet.
    /// - Throws: ``RuntimeFault/malformed`` for what follows a closed one.
    static func fields(_ line: ArraySlice<UInt8>) throws -> [[UInt8]]? {
        let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
        var fields: [[UInt8]] = []
        var rest = line
        while true {
            guard rest.first == quote else {
                let end = rest.firstIndex(of: comma) ?? rest.endIndex
                fields.append(Array(rest[rest.startIndex..<end]))
                guard end < rest.endIndex else { return fields }
                rest = rest[(end + 1)...]
                continue
            }
            rest = rest.dropFirst()
            var field: [UInt8] = []
            while true {
                guard let end = rest.firstIndex(of: quote) else { return nil }
                field += rest[rest.startIndex..<end]
                rest = rest[(end + 1)...]
                guard rest.first == quote else { break }
                field.append(quote)
                rest = rest.dropFirst()
            }
            fields.append(field)
            guard let next = rest.popFirst() else { return fields }
            guard next == comma else { throw RuntimeFault.malformed }
        }
    }
}
