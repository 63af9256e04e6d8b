internal import Sessions

/// What servers are called as nodes: by their names alone where no two backends have one of the same name.
struct ServerNames: Sendable {
    private let servers: [ServerState]
    private let counts: [String: Int]
    private let byNumber: [String: [Int: ServerState]]

    /// Names these servers.
    init(_ servers: [ServerState]) {
        self.servers = servers
        counts = servers.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
        byNumber = servers.reduce(into: [:]) { $0[$1.backend, default: [:]][$1.number] = $1 }
    }

    /// The node that a server is.
    func node(_ server: ServerState) -> String {
        counts[server.name] ?? 0 > 1 ? "\(server.backend)/\(server.name)" : server.name
    }

    /// The server that is meant by a node's name; `nil`: there is none.
    func server(_ node: String) -> ServerState? {
        servers.first { self.node($0).hasBytes(of: node) }
    }

    /// The node that entries are bound to.
    ///
    /// Numbers mean something within a backend alone, and a table that several backends share belongs to none of them:
    /// there the name that HAProxy keeps beside the number tells more.
    ///
    /// - Parameters:
    ///   - bound: the server's number and its name, as the entry has them.
    ///   - table: the table, which has the name of its backend.
    /// - Returns: `nil` where it is bound to none; a number that nobody knows is named as that.
    func node(_ bound: (number: Int?, name: String?), table: String) -> String? {
        if let name = bound.name {
            if let own = byNumber[table]?.values.first(where: { $0.name == name }) { return node(own) }
            return name
        }
        guard let number = bound.number else { return nil }
        return byNumber[table]?[number].map(node) ?? "server \(number)"
    }
}
