import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite("One server, which is made a replica")
struct PrimaryTests {
    private static let now = OneRedis.time.wall()

    /// Makes it the replica of a primary that is gone: it keeps what it has, and answers reads.
    private func demote(_ server: SessionTesting.RedisServer) async throws {
        try await server.cli("REPLICAOF", "127.0.0.1", "\(FreePort.take())")
    }

    private func failure(_ body: () async throws -> Void) async -> SessionsError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? SessionsError
        }
    }

    private func expectReplica(_ body: () async throws -> Void) async {
        let error = await failure(body)
        #expect(error?.code == .unavailable && error?.message.contains("is a replica") == true)
    }

    @Test("A store that was opened on a primary answers nothing from a replica, and goes on with a primary")
    func store() async throws {
        try await SessionTesting.RedisServer.with { server in
            let configuration = try RedisConfiguration(url: server.url)
            let store = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            let operators = try await RedisStore.open(configuration, mode: .operating, time: OneRedis.time)
            let session = freshSession()
            try await store.insert(session)

            try await demote(server)
            let report = NodeReport(
                id: "n", started: Self.now, heartbeat: Self.now, applied: .start, lease: .seconds(2))
            await expectReplica { try await store.publish(report) }
            for _ in 0..<2 { await expectReplica { _ = try await store.feed(after: .start, limit: 9) } }
            await expectReplica { _ = try await store.cutoffs() }
            await expectReplica { _ = try await store.load(session.id, at: Self.now) }
            await expectReplica { _ = try await operators.cutOff(.everyone, by: "x", reason: nil, at: Self.now) }
            await expectReplica { _ = try await operators.feed(after: .start, limit: 9) }
            for mode in [RedisStore.OpenMode.create, .existing] {
                await expectReplica { _ = try await RedisStore.open(configuration, mode: mode) }
            }

            for mode in [RedisStore.OpenMode.operating, .readOnly] {
                let looker = try await RedisStore.open(configuration, mode: mode, time: OneRedis.time)
                #expect(try await looker.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
                let error = await failure { try await looker.insert(freshSession()) }
                #expect(error?.code == .readOnly)
                #expect(try await looker.feed(after: .start, limit: 9).entries.isEmpty)
                await looker.shutDown()
            }

            try await server.cli("REPLICAOF", "NO", "ONE")
            let both = [store, operators]
            for each in both {
                try await Waiting.until("the primary is used") {
                    try await each.feed(after: .start, limit: 9).entries.isEmpty
                }
            }
            #expect(try await store.revoke(session.id, by: "x", reason: nil, at: Self.now).outcome == .revoked)
            for each in both { await each.shutDown() }
        }
    }

    @Test("A connection that is made anew is looked at before anything is asked on it")
    func reconnecting() async throws {
        try await SessionTesting.RedisServer.with { server in
            let configuration = try RedisConfiguration(url: server.url)
            let store = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            try await demote(server)
            try await server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            try await Waiting.until("the loss is known") {
                await failure { _ = try await store.feed(after: .start, limit: 9) }?.message.contains("replica") == true
            }
            await expectReplica { _ = try await store.feed(after: .start, limit: 9) }
            await store.shutDown()
        }
    }

    @Test("A shared cache leaves a replica, and comes back to a primary")
    func sharedCache() async throws {
        try await SessionTesting.RedisServer.with { server in
            let cache = try RedisSharedCache(try RedisConfiguration(url: server.url))
            let key = SharedKey(id: SessionID().hash, generation: 1)
            try await cache.bury(key, for: .seconds(100))
            try await demote(server)
            await expectReplica { try await cache.bury(key, for: .seconds(100)) }
            await expectReplica { _ = try await cache.read(key, leasing: nil) }
            try await server.cli("REPLICAOF", "NO", "ONE")
            try await Waiting.until("the primary is used") { try await cache.read(key, leasing: nil) == .tombstone }
            await cache.shutDown()
        }
    }

    @Test(
        "Where the role can't be asked by INFO it is by ROLE, and where not even that, the first write tells",
        arguments: [["-info"], ["-info", "-role"]])
    func rights(_ rules: [String]) async throws {
        var options = SessionTesting.RedisServer.Options()
        options.arguments = ["--user", "ann", "on", ">hers", "~*", "&*", "+@all"] + rules
        try await SessionTesting.RedisServer.with(options) { server in
            let configuration = try RedisConfiguration(url: "redis://ann:hers@127.0.0.1:\(server.port)")
            let redis = try configuration.makeExecutor(needing: .always)
            try await redis.send("SET", "a", "1")
            try await demote(server)
            let other = try configuration.makeExecutor(needing: .always)
            if rules.contains("-role") {
                #expect(try await other.send("GET", "a").text == "1")
                for _ in 0..<2 {
                    let error = await #expect(throws: RedisError.self) { try await other.send("SET", "a", "2") }
                    #expect(error?.meansReplica == true)
                }
            } else {
                await expectReplica { try await other.send("GET", "a") }
            }
            for executor in [redis, other] { await executor.shutDown() }
        }
    }

    @Test("A replica's refusal is known by its first word, and in Redis 6 by the words of a script's error")
    func refusals() {
        let words = "Error running script (call to f_1): @user_script:1: @user_script: 1: -READONLY You can't write"
        #expect(RedisError(line: "READONLY You can't write against a read only replica.".utf8).meansReplica)
        #expect(RedisError(kind: "ERR", message: words).meansReplica)
        #expect(!RedisError(kind: "ERR", message: "unknown command").meansReplica)
        #expect(SessionsError.translating(RedisError(kind: "ERR", message: words), of: "redis://x").code == .readOnly)
    }
}
