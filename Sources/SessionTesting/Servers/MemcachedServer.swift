internal import Foundation

/// A memcached server that a test owns, on a free port of the loopback.
///
/// ```swift
/// try await MemcachedServer.with { memcached in
///     let cache = try MemcachedSharedCache(MemcachedConfiguration(url: memcached.url))
///     try await memcached.process.end(by: .kill)
///     try await memcached.process.start()      // empty
/// }
/// ```
public struct MemcachedServer: Sendable {
    /// How it is started.
    public struct Options: Sendable {
        /// Users with their passwords; `nil`: nobody is asked.
        public var users: [String: String]?
        /// Makes it speak TLS alone.
        public var certificates: TestCertificates?
        /// Whether it asks for a client's certificate, under TLS.
        public var needsClientCertificate = false
        /// More of its arguments.
        public var arguments: [String] = []

        /// Everything as it is by default.
        public init() {}
    }

    /// Its port.
    public let port: Int
    /// The process: to end it, stop it and start it again.
    public let process: ServerProcess
    private let isEncrypted: Bool

    /// Its URL, without user and password.
    public var url: String { isEncrypted ? "memcacheds://localhost:\(port)" : "memcached://127.0.0.1:\(port)" }

    /// Starts a server for the time of a test.
    ///
    /// - Parameters:
    ///   - options: how it is started.
    ///   - body: gets the server when it listens.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where the server doesn't start.
    public static func with<Result>(
        _ options: Options = Options(), _ body: (MemcachedServer) async throws -> Result
    ) async throws -> Result {
        try await ScratchFolder.with { folder in
            let port = FreePort.take()
            let command = try command(on: port, in: folder, options)
            return try await ServerProcess.with(command) { process in
                try await body(
                    MemcachedServer(port: port, process: process, isEncrypted: options.certificates != nil))
            }
        }
    }

    private static func command(
        on port: Int, in folder: String, _ options: Options
    ) throws -> ServerProcess.Command {
        // As root it wants to be told that it may stay root; as anybody else it takes no notice.
        var arguments = ["-u", "root", "-l", "127.0.0.1", "-p", "\(port)", "-U", "0", "-t", "2", "-m", "64"]
        if let users = options.users {
            let lines = users.map { "\($0.key):\($0.value)\n" }.joined()
            try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/users"))
            arguments += ["-Y", folder + "/users"]
        }
        if let certificates = options.certificates {
            arguments += ["-Z", "-o", "ssl_chain_cert=\(certificates.server),ssl_key=\(certificates.serverKey)"]
            arguments += ["-o", "ssl_ca_cert=\(certificates.authority)"]
            arguments += ["-o", "ssl_verify_mode=\(options.needsClientCertificate ? 2 : 0)"]
        }
        // It listens when all else is ready.
        return ServerProcess.Command("memcached", arguments + options.arguments) { LoopbackPort.isOpen(port) }
    }
}
