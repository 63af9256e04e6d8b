import Sessions
import SessionsMemcached
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

/// Which store and which cache a URL names: what a service does once, at its start.
enum StoreOpening {
    /// Opens a store, and makes it where it is missing.
    ///
    /// - Parameters:
    ///   - url: `sqlite:PATH`, `postgres://…`, `redis://…` or `memcached://…`.
    ///   - password: the one to use where the URL has none.
    /// - Returns: the store.
    /// - Throws: `SessionsError` with `usage` for a URL of another kind, and whatever the store throws.
    static func store(_ url: String, password: String?) async throws -> any SessionStore & SessionDirectory {
        switch scheme(url) {
        case "sqlite": try SQLiteStore.open(path: String(url.dropFirst("sqlite:".count)), mode: .create)
        case "postgres", "postgresql": try await PostgresStore.open(url: url, mode: .create, password: password)
        case "memcached", "memcacheds":
            try await MemcachedStore.open(MemcachedConfiguration(url: url), mode: .create)
        case let scheme where isRedis(scheme): try await RedisStore.open(redis(url, password), mode: .create)
        case let scheme:
            throw SessionsError(
                .usage, "sessions can't be kept in \(scheme): use sqlite:PATH, postgres://…, redis://… or memcached://…"
            )
        }
    }

    /// Opens a shared cache.
    ///
    /// - Parameters:
    ///   - url: `redis://…` or `memcached://…`.
    ///   - password: the one to use where the URL has none.
    /// - Returns: the cache.
    /// - Throws: `SessionsError` with `usage` for a URL of another kind, and whatever the cache throws.
    static func cache(_ url: String, password: String?) throws -> any SharedCache {
        switch scheme(url) {
        case "memcached", "memcacheds": return try MemcachedSharedCache(MemcachedConfiguration(url: url))
        case let scheme where isRedis(scheme): return try RedisSharedCache(redis(url, password))
        case let scheme:
            throw SessionsError(.usage, "\(scheme) is no shared cache: use redis://… or memcached://…")
        }
    }

    /// What stands before the first colon, which is no secret.
    static func scheme(_ url: String) -> String { String(url.prefix { $0 != ":" }.prefix(32)) }

    private static func isRedis(_ scheme: String) -> Bool { scheme.hasPrefix("redis") || scheme.hasPrefix("valkey") }

    private static func redis(_ url: String, _ password: String?) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.password = configuration.password ?? password
        return configuration
    }
}
