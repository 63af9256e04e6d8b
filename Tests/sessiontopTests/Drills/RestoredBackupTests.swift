import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import sessiontop

/// A store that is put back to an earlier state, under a node that runs: over real servers.
///
/// The store is the truth, so what it has forgotten didn't happen. What memory and the shared cache hold of the time that
/// is gone decides nothing any more.
@Suite("Restored backups", .serialized)
struct RestoredBackupTests {
    @Test("PostgreSQL is restored from a dump: memory and the shared cache are no longer believed")
    func dump() async throws {
        try await ScratchFolder.with { folder in
            try await PostgresServer.with { postgres in
                try await RedisServer.with { redis in
                    try await Self.withNode(postgres.url(), cache: redis.url, keys: "\(folder)/keys") {
                        node, maker, store in
                        let ended = try await maker.begin(user: "alice").id
                        #expect(await node.load(ended).isLive)
                        let copy = try await Self.onlyCopy(of: ended, node, in: redis)
                        try await redis.cli("COPY", copy, "earlier")
                        let spared = try await maker.begin(user: "bob").id
                        #expect(await node.load(spared).isLive)
                        try await Self.revoke(ended, node)
                        let dump = "\(folder)/dump.sql"
                        let arguments = [
                            "-d", postgres.url(), "-n", "sessiontop", "--clean", "--if-exists", "-f", dump,
                        ]
                        try await Tool.run("pg_dump", arguments)
                        let generation = try await store.feed(after: .start, limit: 0).generation

                        // What the dump doesn't know: a session that is ended, and one that begins.
                        try await Self.revoke(spared, node)
                        let unknown = try await maker.begin(user: "carol").id
                        #expect(await node.load(unknown).isLive)
                        // A failover of the cache, long ago, brought back the copy of the first.
                        try await redis.cli("COPY", "earlier", copy, "REPLACE")
                        #expect(await node.load(ended).isRefused)

                        let restore = ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", postgres.url(), "-f", dump]
                        try await Tool.run("psql", restore)
                        try await Waiting.until("a new generation of copies has begun", limit: .seconds(60)) {
                            try await store.feed(after: .start, limit: 0).generation > generation
                        }
                        try await Waiting.until("the dump decides", limit: .seconds(60)) {
                            await node.load(spared).isLive
                        }
                        #expect(await node.load(ended).isRefused, "ended before the dump, and the copy is an old one")
                        #expect(await node.load(unknown).isRefused, "the store doesn't know it")
                        try await Self.revoke(spared, node)
                    }
                }
            }
        }
    }

    @Test("Redis starts from an older file: what was ended before it stays ended, and revokes hold as before")
    func file() async throws {
        try await ScratchFolder.with { folder in
            try await RedisServer.with { redis in
                try await Self.withNode(redis.url, cache: nil, keys: "\(folder)/keys") { node, maker, store in
                    let (ended, spared) = (try await maker.begin(user: "a").id, try await maker.begin(user: "b").id)
                    for id in [ended, spared] { #expect(await node.load(id).isLive) }
                    try await Self.revoke(ended, node)
                    try await redis.cli("SAVE")
                    let position = try await store.cutoffs().position

                    try await Self.revoke(spared, node)
                    let unknown = try await maker.begin(user: "c").id
                    #expect(await node.load(unknown).isLive)
                    try await redis.process.end(by: .kill)
                    try await redis.process.start()
                    try await Waiting.until("the file decides", limit: .seconds(60)) { await node.load(spared).isLive }
                    #expect(try await store.cutoffs().position == position, "the feed went back")
                    #expect(await node.load(ended).isRefused)
                    try await Waiting.until("what the store doesn't know is refused", limit: .seconds(60)) {
                        await node.load(unknown).isRefused
                    }
                    try await Self.revoke(spared, node)
                }
            }
        }
    }

    /// Runs a node on a store, behind a cache where there is one.
    private static func withNode(
        _ url: String, cache: String?, keys: String,
        _ body: (_ node: ServiceNode, _ maker: ServiceNode, StoreScheme.ServiceStore) async throws -> Void
    ) async throws {
        let store = try await StoreScheme.serve(try #require(StoreURL(url)))
        var shared: (any SharedCache)?
        if let cache { shared = try await StoreScheme.share(try #require(StoreURL(cache))) }
        let sealer = PayloadSealer(keys: try KeyRing.loadOrCreate(file: keys), namespace: DemoStore.namespace)
        let node = ServiceNode(id: "web-01", store: store, policy: DemoOptions().policy, sealer: sealer, cache: shared)
        // Makes the sessions, so that the node has to look for them.
        let maker = ServiceNode(id: "maker", store: store, policy: DemoOptions().policy, sealer: sealer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await node.run() }
            try await Waiting.until("the node holds its lease") { node.holdsLease }
            try await body(node, maker, store)
            group.cancelAll()
        }
    }

    /// Ends a session by another hand, and waits until the node refuses it.
    private static func revoke(_ id: SessionID, _ node: ServiceNode) async throws {
        guard case .revoked = try await node.revoke(id.hash, by: "ops/mira", reason: nil).outcome else {
            Issue.record("it was not live")
            return
        }
        try await Waiting.until("the node refuses it", limit: .seconds(60)) { await node.load(id).isRefused }
    }

    /// The name of the one copy that a cache holds.
    private static func onlyCopy(of id: SessionID, _ node: ServiceNode, in redis: RedisServer) async throws -> String {
        var names: [Substring] = []
        try await Waiting.until("the copy is there") {
            // A cache that is slow for a moment is passed over: a later request fills it.
            _ = await node.load(id)
            names = try await redis.cli("KEYS", "*").split(separator: "\n")
            return names.count == 1
        }
        return String(try #require(names.first))
    }
}

extension Answer {
    fileprivate var isLive: Bool { if case .live = self { true } else { false } }
    fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
}
