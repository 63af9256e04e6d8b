internal import Sessions

/// A command of HAProxy's runtime API.
///
/// Whatever stands in a name or a key stays one word: a stranger's cookie can't end the command, begin another, or make
/// it one for the whole table.
enum RuntimeCommand: Sendable, Equatable {
    /// The stick tables: kind, size, entries.
    case showTables
    /// A stick table with its entries.
    case showTable(String)
    /// One entry of a stick table.
    case showEntry(table: String, key: [UInt8])
    /// Removes one entry of a stick table.
    case clearEntry(table: String, key: [UInt8])
    /// The servers of all backends.
    case showServers
    /// The counters of all proxies and servers.
    case showStatistics
    /// The process.
    case showInformation
    /// Who is told of which stick tables.
    case showPeers
    /// What this connection may do.
    case showLevel
    /// The sockets of the runtime API.
    case showSockets
    /// Takes a server in or out.
    case setState(backend: String, server: String, ServerOrder)

    /// What a server can be told.
    enum ServerOrder: String, Sendable, CaseIterable {
        /// Take requests again.
        case ready
        /// Take bound clients alone.
        case drain
        /// Take nothing.
        case maintenance = "maint"
    }

    /// A line of HAProxy's is as long as its buffer at most; by default that has 16 KiB.
    static let longestLine = 16_000

    /// Whether it changes anything.
    var isChange: Bool {
        switch self {
        case .clearEntry, .setState: true
        default: false
        }
    }

    /// The command as it is sent, with its line's end.
    ///
    /// - Throws: `SessionsError` with `unsupported` where a key can't be written as a word.
    func encoded() throws -> [UInt8] {
        let line = Array(try words.joined(separator: [UInt8(ascii: " ")])) + [UInt8(ascii: "\n")]
        guard line.count <= Self.longestLine else {
            throw SessionsError(.unsupported, "this key is too long to be named in HAProxy's runtime API")
        }
        return line
    }

    private var words: [[UInt8]] {
        get throws {
            switch self {
            case .showTables: try Self.words("show", "table")
            case .showTable(let name): try Self.words("show", "table", name)
            case .showEntry(let table, let key): try Self.words("show", "table", table, "key") + [Self.word(key)]
            case .clearEntry(let table, let key): try Self.words("clear", "table", table, "key") + [Self.word(key)]
            case .showServers: try Self.words("show", "servers", "state")
            case .showStatistics: try Self.words("show", "stat")
            case .showInformation: try Self.words("show", "info")
            case .showPeers: try Self.words("show", "peers")
            case .showLevel: try Self.words("show", "cli", "level")
            case .showSockets: try Self.words("show", "cli", "sockets")
            case .setState(let backend, let server, let order):
                try Self.words("set", "server", "\(backend)/\(server)", "state", order.rawValue)
            }
        }
    }

    private static func words(_ words: String...) throws -> [[UInt8]] { try words.map { try word(Array($0.utf8)) } }

    /// Writes a word so that HAProxy reads back exactly these bytes.
    ///
    /// A blank would end it, a semicolon the command; `<<` would make what follows a payload. A backslash before any of
    /// them is taken away again. A line's end and a zero can't be written; an empty word would not be one.
    ///
    /// - Throws: `SessionsError` with `unsupported` for what can't be written.
    static func word(_ bytes: [UInt8]) throws -> [UInt8] {
        guard !bytes.isEmpty, !bytes.contains(where: { unwritable.contains($0) }) else {
            throw SessionsError(
                .unsupported, "this key can't be named in HAProxy's runtime API: it is empty, or holds a line's end")
        }
        var word: [UInt8] = []
        word.reserveCapacity(bytes.count + 8)
        for byte in bytes {
            if special.contains(byte) { word.append(UInt8(ascii: "\\")) }
            word.append(byte)
        }
        return word
    }

    private static let unwritable = [0, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    private static let special = Array(" \t;\\<#".utf8)
}
