import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite(.oneRedis) struct SharedCacheTests {
    private static let fixture = SharedCacheFixture { body in try await lend(OneRedis.database(), body) }

    /// Two handles on one server or cluster; a server that needs the room is a key deleted.
    static func lend(
        _ configuration: RedisConfiguration, _ body: (SharedCacheFixture.Lent) async throws -> Void
    ) async throws {
        let (cache, other) = (try RedisSharedCache(configuration), try RedisSharedCache(configuration))
        let executor = try configuration.makeExecutor()
        try await body(
            SharedCacheFixture.Lent(
                cache: cache, other: other,
                evict: { key in try await executor.send("DEL", key.text(prefix: "sessions-l2")) },
                wait: { try await Task.sleep(for: $0) }))
        for closing in [cache.shutDown, other.shutDown, executor.shutDown] { await closing() }
    }

    @Test("The cache on Redis keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func contract(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("Every key of the cache runs out by itself, at the end of the life that it was given")
    func lives() async throws {
        let configuration = try OneRedis.database()
        let cache = try RedisSharedCache(configuration)
        let redis = try configuration.makeExecutor()
        let key = SharedKey(id: SessionID().hash, generation: 1)
        let name = key.text(prefix: "sessions-l2")
        func expectLife(upTo seconds: Int64) async throws {
            let life = try #require(try await redis.send("PTTL", name).integer)
            #expect((1...seconds * 1000).contains(life))
        }
        guard case .leased(let lease) = try await cache.read(key, leasing: .seconds(100)) else {
            Issue.record("no lease")
            return
        }
        try await expectLife(upTo: 100)
        #expect(try await cache.fill(key, with: SharedCopy(version: 1, bytes: [7]), holding: lease, for: .seconds(90)))
        try await expectLife(upTo: 90)
        try await cache.replace(key, version: 1, with: SharedCopy(version: 2, bytes: [8]), for: .seconds(80))
        try await expectLife(upTo: 80)
        try await cache.bury(key, for: .seconds(70))
        try await expectLife(upTo: 70)
        await cache.shutDown()
        await redis.shutDown()
    }

    @Test("What another application put under a key is neither served nor in the way")
    func foreignValues() async throws {
        let configuration = try OneRedis.database()
        let cache = try RedisSharedCache(configuration)
        let redis = try configuration.makeExecutor()
        for value in ["", "L", "V1234567", "T and more", "hello"] {
            let key = SharedKey(id: SessionID().hash, generation: 1)
            try await redis.send("SET", key.text(prefix: "sessions-l2"), value)
            #expect(try await cache.read(key, leasing: nil) == .nothing)
            guard case .leased(let lease) = try await cache.read(key, leasing: .seconds(9)) else {
                Issue.record("no lease over \(value)")
                continue
            }
            let copy = SharedCopy(version: 1, bytes: [])
            #expect(try await cache.fill(key, with: copy, holding: lease, for: .seconds(9)))
        }
        let key = SharedKey(id: SessionID().hash, generation: 1)
        try await redis.send("LPUSH", key.text(prefix: "sessions-l2"), "x")
        await #expect(throws: SessionsError.self) { try await cache.read(key, leasing: .seconds(9)) }
        await cache.shutDown()
        await redis.shutDown()
    }
}
