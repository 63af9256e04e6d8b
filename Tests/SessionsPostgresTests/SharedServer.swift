import SessionTesting
import Sessions
import SessionsPostgres
import Testing

/// The suites that share one server; each test has a schema of its own.
@Suite("On one PostgreSQL", .sharedPostgres) struct OnOneServer {}

/// Starts a server for a suite, and ends it when the last of its tests has ended.
struct SharedPostgres: SuiteTrait, TestScoping {
    @TaskLocal static var server: PostgresServer?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await PostgresServer.with { server in
            try await Self.$server.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == SharedPostgres {
    static var sharedPostgres: SharedPostgres { SharedPostgres() }
}

/// A schema of a test's own on the shared server.
struct Place {
    let server: PostgresServer
    let schema: String

    init() throws {
        server = try #require(SharedPostgres.server)
        schema = "s\(UInt32.random(in: 0 ... .max))"
    }

    func open(
        _ mode: PostgresStore.OpenMode = .create, user: String = "postgres",
        password: String? = PostgresServer.password, database: String = "postgres", namespace: String = "default",
        time: TimeSource = .system, change: (inout PostgresStore.Limits) -> Void = { _ in }
    ) async throws -> PostgresStore {
        // Many tests share the server's connections.
        var limits = PostgresStore.Limits()
        limits.connections = 3
        limits.waiting = .seconds(60)
        change(&limits)
        return try await PostgresStore.open(
            url: server.url(user: user, password: password, database: database), mode: mode, namespace: namespace,
            schema: schema, time: time, limits: limits)
    }

    /// The error that opening gives.
    func failure(
        opening mode: PostgresStore.OpenMode, user: String = "postgres", password: String? = PostgresServer.password,
        database: String = "postgres"
    ) async -> SessionsError? {
        do {
            _ = try await open(mode, user: user, password: password, database: database)
            return nil
        } catch { return error as? SessionsError }
    }
}

let noon = Timestamp(milliseconds: 1_800_000_000_000)

func someSession(user: String? = "alice", payload: [UInt8] = [1, 2, 3]) -> Session {
    Session(id: SessionID().hash, user: user, created: noon, lifetime: .office, payload: Payload(bytes: payload))
}
