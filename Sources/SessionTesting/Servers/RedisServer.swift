internal import Foundation

/// A Redis server that a test owns, on a free port of the loopback and on a Unix socket; it keeps nothing on disk.
///
/// ```swift
/// try await RedisServer.with { redis in
///     let store = try RedisStore(url: redis.url, …)
///     try await redis.process.end(by: .kill)
///     try await redis.process.start()
/// }
/// ```
public struct RedisServer: Sendable {
    /// How it is started.
    public struct Options: Sendable {
        /// The default user's password; `nil`: none is asked for.
        public var password: String?
        /// Makes it speak TLS alone on its port, and ask for a client's certificate.
        public var certificates: TestCertificates?
        /// Its port; `nil`: a free one.
        public var port: Int?
        /// More of its arguments, as in `redis.conf` but with `--` before each name.
        public var arguments: [String] = []

        /// Everything as it is by default.
        public init() {}
    }

    /// Its port.
    public let port: Int
    /// A folder of its own, where its socket is.
    public let folder: String
    /// The process: to end it, stop it and start it again.
    public let process: ServerProcess
    private let options: Options

    /// Its Unix socket.
    public var socket: String { folder + "/redis.sock" }

    /// Its URL, without user and password.
    public var url: String { options.certificates == nil ? "redis://127.0.0.1:\(port)" : "rediss://localhost:\(port)" }

    /// Starts a server for the time of a test.
    ///
    /// - Parameters:
    ///   - options: how it is started.
    ///   - body: gets the server when it answers.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and where the server doesn't start.
    public static func with<Result>(
        _ options: Options = Options(), _ body: (RedisServer) async throws -> Result
    ) async throws -> Result {
        try await ScratchFolder.with { folder in
            let port = options.port ?? FreePort.take()
            let command = command(on: port, in: folder, options)
            return try await ServerProcess.with(command) { process in
                try await body(RedisServer(port: port, folder: folder, process: process, options: options))
            }
        }
    }

    /// Runs a command on it with `redis-cli`, as the default user.
    ///
    /// - Parameter words: the command.
    /// - Returns: what was printed, without the end of the line.
    /// - Throws: ``Tool/Failure`` where it isn't done.
    @discardableResult
    public func cli(_ words: String...) async throws -> String {
        try await Self.cli(port: port, words, options)
    }

    private static func command(on port: Int, in folder: String, _ options: Options) -> ServerProcess.Command {
        var arguments = ["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
        arguments += ["--unixsocket", folder + "/redis.sock", "--repl-diskless-sync-delay", "0"]
        if let password = options.password { arguments += ["--requirepass", password] }
        if let certificates = options.certificates {
            arguments += ["--port", "0", "--tls-port", "\(port)", "--tls-ca-cert-file", certificates.authority]
            arguments += ["--tls-cert-file", certificates.server, "--tls-key-file", certificates.serverKey]
        } else {
            arguments += ["--port", "\(port)"]
        }
        return ServerProcess.Command("redis-server", arguments + options.arguments) {
            await isAnswering(port: port, options)
        }
    }

    static func cli(port: Int, _ words: [String], _ options: Options = Options()) async throws -> String {
        var arguments = ["-h", "127.0.0.1", "-p", "\(port)", "-e"]
        if let password = options.password { arguments += ["-a", password, "--no-auth-warning"] }
        if let certificates = options.certificates {
            arguments += ["--tls", "--cacert", certificates.authority]
            arguments += ["--cert", certificates.client, "--key", certificates.clientKey]
        }
        let output = try await Tool.run("redis-cli", arguments + words)
        return output.trimmingCharacters(in: .newlines)
    }

    static func isAnswering(port: Int, _ options: Options = Options()) async -> Bool {
        (try? await cli(port: port, ["PING"], options)) == "PONG"
    }
}
