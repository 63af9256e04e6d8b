import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

@Suite(.timeLimit(.minutes(2))) struct SharedCacheConformanceTests {
    @Test("The cache on one memcached keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func oneServer(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture(servers: 1))
    }

    @Test("The cache on two memcacheds keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func twoServers(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture(servers: 2))
    }

    /// Two handles with connections of their own, as two processes have them.
    private static func fixture(servers count: Int) -> SharedCacheFixture {
        SharedCacheFixture { body in
            try await withServers(count) { servers in
                var configuration = MemcachedConfiguration(
                    servers: servers.map { MemcachedAddress(host: "127.0.0.1", port: $0.port) })
                (configuration.connectLimit, configuration.commandLimit) = (.seconds(10), .seconds(10))
                let cache = try MemcachedSharedCache(configuration, prefix: "test")
                let other = try MemcachedSharedCache(configuration, prefix: "test")
                let evict: @Sendable (SharedKey) async throws -> Void = { key in
                    guard let key = MemcachedKey(key.text(prefix: "test").bytes) else { return }
                    let reply = try await cache.client.lane(of: key).send(.delete(key)).0
                    #expect(reply == .outcome(.done) || reply == .outcome(.notFound))
                }
                try await body(
                    SharedCacheFixture.Lent(cache: cache, other: other, evict: evict) { try await Task.sleep(for: $0) })
            }
        }
    }

    private static func withServers(
        _ count: Int, _ started: [MemcachedServer] = [], _ body: ([MemcachedServer]) async throws -> Void
    ) async throws {
        guard started.count < count else { return try await body(started) }
        try await MemcachedServer.with { try await withServers(count, started + [$0], body) }
    }
}
