import SessionLayouts
import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsRedis

/// The native store on a cluster of six servers.
@Suite(.oneCluster) struct ClusterStoreTests {
    private static let now = OneRedis.time.wall()

    /// Two handles on one namespace, each with connections of its own, as two processes have them.
    private static let fixture = StoreFixture { time, body in
        try await OneCluster.withStore(time: time) { store, open async throws in
            let other = try await open(.existing)
            do { try await body(store, other) } catch {
                await other.shutDown()
                throw error
            }
            await other.shutDown()
        }
    }

    @Test("The store keeps the contract of stores in a cluster", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("All keys of a namespace lie in one slot, and namespaces in different ones")
    func slots() async throws {
        try await OneCluster.withStore { store, _ in
            for user in ["alice", "{other}", "}{"] { try await store.insert(freshSession(user: user)) }
            let id = try #require(try await store.rows(after: nil, limit: 1).rows.first).id
            #expect(try await store.detail(id)?.namespace == store.namespace)
            _ = try await store.cutOff(.user("alice"), by: "x", reason: nil, at: Self.now)
            let order = Order(actor: "x", reason: nil, at: Self.now)
            try await store.record(.export, target: "t", count: 1, order: order)
            let slot = KeySlot.of(store.keys.place)
            for server in try await store.executor.servers() {
                let keys = try await server.send(RedisCommand(words: RedisCommand.words(["KEYS", "*"])))
                let ours = (keys.elements ?? []).compactMap(\.bytes).filter { $0.contains(store.keys.records[9...]) }
                #expect(ours.isEmpty || ours.count >= 12)
                for key in ours { #expect(KeySlot.of(key) == slot) }
            }
        }
        let places = try ["a", "b", "default"].map { try StoreKeys(namespace: $0, inCluster: true).place }
        #expect(Set(places.map(KeySlot.of)).count == 3)
    }

    @Test("Other frameworks' sessions are read and ended in a cluster, but for what needs several keys at once")
    func layouts() async throws {
        let configuration = try OneCluster.configuration()
        let executor = try configuration.makeExecutor()
        for (folder, layout) in [
            ("express-session-connect-redis", "connect-redis"), ("spring-redis-indexed", "spring-redis-indexed"),
        ] {
            let fixture = LayoutFixture(named: folder)
            for entry in try fixture.redis() {
                _ = try await executor.send(RedisCommand(words: entry.command, key: entry.key))
                guard let life = entry.life else { continue }
                let words: [[UInt8]] = [.word("PEXPIRE"), entry.key, .word("\(life.wholeMilliseconds)")]
                _ = try await executor.send(RedisCommand(words: words, key: entry.key))
            }
            let written = Timestamp(milliseconds: 1_795_455_990_000)
            let time = TimeSource(
                wall: { written }, monotonic: TimeSource.system.monotonic, sleep: TimeSource.system.sleep)
            let directory = try await RedisLayouts.open(
                configuration, layout: layout, isReadOnly: false, time: time)
            let expected = try fixture.expected()
            let rows = try await directory.rows(after: nil, limit: 1000).rows
            #expect(Set(rows.map(\.id)) == Set(expected.map(\.id)) && rows.count == expected.count)
            let order = Order(actor: "x", reason: nil, at: written)
            guard layout == "connect-redis" else {
                #expect(directory.capabilities.revoke.reason?.contains("several servers") == true)
                #expect(!directory.capabilities.extend.isPossible)
                continue
            }
            let extended = try await directory.extend([expected[0].id], to: .by(.seconds(60)), order: order)
            #expect(extended.map(\.word) == ["extended"])
            let receipt = try await directory.revoke(.everyone, order: order)
            #expect(receipt.outcomes.count { $0.outcome == .revoked } == expected.count)
        }
        await executor.shutDown()
    }

    @Test("Who follows the feed is woken, whichever server it is on")
    func news() async throws {
        try await OneCluster.withStore { store, open async throws in
            let session = freshSession()
            try await store.insert(session)
            let other = try await open(.existing)
            var iterator = other.feedNews().makeAsyncIterator()
            // When listening has begun, and when the session is revoked.
            await iterator.next()
            _ = try await store.revoke(session.id, by: "x", reason: nil, at: Self.now)
            await iterator.next()
            #expect(try await other.feed(after: .start, limit: 9).entries.count == 1)
            await other.shutDown()
        }
    }

    @Test("Doctor looks at the server that has the namespace, and says that it is one")
    func findings() async throws {
        try await OneCluster.withStore { store, _ in
            let findings = try await store.findings(at: Self.now)
            let slots = try #require(findings.first { $0.check == "slots" })
            #expect(slots.message.contains("slot \(KeySlot.of(store.keys.place)),"))
            // Each primary has one replica, and takes writes without it.
            let replicas = try #require(findings.first { $0.check == "replicas" })
            #expect(replicas.message.hasPrefix("1 replicas follow"), "\(replicas)")
        }
    }

    @Test("The documented rules for a cluster are enough to list and to revoke, and show no payload")
    func access() async throws {
        let session = freshSession()
        try await OneCluster.withStore { store, _ in
            try await store.insert(session)
            let rules = RedisAccess.revoking(namespace: store.namespace, inCluster: true).split(separator: " ")
            let words = ["ACL", "SETUSER", "ops", "on", ">secret"] + rules.map(String.init)
            for server in try await store.executor.servers() {
                _ = try await server.send(RedisCommand(words: RedisCommand.words(words)))
            }
            var theirs = try OneCluster.configuration()
            (theirs.user, theirs.password) = ("ops", "secret")
            let mine = try await RedisStore.open(
                theirs, mode: .existing, namespace: store.namespace, time: OneRedis.time)
            #expect(try await mine.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
            #expect(try await mine.detail(session.id)?.payload == nil)
            let order = Order(actor: "ops", reason: "r", at: Self.now)
            let receipt = try await mine.revoke(.sessions([session.id]), order: order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await store.load(session.id, at: Self.now)?.standing == .revoked)
            await mine.shutDown()
        }
    }
}

extension [UInt8] {
    /// Whether some bytes stand in these.
    fileprivate func contains(_ part: ArraySlice<UInt8>) -> Bool {
        guard count >= part.count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
