internal import Foundation

/// An HAProxy that a test owns, with a runtime API on sockets in a temporary folder and on a port of the loopback.
///
/// ```swift
/// let port = FreePort.take()
/// let sections = """
///     frontend web
///         bind 127.0.0.1:\(port)
///         default_backend shop
///     backend shop
///         stick-table type string len 64 size 1k expire 30m
///         stick on req.cook(sid)
///         server web-01 127.0.0.1:8081
///     """
/// try await HAProxyServer.with(sections) { haproxy in
///     …
///     try await haproxy.process.end()      // and what it keeps in memory is gone
///     try await haproxy.process.start()
/// }
/// ```
public struct HAProxyServer: Sendable {
    /// How it is started.
    public struct Options: Sendable {
        /// More lines of its `global` section.
        public var global: [String] = []
        /// The lines of its `defaults` section.
        public var defaults = [
            "mode http", "timeout connect 5s", "timeout client 60s", "timeout server 60s", "option redispatch",
        ]
        /// The mode of the administrator's socket, as `chmod` takes it.
        public var socketMode = "600"
        /// Its name among its peers.
        public var peer = "balancer"

        /// Everything as it is by default.
        public init() {}
    }

    /// What a socket of the runtime API lets one do.
    public enum Level: String, Sendable, CaseIterable {
        /// Everything.
        case admin
        /// Looking at entries, and changing nothing.
        case `operator`
        /// Looking at counts alone.
        case user
    }

    /// The port of the runtime API, for administrators.
    public let port: Int
    /// The process: to end it, stop it and start it again.
    public let process: ServerProcess
    private let folder: String

    /// The path of a socket of the runtime API.
    public func socket(_ level: Level = .admin) -> String { "\(folder)/\(level.rawValue).sock" }

    /// The URL of a socket of the runtime API.
    public func url(_ level: Level = .admin) -> String { "haproxy:\(socket(level))" }

    /// The URL of the runtime API's port.
    public var hostURL: String { "haproxy://127.0.0.1:\(port)" }

    /// Starts a balancer for the time of a test.
    ///
    /// - Parameters:
    ///   - sections: what follows `global` and `defaults` in its configuration: frontends, backends, peers.
    ///   - options: how it is started.
    ///   - body: gets the balancer when it listens on all of its ports.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where it doesn't start: the error holds what it said of the configuration.
    public static func with<Result>(
        _ sections: String, _ options: Options = Options(), _ body: (HAProxyServer) async throws -> Result
    ) async throws -> Result {
        try await ScratchFolder.with { folder in
            let port = FreePort.take()
            let configuration = head(options, port: port, in: folder) + sections + "\n"
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: "\(folder)/haproxy.cfg"))
            // A socket's file gets its name at the very end, when its ports take connections already.
            let sockets = Level.allCases.map { "\(folder)/\($0.rawValue).sock" }
            let command = ServerProcess.Command(
                "haproxy", ["-db", "-f", "\(folder)/haproxy.cfg", "-L", options.peer]
            ) { LoopbackPort.isOpen(port) && sockets.allSatisfy { FileManager.default.fileExists(atPath: $0) } }
            return try await ServerProcess.with(command) { process in
                try await body(HAProxyServer(port: port, process: process, folder: folder))
            }
        }
    }

    private static func head(_ options: Options, port: Int, in folder: String) -> String {
        var lines = ["global", "maxconn 500", "stats timeout 60s", "stats maxconn 50"]
        for level in Level.allCases {
            let mode = level == .admin ? options.socketMode : "600"
            lines.append("stats socket \(folder)/\(level.rawValue).sock mode \(mode) level \(level.rawValue)")
        }
        lines.append("stats socket ipv4@127.0.0.1:\(port) level admin")
        return (lines + options.global + ["defaults"] + options.defaults).joined(separator: "\n") + "\n"
    }
}
