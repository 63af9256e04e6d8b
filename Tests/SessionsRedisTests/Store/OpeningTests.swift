import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite(.oneRedis) struct OpeningTests {
    private func code(_ body: () async throws -> Void) async -> SessionsError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? SessionsError)?.code
        }
    }

    @Test("A namespace begins for a service, never for an operator")
    func modes() async throws {
        let configuration = try OneRedis.database()
        for mode in [RedisStore.OpenMode.existing, .readOnly] {
            #expect(await code { _ = try await RedisStore.open(configuration, mode: mode) } == .storeNotFound)
        }
        let store = try await RedisStore.open(configuration, mode: .create)
        #expect(store.capabilities == .all)
        #expect(store.description.software.hasPrefix("Redis 7") || store.description.software.hasPrefix("Valkey"))
        await store.shutDown()
        for mode in [RedisStore.OpenMode.existing, .readOnly] {
            await (try await RedisStore.open(configuration, mode: mode)).shutDown()
        }
    }

    @Test("A store that was opened to be read refuses every write")
    func readOnly() async throws {
        try await OneRedis.withStore { store, configuration in
            let session = freshSession()
            try await store.insert(session)
            let reader = try await RedisStore.open(configuration, mode: .readOnly, time: OneRedis.time)
            let now = OneRedis.time.wall()
            let order = Order(actor: "x", reason: nil, at: now)
            #expect(await code { try await reader.insert(freshSession()) } == .readOnly)
            #expect(await code { _ = try await reader.revoke(.everyone, order: order) } == .readOnly)
            #expect(await code { _ = try await reader.purge(Retention(), at: now) } == .readOnly)
            #expect(try await reader.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
            #expect(!reader.capabilities.revoke.isPossible && !reader.capabilities.extend.isPossible)
            await reader.shutDown()
        }
    }

    @Test("A store of a newer version is left alone")
    func tooNew() async throws {
        try await OneRedis.withStore { store, configuration in
            try await store.ask("HSET", "sessions:default:meta", "format", "2")
            #expect(await code { _ = try await RedisStore.open(configuration, mode: .create) } == .storeTooNew)
            #expect(await code { try await store.insert(freshSession()) } == .storeTooNew)
            #expect(await code { _ = try await store.feed(after: .start, limit: 1) } == .storeTooNew)
        }
    }

    @Test("A feed that begins or ends where none can is corrupt, and nothing else", arguments: ["1e30", "-5", "7"])
    func damagedFeed(start: String) async throws {
        try await OneRedis.withStore { store, _ in
            try await store.ask("HSET", "sessions:default:meta", "feedStart", start)
            #expect(await code { _ = try await store.feed(after: .start, limit: 9) } == .corrupt)
            try await store.ask("HSET", "sessions:default:meta", "feedEnd", "1e30")
            #expect(await code { _ = try await store.feed(after: .start, limit: 9) } == .corrupt)
        }
    }

    @Test("Namespaces of one database don't meet")
    func namespaces() async throws {
        try await OneRedis.withStore { store, configuration in
            let session = freshSession()
            try await store.insert(session)
            let other = try await RedisStore.open(configuration, mode: .create, namespace: "other", time: OneRedis.time)
            #expect(try await other.load(session.id, at: OneRedis.time.wall()) == nil)
            #expect(try await other.rows(after: nil, limit: 9).rows.isEmpty)
            await other.shutDown()
            for name in ["", "a:b", "a*", "ä", String(repeating: "n", count: 65)] {
                #expect(
                    await code { _ = try await RedisStore.open(configuration, mode: .create, namespace: name) }
                        == .refused)
            }
        }
    }

    @Test("A cluster is refused, with the reason")
    func cluster() async throws {
        var options = SessionTesting.RedisServer.Options()
        // By itself it takes its port and 10,000, which may be too high.
        options.arguments = ["--cluster-enabled", "yes", "--cluster-port", "\(FreePort.take())"]
        try await SessionTesting.RedisServer.with(options) { server in
            let configuration = try RedisConfiguration(url: server.url)
            let error = await #expect(throws: SessionsError.self) {
                _ = try await RedisStore.open(configuration, mode: .create)
            }
            #expect(error?.code == .unsupported && error?.message.contains("Cluster") == true)
        }
    }

    @Test("Where the server may evict any key, a revoke isn't called final")
    func eviction() async throws {
        var options = SessionTesting.RedisServer.Options()
        options.arguments = ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]
        try await SessionTesting.RedisServer.with(options) { server in
            let store = try await RedisStore.open(try RedisConfiguration(url: server.url), mode: .create)
            #expect(store.capabilities.finalRevoke.reason?.contains("allkeys-lru") == true)
            await store.shutDown()
        }
    }

    @Test("A server that says nothing of itself is refused, and a Valkey is told by its name")
    func information() throws {
        #expect(throws: SessionsError.self) { try ServerInfo(text: "").check("redis://x") }
        #expect(throws: SessionsError.self) { try ServerInfo(text: "redis_version:5.0.14\r\n").check("redis://x") }
        let valkey = ServerInfo(
            text: "# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.1.1\r\ncluster_enabled:0\r\n")
        try valkey.check("redis://x")
        #expect(valkey.software == "Valkey 8.1.1")
    }
}
