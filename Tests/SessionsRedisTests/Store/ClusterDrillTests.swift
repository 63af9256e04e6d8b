import SessionTesting
import Sessions
import Subprocess
import Synchronization
import Testing

@testable import SessionsRedis

/// What the native store does while its cluster loses a server, or moves its slot.
@Suite struct ClusterDrillTests {
    private static let now = OneRedis.time.wall()

    private static func open(_ cluster: RedisCluster, limit: Duration = .seconds(2)) async throws -> RedisStore {
        var configuration = try RedisConfiguration(url: cluster.url)
        configuration.commandLimit = limit
        return try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
    }

    /// Sessions of which every other one is revoked.
    private static func fill(_ store: RedisStore, _ count: Int) async throws -> (live: [IDHash], revoked: [IDHash]) {
        let sessions = (0..<count).map { freshSession(user: "u\($0)") }
        for session in sessions { try await store.insert(session) }
        let revoked = sessions.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element.id)
        for id in revoked { _ = try await store.revoke(id, by: "x", reason: nil, at: now) }
        return (sessions.map(\.id).filter { !revoked.contains($0) }, revoked)
    }

    // MARK: A primary is killed

    /// What was acknowledged while the load ran.
    private final class Ledger: Sendable {
        struct Page {
            var inserted: Set<IDHash> = []
            var revoked: Set<IDHash> = []
        }

        private let page = Mutex(Page())

        func inserted(_ id: IDHash) { _ = page.withLock { $0.inserted.insert(id) } }
        func revoked(_ id: IDHash) { _ = page.withLock { $0.revoked.insert(id) } }

        /// How many revokes were acknowledged.
        var count: Int { page.withLock { $0.revoked.count } }

        /// What was acknowledged since the last time.
        func take() -> Page {
            page.withLock { page in
                defer { page = Page() }
                return page
            }
        }
    }

    @Test("A primary is killed under load: what its replica had holds, and so does whatever is acknowledged afterwards")
    func failover() async throws {
        try await RedisCluster.with { cluster in
            let store = try await Self.open(cluster)
            let primary = try #require(try await cluster.primary(of: KeySlot.of(store.keys.place)))
            let (live, revoked) = try await Self.fill(store, 60)
            try await Waiting.until("the replica has it all") { try await Self.isReplicated(primary) }
            let feed = try await store.feed(after: .start, limit: 1000).entries.map(\.position)

            let ledger = Ledger()
            let load = (0..<4).map { _ in Task { await Self.load(store, ledger) } }
            try await Waiting.until("the load runs") { ledger.count > 50 }
            try await primary.process.end(by: .kill)
            try await Waiting.until("a replica has taken over", limit: .seconds(60)) {
                try await store.touch([Touch(id: live[0], at: Self.now, idle: nil)]).count == 1
            }
            // From here on nothing may be lost.
            _ = ledger.take()
            try await Waiting.until("the load runs again") { ledger.count > 50 }
            for task in load { task.cancel() }
            for task in load { await task.value }

            for id in live { #expect(try await store.load(id, at: Self.now)?.standing == .live) }
            for id in revoked { #expect(try await store.load(id, at: Self.now)?.standing == .revoked) }
            let since = ledger.take()
            for id in since.revoked { #expect(try await store.load(id, at: Self.now)?.standing == .revoked) }
            for id in since.inserted.subtracting(since.revoked) {
                #expect(try await store.load(id, at: Self.now) != nil)
            }
            let after = try await store.feed(after: .start, limit: 1_000_000).entries
            #expect(after.prefix(feed.count).map(\.position) == feed)
            #expect(zip(after, after.dropFirst()).allSatisfy { $0.position < $1.position })
            await store.shutDown()
        }
    }

    /// Signs in and revokes, without end; what fails may have been done or not.
    private static func load(_ store: RedisStore, _ ledger: Ledger) async {
        while !Task.isCancelled {
            let session = freshSession(user: "load")
            do {
                try await store.insert(session)
                ledger.inserted(session.id)
                if try await store.revoke(session.id, by: "x", reason: nil, at: now).outcome == .revoked {
                    ledger.revoked(session.id)
                }
            } catch {}
        }
    }

    private static func isReplicated(_ primary: SessionTesting.RedisServer) async throws -> Bool {
        let info = ServerInfo(text: try await primary.cli("INFO", "replication")).facts
        guard let end = info["master_repl_offset"], let replica = info["slave0"] else { return false }
        return replica.contains("offset=\(end),")
    }

    // MARK: The slot is moved

    @Test("While its slot is moved the store is unavailable, never wrong; afterwards everything is there")
    func resharding() async throws {
        try await RedisCluster.with { cluster in
            let store = try await Self.open(cluster, limit: .seconds(30))
            let (live, revoked) = try await Self.fill(store, 10)
            let move = try await SlotMove(of: KeySlot.of(store.keys.place), in: cluster)
            try await move.begin()
            try await Self.expectUnavailable(store, live + revoked)
            let keys = try await move.keys()
            #expect(keys.count > 20)
            // In both orders: the script's first key goes early, or late.
            let rest = keys.filter { $0 != store.keys.place }
            try await move.migrate(Array(rest.prefix(rest.count / 2)))
            try await Self.expectUnavailable(store, live + revoked)
            try await move.migrate([store.keys.place])
            try await Self.expectUnavailable(store, live + revoked)
            try await move.migrate(Array(rest.dropFirst(rest.count / 2)))
            try await Self.expectUnavailable(store, live + revoked)
            try await move.finish()
            try await Waiting.until("the slot has moved") { try await store.load(live[0], at: Self.now) != nil }
            for id in live { #expect(try await store.load(id, at: Self.now)?.standing == .live) }
            for id in revoked { #expect(try await store.load(id, at: Self.now)?.standing == .revoked) }
            let end = try await store.feed(after: .start, limit: 99).entries.last?.position
            let next = try await store.revoke(live[0], by: "x", reason: nil, at: Self.now)
            #expect(next.outcome == .revoked && next.position.value == (end?.value ?? 0) + 1)
            await store.shutDown()
        }
    }

    /// Asks for what is there, for what isn't, and writes: each would be wrong if it were answered.
    private static func expectUnavailable(_ store: RedisStore, _ ids: [IDHash]) async throws {
        let work: [@Sendable () async throws -> Void] = [
            { _ = try await store.load(ids[0], at: now) }, { try await store.insert(freshSession()) },
            { _ = try await store.load(SessionID().hash, at: now) },
            { _ = try await store.revoke(ids[1], by: "x", reason: nil, at: now) },
            { _ = try await store.cutOff(.everyone, by: "x", reason: nil, at: now) },
            { _ = try await store.feed(after: .start, limit: 9) },
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for work in work {
                group.addTask {
                    let error = await #expect(throws: SessionsError.self) { try await work() }
                    #expect(error?.code == .unavailable, "\(error?.message ?? "")")
                }
            }
            try await group.waitForAll()
        }
    }
}

/// The steps of a resharding, by hand.
private struct SlotMove {
    private let slot: Int
    private let source: SessionTesting.RedisServer
    private let destination: SessionTesting.RedisServer
    private let names: (source: String, destination: String)

    init(of slot: Int, in cluster: RedisCluster) async throws {
        self.slot = slot
        source = try #require(try await cluster.primary(of: slot))
        var others: [SessionTesting.RedisServer] = []
        for other in [0, 8000, 16_000] {
            if let server = try await cluster.primary(of: other), server.port != source.port { others.append(server) }
        }
        destination = try #require(others.first)
        names = (try await cluster.id(of: source), try await cluster.id(of: destination))
    }

    func begin() async throws {
        try await destination.cli("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", names.source)
        try await source.cli("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", names.destination)
    }

    /// Names are bytes, which `redis-cli` doesn't print.
    func keys() async throws -> [[UInt8]] {
        let reply = try await ask(["CLUSTER", "GETKEYSINSLOT", "\(slot)", "1000"].map { Array($0.utf8) })
        return (reply.elements ?? []).compactMap(\.bytes)
    }

    func migrate(_ keys: [[UInt8]]) async throws {
        let words = ["MIGRATE", "127.0.0.1", "\(destination.port)", "", "0", "30000", "KEYS"]
        #expect(try await ask(words.map { Array($0.utf8) } + keys).text == "OK")
    }

    func finish() async throws {
        for server in [destination, source] {
            try await server.cli("CLUSTER", "SETSLOT", "\(slot)", "NODE", names.destination)
        }
    }

    private func ask(_ words: [[UInt8]]) async throws -> RESPValue {
        var configuration = try RedisConfiguration(url: source.url)
        configuration.commandLimit = .seconds(30)
        let executor = try configuration.makeExecutor()
        let reply = try await executor.send(RedisCommand(words: words))
        await executor.shutDown()
        return reply
    }
}
