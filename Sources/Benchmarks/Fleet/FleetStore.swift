import SessionTesting
import Sessions
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

/// The stores that a fleet of verifiers is tried on.
enum FleetStore: String, CaseIterable, Sendable {
    case sqlite = "SQLite", redis = "Redis", postgres = "PostgreSQL"

    /// Opens a store by its URL.
    static func open(_ url: String) async throws -> any SessionStore {
        if url.hasPrefix("sqlite:") { return try SQLiteStore.open(path: String(url.dropFirst(7)), mode: .create) }
        if url.hasPrefix("redis") { return try await RedisStore.open(try RedisConfiguration(url: url), mode: .create) }
        return try await PostgresStore.open(url: url, mode: .create)
    }

    /// Lends the URL of an empty one; its server is started where it has one.
    func withURL<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        switch self {
        case .sqlite: try await ScratchFolder.with { try await body("sqlite:\($0)/fleet.db") }
        case .redis: try await RedisServer.with { try await body($0.url) }
        case .postgres: try await PostgresServer.with { try await body($0.url()) }
        }
    }
}
