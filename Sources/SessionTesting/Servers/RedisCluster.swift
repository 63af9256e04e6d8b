internal import Foundation

/// A Redis Cluster that a test owns: three primaries and a replica of each; a failover takes three seconds or so.
public struct RedisCluster: Sendable {
    /// Its servers.
    public let servers: [RedisServer]

    /// Its URL, which names two of them.
    public var url: String {
        "redis-cluster://\(servers.prefix(2).map { "127.0.0.1:\($0.port)" }.joined(separator: ","))"
    }

    /// Starts one for the time of a test.
    ///
    /// - Parameter body: gets it when every server finds it whole.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where it can't be made.
    public static func with<Result>(_ body: (RedisCluster) async throws -> Result) async throws -> Result {
        try await with(servers: 6, started: [], body)
    }

    /// The server that has a slot, by its port; `nil`: none of them.
    ///
    /// - Parameter slot: the slot.
    /// - Returns: the server.
    /// - Throws: ``Tool/Failure`` where the first server that runs doesn't tell.
    public func primary(of slot: Int) async throws -> RedisServer? {
        for line in try await nodes() {
            let words = line.split(separator: " ")
            guard words.count > 8, words[2].contains("master"), !words[2].contains("fail") else { continue }
            // `0-5460 5470 [93-<-NODE]`: the last is a slot that is being moved.
            let ranges = words[8...].filter { !$0.hasPrefix("[") }
                .map { $0.split(separator: "-").compactMap { Int($0) } }
            if ranges.contains(where: { ($0.first ?? 0) <= slot && slot <= ($0.last ?? -1) }) {
                return server(at: words[1])
            }
        }
        return nil
    }

    /// The name that a server has in the cluster.
    ///
    /// - Parameter server: one of its servers, which runs.
    /// - Returns: 40 hexadecimal digits.
    /// - Throws: ``Tool/Failure`` where it doesn't answer.
    public func id(of server: RedisServer) async throws -> String { try await server.cli("CLUSTER", "MYID") }

    private func nodes() async throws -> [Substring] {
        for server in servers.dropLast() {
            if let text = try? await server.cli("CLUSTER", "NODES") { return text.split(separator: "\n") }
        }
        return try await servers[servers.count - 1].cli("CLUSTER", "NODES").split(separator: "\n")
    }

    /// `HOST:PORT@BUS[,NAME]`.
    private func server(at place: Substring) -> RedisServer? {
        let port = place.split(separator: "@")[0].split(separator: ":").last
        return servers.first { "\($0.port)" == port.map(String.init) }
    }

    private static func with<Result>(
        servers count: Int, started: [RedisServer], _ body: (RedisCluster) async throws -> Result
    ) async throws -> Result {
        guard count > 0 else { return try await joining(started, body) }
        var options = RedisServer.Options()
        // The bus's usual port is the server's and 10,000 more, which may be taken or beyond the last.
        options.arguments = ["--cluster-enabled", "yes", "--cluster-port", "\(FreePort.take())"]
        options.arguments += ["--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no"]
        return try await RedisServer.with(options) {
            try await with(servers: count - 1, started: started + [$0], body)
        }
    }

    private static func joining<Result>(
        _ servers: [RedisServer], _ body: (RedisCluster) async throws -> Result
    ) async throws -> Result {
        let places = servers.map { "127.0.0.1:\($0.port)" }
        try await Tool.run(
            "redis-cli", ["--cluster", "create"] + places + ["--cluster-replicas", "1", "--cluster-yes"])
        for server in servers {
            try await Waiting.until("the cluster is whole") {
                let slots = try await server.cli("CLUSTER", "INFO")
                let nodes = try await server.cli("CLUSTER", "NODES")
                let replicas = nodes.split(separator: "\n").filter { $0.contains("slave") }
                return slots.contains("cluster_state:ok") && replicas.count == servers.count / 2
            }
        }
        return try await body(RedisCluster(servers: servers))
    }
}
