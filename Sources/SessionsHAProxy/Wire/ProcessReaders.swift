/// The process that answers.
struct ProcessFacts: Sendable, Equatable {
    /// Its version.
    var version: String
    /// How long it has run.
    var uptime: Duration
    /// Its process id: another one is another process, with other tables.
    var process: Int
    /// Whether it is to end when its last connection does: it was reloaded, and another one takes the requests.
    var isStopping: Bool
}

/// Reads `show info`.
struct ProcessReader: AnswerReader {
    private var values: [String: String] = [:]

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw RuntimeFault.refused(WireText.printable(line))
        }
        guard values.count < 1_000 else { throw RuntimeFault.tooLarge }
        let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
        values[WireText.printable(line[..<colon], limit: 64)] = WireText.printable(value)
    }

    mutating func finish() throws -> ProcessFacts {
        guard values["Name"] == "HAProxy" || values["Version"] != nil else { throw RuntimeFault.malformed }
        return ProcessFacts(
            version: values["Version"] ?? "of an unknown version",
            uptime: .seconds(values["Uptime_sec"].flatMap { UInt32($0) }.map(Int.init) ?? 0),
            process: values["Pid"].flatMap { Int($0) } ?? 0, isStopping: values["Stopping"] == "1")
    }
}

/// Who is told of stick tables.
struct PeerFacts: Sendable, Equatable {
    /// The tables that are shared, with the old process of a reload or with other balancers.
    var tables: Set<String> = []
    /// Other balancers, and whether each is connected.
    var others: [Other] = []

    /// Another balancer.
    struct Other: Sendable, Equatable {
        /// Its name.
        var name: String
        /// What became of the last connection: `ESTA` is one.
        var status: String
    }
}

/// Reads `show peers`: lines of names and values, those of a table under those of a peer.
struct PeerReader: AnswerReader {
    private var facts = PeerFacts()

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        let words = line.split(separator: UInt8(ascii: " "))
        func value(_ name: String) -> ArraySlice<UInt8>? {
            words.lazy.first { $0.starts(with: name.utf8) }.map { $0.dropFirst(name.utf8.count) }
        }
        guard let first = words.first, let id = value("id=") else { return }
        guard facts.tables.count + facts.others.count < 10_000 else { throw RuntimeFault.tooLarge }
        if first.starts(with: "table:".utf8) {
            facts.tables.insert(WireText.printable(id))
        } else if let status = value("last_status="), let end = id.firstIndex(of: UInt8(ascii: "(")),
            id[end...].starts(with: "(remote".utf8)
        {
            facts.others.append(.init(name: WireText.printable(id[..<end]), status: WireText.printable(status)))
        }
    }

    mutating func finish() -> PeerFacts { facts }
}

/// A socket of the runtime API.
struct RuntimeSocket: Sendable, Equatable {
    /// Its address: `unix@/run/haproxy/admin.sock`, `ipv4@127.0.0.1:9999`.
    var address: String
    /// What it lets one do.
    var level: String

    /// The file of a Unix socket.
    var path: String? { address.hasPrefix("unix@") ? String(address.dropFirst(5)) : nil }

    /// Whether it can be reached from other machines.
    var isOpenToOthers: Bool {
        guard let at = address.firstIndex(of: "@"), address.hasPrefix("ip") else { return false }
        let host = address[address.index(after: at)...]
        return !["127.", "::1:", "[::1]", "::ffff:127."].contains { host.hasPrefix($0) }
    }

    /// A reader of all of them.
    static func reader(_ limits: RuntimeLimits = RuntimeLimits()) -> ColumnedReader<RuntimeSocket> {
        ColumnedReader(.words, limits: limits) { row in
            guard let address = row["socket"], let level = row["lvl"] else { return nil }
            return RuntimeSocket(address: address, level: level)
        }
    }
}
