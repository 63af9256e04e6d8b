internal import Subprocess
internal import Foundation

/// A real PostgreSQL that a test owns, in a temporary folder, without fsync, on a free port of the loopback.
///
/// The superuser is `postgres`. Over TCP every role needs its password; over the socket in the folder none does.
///
/// ```swift
/// try await PostgresServer.with { server in
///     let store = try await PostgresStore.open(url: server.url(), mode: .create)
///     …
///     try await server.process.end(by: .kill)
///     try await server.restart()
/// }
/// ```
public struct PostgresServer: Sendable {
    /// The superuser's password.
    public static let password = "only for tests"

    /// The server's process.
    public let process: ServerProcess
    /// Its port.
    public let port: Int
    private let folder: String

    /// Its Unix socket.
    public var socket: String { "\(folder)/.s.PGSQL.\(port)" }

    /// Makes and starts a server for the time of a test.
    ///
    /// - Parameters:
    ///   - settings: as its configuration names them: `max_connections=20`.
    ///   - certificates: makes it offer TLS; `nil`: it speaks plain text alone.
    ///   - body: gets the server when it answers.
    /// - Returns: what `body` returns.
    /// - Throws: ``ServerProcess/Failure`` where it can't be made or started, and what `body` throws.
    public static func with<Result>(
        settings: [String] = [], certificates: TestCertificates? = nil,
        _ body: (PostgresServer) async throws -> Result
    ) async throws -> Result {
        try await ScratchFolder.with(ownedBy: "postgres") { folder in
            let secret = "\(folder)/password"
            try Data(password.utf8).write(to: URL(filePath: secret))
            try await run(
                "initdb",
                [
                    "-D", "\(folder)/data", "-U", "postgres", "--pwfile", secret, "-E", "UTF8", "--locale", "C",
                    "--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync",
                ])
            let port = FreePort.take()
            let encryption = try await encryption(certificates, in: folder)
            return try await ServerProcess.with(command(in: folder, port: port, settings + encryption)) { process in
                try await body(PostgresServer(process: process, port: port, folder: folder))
            }
        }
    }

    /// Makes and starts a standby that follows this server, for the time of a test.
    ///
    /// It becomes a primary by `SELECT pg_promote()`.
    ///
    /// - Parameter body: gets the standby when it answers.
    /// - Returns: what `body` returns.
    /// - Throws: ``ServerProcess/Failure`` where it can't be made or started, and what `body` throws.
    public func withStandby<Result>(_ body: (PostgresServer) async throws -> Result) async throws -> Result {
        try await ScratchFolder.with(ownedBy: "postgres") { standby in
            try await Self.run(
                "pg_basebackup",
                [
                    "-h", folder, "-p", "\(port)", "-U", "postgres", "-D", "\(standby)/data", "-R", "-c", "fast",
                    "--no-sync",
                ])
            let port = FreePort.take()
            return try await ServerProcess.with(Self.command(in: standby, port: port, [])) { process in
                try await body(PostgresServer(process: process, port: port, folder: standby))
            }
        }
    }

    /// The settings for TLS; the server takes a key of its own alone.
    private static func encryption(_ certificates: TestCertificates?, in folder: String) async throws -> [String] {
        guard let certificates else { return [] }
        let key = "\(folder)/server.key"
        try await run("install", ["-m", "600", certificates.serverKey, key])
        return ["ssl=on", "ssl_cert_file=\(certificates.server)", "ssl_key_file=\(key)"]
            + ["ssl_ca_file=\(certificates.authority)"]
    }

    private static func command(in folder: String, port: Int, _ settings: [String]) -> ServerProcess.Command {
        let all =
            [
                "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder)", "fsync=off",
                "shared_buffers=32MB", "max_connections=300", "log_min_messages=fatal",
            ] + settings
        return ServerProcess.Command(
            "postgres", ["-D", "\(folder)/data"] + all.flatMap { ["-c", $0] }, as: "postgres"
        ) {
            (try? await run("pg_isready", ["-q", "-h", folder, "-p", "\(port)"])) != nil
        }
    }

    /// The URL of a database.
    ///
    /// - Parameters:
    ///   - user: the role.
    ///   - password: its password; `nil`: none in the URL.
    ///   - database: the database.
    /// - Returns: the URL.
    public func url(
        user: String = "postgres", password: String? = PostgresServer.password, database: String = "postgres"
    ) -> String {
        let secret = password.map { ":" + ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "") }
        return "postgres://\(user)\(secret ?? "")@127.0.0.1:\(port)/\(database)"
    }

    /// Runs SQL as the superuser, and answers the rows, columns parted by `|`.
    ///
    /// - Parameters:
    ///   - sql: one or more statements.
    ///   - database: where.
    /// - Returns: what `psql` prints, without the last line's end.
    /// - Throws: ``ServerProcess/Failure`` with what the server said.
    @discardableResult
    public func run(_ sql: String, in database: String = "postgres") async throws -> String {
        let arguments = [
            "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", "\(port)", "-U", "postgres", "-d",
            database, "-c", sql,
        ]
        return try await Self.run("psql", arguments).trimmingCharacters(in: .newlines)
    }

    /// Starts it again after a crash, and returns when it answers.
    ///
    /// What is left of the crashed server needs a moment to notice, and keeps the new one from starting until then.
    ///
    /// - Throws: ``ServerProcess/Failure`` where it doesn't start within half a minute.
    public func restart() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do { return try await process.start() } catch  where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) async throws -> String {
        let words = ServerProcess.words(program, arguments, as: "postgres")
        let done = try await Subprocess.run(
            .name(words.program), arguments: Arguments(words.arguments), environment: ServerProcess.environment,
            input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
        guard done.terminationStatus.isSuccess else {
            throw ServerProcess.Failure(description: "\(program) failed: \(done.standardError)")
        }
        return done.standardOutput
    }
}
