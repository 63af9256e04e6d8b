/// An entry of a stick table.
struct StickEntry: Sendable, Equatable {
    /// The key: as a rule a cookie, and a secret.
    var key: [UInt8]
    /// How many connections refer to it: it can't be removed while there are any.
    var use = 0
    /// How long it stays unless it is used; zero where it never goes, too.
    var remaining = Duration.zero
    /// The number of the server that it sticks to, within its backend; `nil`: none, or the table keeps none.
    var serverNumber: Int?
    /// The name (or address) of that server; `nil`: none, or unknown.
    var serverName: String?
    /// Whether its table keeps servers at all: if not, it counts, and binds nobody.
    var hasServer = false
    /// What else is kept, as it is written: counts and rates by their names.
    var data: [(name: String, value: Int64)] = []

    /// Reads a line; `nil` for one that is no entry.
    ///
    /// - Throws: ``RuntimeFault``.
    init?(_ line: ArraySlice<UInt8>, kind: TableHeader.Kind, limits: RuntimeLimits = RuntimeLimits()) throws {
        guard var fields = EntryLine(line) else { return nil }
        guard let key = fields.key(of: kind) else { throw RuntimeFault.malformed }
        self.key = key
        while let field = try fields.next() {
            guard data.count < limits.fields else { throw RuntimeFault.tooLarge }
            if try !take(field) { try keep(field) }
        }
    }

    static func == (a: StickEntry, b: StickEntry) -> Bool {
        a.key == b.key && a.use == b.use && a.remaining == b.remaining && a.serverNumber == b.serverNumber
            && a.serverName == b.serverName && a.hasServer == b.hasServer
            && a.data.elementsEqual(b.data) { $0.name == $1.name && $0.value == $1.value }
    }

    private mutating func take(_ field: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)) throws -> Bool {
        switch EntryField(field.name) {
        case .use: use = Int(try Self.number(field.value))
        case .remaining: remaining = .milliseconds(try Self.number(field.value))
        case .serverNumber:
            hasServer = true
            let number = try Self.number(field.value)
            serverNumber = number > 0 ? Int(number) : nil
        case .serverName:
            hasServer = true
            serverName = EntryField.serverName(field.value)
        case .other: return false
        }
        return true
    }

    private mutating func keep(_ field: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)) throws {
        // What isn't a number is of no use here, and may be of a later version.
        guard let value = WireText.number(field.value) else { return }
        data.append((WireText.printable(field.name, limit: 64), value))
    }

    private static func number(_ text: ArraySlice<UInt8>) throws -> Int64 {
        guard let number = WireText.number(text), number >= 0 else { throw RuntimeFault.malformed }
        return number
    }
}

/// The fields of an entry that mean more than their numbers.
enum EntryField {
    case use, remaining, serverNumber, serverName, other

    init(_ name: ArraySlice<UInt8>) {
        switch name.count {
        case 3 where name.elementsEqual("exp".utf8): self = .remaining
        case 3 where name.elementsEqual("use".utf8): self = .use
        case 9 where name.elementsEqual("server_id".utf8): self = .serverNumber
        case 10 where name.elementsEqual("server_key".utf8): self = .serverName
        default: self = .other
        }
    }

    /// A server's name; `nil` where there is none.
    static func serverName(_ text: ArraySlice<UInt8>) -> String? {
        text.isEmpty || text.elementsEqual("-".utf8) ? nil : WireText.printable(text)
    }
}

/// Reads one entry: the answer to `show table NAME key K`.
struct EntryReader: AnswerReader {
    private var header: TableHeader?
    private var entry: StickEntry?

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard let header else {
            guard let header = TableHeader(line) else { throw RuntimeFault.refused(WireText.printable(line)) }
            return self.header = header
        }
        if line.first == UInt8(ascii: "#") { throw RuntimeFault.refused(WireText.printable(line.dropFirst(2))) }
        guard entry == nil, let entry = try StickEntry(line, kind: header.kind) else { throw RuntimeFault.malformed }
        self.entry = entry
    }

    /// The entry; `nil` where the table has none of this key, for which HAProxy says nothing at all.
    mutating func finish() -> StickEntry? { entry }
}
