public import Sessions

/// One session, asked for anew.
extension HAProxySource {
    /// One session, with every entry of it: its counts as the payload, where it lies, the key masked.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        var places = places(of: id, in: try await lastSnapshot())
        if places.isEmpty { places = self.places(of: id, in: try await snapshot()) }
        var found: [(table: TableHeader, entry: StickEntry, node: String?)] = []
        let names = ServerNames(try await client.ask(.showServers, ServerState.reader()))
        for place in places {
            guard let entry = try await entry(place.key, in: place.table) else { continue }
            let table = place.table
            found.append((table, entry, names.node((entry.serverNumber, entry.serverName), table: table.name)))
        }
        return found.isEmpty ? nil : detail(id, found, at: time.wall())
    }

    /// An entry as it is now; `nil`: it is gone.
    func entry(_ key: [UInt8], in table: TableHeader) async throws -> StickEntry? {
        if table.kind.hasNamedKeys, (try? RuntimeCommand.word(key)) != nil {
            return try await client.ask(.showEntry(table: table.name, key: key), EntryReader())
        }
        // It can't be named: the whole table tells.
        return try await client.ask(.showTable(table.name), KeyReader(key))
    }

    private func detail(
        _ id: IDHash, _ found: [(table: TableHeader, entry: StickEntry, node: String?)], at now: Timestamp
    ) -> SessionDetail {
        var row = SessionRow(id: id)
        let freshest = found.max { $0.entry.remaining < $1.entry.remaining }
        row.node = freshest?.node
        row.deadlines.idle = freshest.flatMap { $0.entry.remaining > .zero ? now + $0.entry.remaining : nil }
        var location: [(name: String, value: String)] = []
        var data: [JSONValue.Member] = []
        for (table, entry, node) in found {
            let place = found.count > 1 ? " in \(table.name)" : ""
            location.append(
                ("table\(found.count > 1 ? " \(table.name)" : "")", "\(table.name), \(table.kind.rawValue)"))
            location.append(("key\(place)", Self.masked(entry.key, table.kind)))
            location.append(("server\(place)", node ?? "none"))
            location.append(("forgotten in\(place)", entry.remaining > .zero ? Self.seconds(entry.remaining) : "never"))
            location.append(("used by\(place)", "\(entry.use) connections now"))
            let counts = entry.data.map { JSONValue.Member($0.name, .integer($0.value)) }
            if !counts.isEmpty { data.append(.init(table.name, .object(counts))) }
        }
        var detail = SessionDetail(row: row, namespace: "", location: location)
        if !data.isEmpty { detail.payload = Payload(bytes: Array("\(JSONValue.object(data))".utf8)) }
        return detail
    }

    /// A key is a cookie: how long it is can be told, and nothing of it.
    private static func masked(_ key: [UInt8], _ kind: TableHeader.Kind) -> String {
        switch kind {
        // An address is no secret: whoever sees the session sees it anyway.
        case .ip, .ipv6: WireText.printable(key)
        default: "\u{2022}\u{2022}\u{2022}\u{2022} (\(key.count) bytes)"
        }
    }

    private static func seconds(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
}

/// Reads a table for one key.
private struct KeyReader: AnswerReader {
    private let key: [UInt8]
    private var header: TableHeader?
    private var entry: StickEntry?

    init(_ key: [UInt8]) { self.key = key }

    var hasEnough: Bool { entry != nil }

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard let header else {
            guard let header = TableHeader(line) else { throw RuntimeFault.refused(WireText.printable(line)) }
            return self.header = header
        }
        guard let fields = EntryLine(line) else { throw RuntimeFault.malformed }
        if fields.key(of: header.kind) == key { entry = try StickEntry(line, kind: header.kind) }
    }

    mutating func finish() -> StickEntry? { entry }
}
