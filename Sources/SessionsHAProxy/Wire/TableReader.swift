internal import Sessions

/// The entries of a stick table: keys in one piece of memory, servers' names once each.
struct TableDump: Sendable {
    /// An entry, but for its key and its server's name.
    struct Entry: Sendable {
        /// The session that the key means.
        var id: IDHash
        /// Where its key begins.
        var keyStart: Int
        /// How long the key is, in bytes.
        var keyLength: Int32
        /// The number of its server within the backend; zero: none, or unknown.
        var serverNumber: Int32
        /// The place of its server's name among ``TableDump/serverNames``; `nil`: none.
        var serverName: Int32?
        /// How long it stays, in milliseconds.
        var remaining: Int64
    }

    /// The table.
    var header: TableHeader
    /// Whether it keeps servers: one that doesn't counts, and binds nobody.
    var keepsServers = true
    /// The entries, in HAProxy's order.
    var entries: [Entry] = []
    /// All keys, one behind the other.
    var keys: [UInt8] = []
    /// The servers' names that entries refer to.
    var serverNames: [String] = []

    /// The key of an entry.
    func key(_ entry: Entry) -> [UInt8] { Array(keys[entry.keyStart..<entry.keyStart + Int(entry.keyLength)]) }
}

/// Reads a stick table with its entries: the answer to `show table NAME`.
struct TableReader: AnswerReader {
    private let limits: RuntimeLimits
    private let wantsCounting: Bool
    private var dump: TableDump?
    private var places: [[UInt8]: Int32] = [:]

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - wantsCounting: whether a table that keeps no servers is read at all.
    ///   - limits: how much is taken in.
    init(wantsCounting: Bool, limits: RuntimeLimits = RuntimeLimits()) {
        (self.wantsCounting, self.limits) = (wantsCounting, limits)
    }

    var hasEnough: Bool { !wantsCounting && dump?.keepsServers == false }

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard dump != nil else {
            guard let header = TableHeader(line) else { throw RuntimeFault.refused(WireText.printable(line)) }
            return dump = TableDump(header: header)
        }
        if line.first == UInt8(ascii: "#") { throw RuntimeFault.refused(WireText.printable(line.dropFirst(2))) }
        try dump?.add(line, &places, limits)
    }

    mutating func finish() throws -> TableDump {
        guard let dump else { throw RuntimeFault.malformed }
        return dump
    }
}

extension TableDump {
    fileprivate mutating func add(
        _ line: ArraySlice<UInt8>, _ places: inout [[UInt8]: Int32], _ limits: RuntimeLimits
    ) throws {
        guard var fields = EntryLine(line), let key = fields.key(of: header.kind) else { throw RuntimeFault.malformed }
        guard entries.count < limits.records, keys.count + key.count <= limits.keys else {
            throw RuntimeFault.tooLarge
        }
        var entry = Entry(
            id: IDHash(stickKey: key, of: header.kind), keyStart: keys.count, keyLength: Int32(key.count),
            serverNumber: 0, serverName: nil, remaining: 0)
        var hasServer = false
        while let (name, value) = try fields.next() {
            switch EntryField(name) {
            case .remaining:
                guard let number = WireText.number(value), number >= 0 else { throw RuntimeFault.malformed }
                entry.remaining = number
            case .serverNumber:
                guard let number = WireText.number(value).flatMap({ Int32(exactly: $0) }) else {
                    throw RuntimeFault.malformed
                }
                entry.serverNumber = number
                hasServer = true
            case .serverName:
                entry.serverName = try place(of: value, in: &places, limits)
                hasServer = true
            case .use, .other: break
            }
        }
        if entries.isEmpty { keepsServers = hasServer }
        keys += key
        entries.append(entry)
    }

    private mutating func place(
        of name: ArraySlice<UInt8>, in places: inout [[UInt8]: Int32], _ limits: RuntimeLimits
    ) throws -> Int32? {
        guard let text = EntryField.serverName(name) else { return nil }
        let bytes = Array(name)
        if let place = places[bytes] { return place }
        guard serverNames.count < 100_000 else { throw RuntimeFault.tooLarge }
        serverNames.append(text)
        places[bytes] = Int32(serverNames.count - 1)
        return Int32(serverNames.count - 1)
    }
}
