internal import Foundation

/// A primary, two replicas and three sentinels that a test owns; a failover takes two seconds or so.
public struct RedisSentinel: Sendable {
    /// The servers; the first one is the primary in the beginning.
    public let servers: [RedisServer]
    /// The sentinels' processes.
    public let sentinels: [ServerProcess]
    /// The sentinels' ports.
    public let ports: [Int]

    /// What the sentinels call the primary.
    public static let name = "main"

    /// The URL of the primary, whichever it is.
    public var url: String {
        "redis-sentinel://\(ports.map { "127.0.0.1:\($0)" }.joined(separator: ","))/\(Self.name)"
    }

    /// Starts them for the time of a test.
    ///
    /// - Parameter body: gets them when the sentinels know each other and the replicas.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where they don't find each other.
    public static func with<Result>(_ body: (RedisSentinel) async throws -> Result) async throws -> Result {
        try await RedisServer.with { primary in
            var replica = RedisServer.Options()
            replica.arguments = ["--replicaof", "127.0.0.1 \(primary.port)"]
            return try await RedisServer.with(replica) { first in
                try await RedisServer.with(replica) { second in
                    try await watching([primary, first, second], body)
                }
            }
        }
    }

    /// The port of the server that the first sentinel that answers has for the primary.
    ///
    /// - Returns: the port.
    /// - Throws: ``Tool/Failure`` where none answers.
    public func primaryPort() async throws -> Int? {
        for port in ports.dropLast() {
            if let port = try? await Self.primaryPort(by: port) { return port }
        }
        return try await Self.primaryPort(by: ports[ports.count - 1])
    }

    private static func primaryPort(by port: Int) async throws -> Int? {
        let answer = try await RedisServer.cli(port: port, ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name])
        return answer.split(separator: "\n").last.flatMap { Int($0) }
    }

    private static func watching<Result>(
        _ servers: [RedisServer], _ body: (RedisSentinel) async throws -> Result
    ) async throws -> Result {
        for replica in servers.dropFirst() {
            try await Waiting.until("a replica has its primary's data") {
                try await replica.cli("INFO", "replication").contains("master_link_status:up")
            }
        }
        return try await ScratchFolder.with { folder in
            let ports = (0..<3).map { _ in FreePort.take() }
            let commands = try ports.map { try command(on: $0, of: servers[0], in: folder) }
            return try await ServerProcess.withAll(commands) { sentinels in
                for port in ports {
                    try await Waiting.until("the sentinels know each other") {
                        let info = try await RedisServer.cli(port: port, ["INFO", "sentinel"])
                        return info.contains("slaves=2,sentinels=3")
                    }
                }
                return try await body(RedisSentinel(servers: servers, sentinels: sentinels, ports: ports))
            }
        }
    }

    private static func command(
        on port: Int, of primary: RedisServer, in folder: String
    ) throws -> ServerProcess.Command {
        let file = "\(folder)/\(port).conf"
        let text = """
            port \(port)
            bind 127.0.0.1
            dir \(folder)
            sentinel monitor \(name) 127.0.0.1 \(primary.port) 2
            sentinel down-after-milliseconds \(name) 500
            sentinel failover-timeout \(name) 3000

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return ServerProcess.Command("redis-sentinel", [file]) { await RedisServer.isAnswering(port: port) }
    }
}
