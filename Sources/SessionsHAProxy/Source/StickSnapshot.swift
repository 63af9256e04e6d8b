internal import Sessions

/// The stick tables as they stood when they were read, and the sessions that they bind.
///
/// A session that several tables hold is one session, with a pin in each.
struct StickSnapshot: Sendable {
    /// An entry of a table.
    struct Pin: Sendable {
        /// The session.
        var id: IDHash
        /// The place of its table among ``StickSnapshot/tables``.
        var table: Int32
        /// The place of its entry in the table.
        var entry: Int32
        /// The place of its node's name among ``StickSnapshot/nodes``; `nil`: it is bound to none.
        var node: Int32?
        /// When it is forgotten unless it is used; `nil`: never.
        var end: Timestamp?
    }

    /// The tables that were read.
    let tables: [TableDump]
    /// Tables that keep no servers, and were left out.
    let countingTables: [TableHeader]
    /// All pins, in the order of their sessions, then of their tables.
    let pins: [Pin]
    /// The nodes' names.
    let nodes: [String]
    /// When it was read.
    let at: Timestamp

    /// Puts tables together.
    ///
    /// - Parameters:
    ///   - dumps: the tables.
    ///   - wantsCounting: whether tables that keep no servers are taken in.
    ///   - servers: names for the numbers of servers.
    ///   - now: when they were read.
    init(_ dumps: [TableDump], wantsCounting: Bool, servers: ServerNames, at now: Timestamp) {
        at = now
        tables = dumps.filter { $0.keepsServers || wantsCounting }
        countingTables = wantsCounting ? [] : dumps.filter { !$0.keepsServers }.map(\.header)
        var (nodes, places): ([String], [String: Int32]) = ([], [:])
        var pins: [Pin] = []
        pins.reserveCapacity(tables.reduce(0) { $0 + $1.entries.count })
        for (table, dump) in tables.enumerated() {
            // Where no entry has any time left, the table has no expiry at all.
            let expires = dump.entries.contains { $0.remaining > 0 }
            var known: [Bound: Int32?] = [:]
            for (place, entry) in dump.entries.enumerated() {
                let bound = Bound(number: entry.serverNumber, name: entry.serverName)
                let node =
                    known[bound]
                    ?? servers.node(bound.in(dump), table: dump.header.name).map {
                        places.number(of: $0, in: &nodes)
                    }
                known[bound] = .some(node)
                pins.append(
                    Pin(
                        id: entry.id, table: Int32(table), entry: Int32(place), node: node,
                        end: expires ? now + .milliseconds(entry.remaining) : nil))
            }
        }
        pins.sort { ($0.id, $0.table) < ($1.id, $1.table) }
        (self.nodes, self.pins) = (nodes, pins)
    }

    /// What entries of one server have in common.
    private struct Bound: Hashable {
        var number: Int32
        var name: Int32?

        func `in`(_ dump: TableDump) -> (number: Int?, name: String?) {
            (number > 0 ? Int(number) : nil, name.map { dump.serverNames[Int($0)] })
        }
    }

    /// The key of a pin.
    func key(_ pin: Pin) -> [UInt8] {
        let dump = tables[Int(pin.table)]
        return dump.key(dump.entries[Int(pin.entry)])
    }

    // MARK: Finding

    /// A session's pins, in the order of tables; empty where there are none.
    func pins(of id: IDHash) -> ArraySlice<Pin> {
        let start = firstPlace { $0.id >= id }
        return pins[start...].prefix { $0.id == id }
    }

    /// Where a session's entries are.
    func places(of id: IDHash) -> [EntryPlace] {
        pins(of: id).map { EntryPlace(table: tables[Int($0.table)].header, key: key($0)) }
    }

    /// The place of the first pin whose session comes after another; `nil`: of the first at all.
    func place(after id: IDHash?) -> Int { id.map { id in firstPlace { $0.id > id } } ?? 0 }

    /// The place of the first pin of a session that isn't before another.
    func place(from id: IDHash) -> Int { firstPlace { $0.id >= id } }

    private func firstPlace(_ isThere: (Pin) -> Bool) -> Int {
        var (low, high) = (0, pins.count)
        while low < high {
            let middle = (low + high) / 2
            if isThere(pins[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Rows

    /// The session of the pins that begin at a place, and where the next begins.
    func row(at place: Int) -> (row: SessionRow, next: Int) {
        let id = pins[place].id
        var next = place + 1
        while next < pins.count, pins[next].id == id { next += 1 }
        return (row(pins[place..<next], id), next)
    }

    /// A session as its pins tell it: the one that is used last says where it is.
    func row(_ pins: ArraySlice<Pin>, _ id: IDHash) -> SessionRow {
        var row = SessionRow(id: id)
        let freshest = pins.max { $0.end.map(\.milliseconds) ?? .max < $1.end.map(\.milliseconds) ?? .max }
        row.deadlines.idle = freshest?.end
        row.node = freshest?.node.map { nodes[Int($0)] }
        return row
    }

    /// All sessions, each once.
    func forEachRow(_ body: (SessionRow) -> Void) {
        var place = 0
        while place < pins.count {
            let (row, next) = row(at: place)
            body(row)
            place = next
        }
    }
}

extension [String: Int32] {
    /// The number of a text, which is given one the first time.
    fileprivate mutating func number(of text: String, in texts: inout [String]) -> Int32 {
        if let number = self[text] { return number }
        texts.append(text)
        self[text] = Int32(texts.count - 1)
        return Int32(texts.count - 1)
    }
}

/// Where an entry is, or was.
struct EntryPlace: Sendable {
    /// The table.
    var table: TableHeader
    /// The key.
    var key: [UInt8]
}
