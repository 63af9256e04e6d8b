/// A stick table, as its first line tells it.
struct TableHeader: Sendable, Equatable {
    /// What its keys are.
    enum Kind: String, Sendable, CaseIterable {
        /// Text, cut to a length: cookies.
        case string
        /// Bytes: digests.
        case binary
        /// Numbers.
        case integer
        /// IPv4 addresses.
        case ip
        /// IPv6 addresses.
        case ipv6
        /// Something that this version doesn't know.
        case other

        /// Whether one entry can be named in a command.
        var hasNamedKeys: Bool { self != .binary && self != .other }
    }

    /// Its name: that of its backend, or `peers/name`.
    var name: String
    /// What its keys are.
    var kind: Kind
    /// The entries that it has room for.
    var size: Int
    /// The entries that it has.
    var used: Int

    /// Reads `# table: NAME, type: KIND, size:N, used:N`; `nil` for another line.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: "# table: ".utf8), line.count <= 4096 else { return nil }
        let text = String(decoding: line.dropFirst(9), as: UTF8.self)
        let fields = text.split(separator: ", ", omittingEmptySubsequences: false)
        guard let place = fields.lastIndex(where: { $0.hasPrefix("type: ") }), place > 0 else { return nil }
        func number(_ name: String) -> Int? {
            fields[place...].lazy.first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.utf8.count)) }
        }
        guard let size = number("size:"), let used = number("used:"), size >= 0, used >= 0 else { return nil }
        name = fields[..<place].joined(separator: ", ")
        kind = Kind(rawValue: String(fields[place].dropFirst(6))) ?? .other
        self.size = size
        self.used = used
    }
}

/// Reads the list of stick tables.
struct TableListReader: AnswerReader {
    private let limits: RuntimeLimits
    private var tables: [TableHeader] = []

    init(limits: RuntimeLimits = RuntimeLimits()) { self.limits = limits }

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard let table = TableHeader(line) else { throw RuntimeFault.refused(WireText.printable(line)) }
        guard tables.count < min(limits.records, 10_000) else { throw RuntimeFault.tooLarge }
        tables.append(table)
    }

    mutating func finish() -> [TableHeader] { tables }
}
