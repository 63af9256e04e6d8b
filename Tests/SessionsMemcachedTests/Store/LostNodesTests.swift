import SessionTesting
import Sessions
import Subprocess
import Synchronization
import Testing

@testable import SessionsMemcached

/// Nodes that memcached has forgotten, and that live on: no revoke is effective before they can't serve any more.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LostNodesTests {
    /// A store on real clocks that a test moves ahead.
    private struct World {
        let server: MemcachedServer
        let store: MemcachedStore
        let advance: @Sendable (Duration) -> Void

        /// Publishes a report of a node that has applied the whole feed.
        func heartbeat(_ ids: String..., lease: Duration = .seconds(2)) async throws {
            let end = try await store.root().feedEnd
            let last = try await store.feed(after: end.previous, limit: 1).entries.last
            for id in ids {
                var report = NodeReport(
                    id: id, started: Timestamp(milliseconds: 1), heartbeat: store.time.wall(), applied: end,
                    lease: lease)
                report.counters[.feedMark] = last?.mark ?? 0
                try await store.publish(report)
            }
        }

        /// Lets the list of nodes become complete.
        func settle(_ id: String) async throws {
            advance(.seconds(11))
            try await heartbeat(id)
            #expect(try await store.nodeList()?.isComplete == true)
        }

        /// Revokes something, and begins to watch that.
        func revoke() async throws -> EffectivenessWatch {
            let now = store.time.wall()
            let position = try await store.cutOff(.user("somebody"), by: "x", reason: nil, at: now).epoch
            return EffectivenessWatch(position: position, durable: store.time.monotonic())
        }

        /// Looks at what the nodes say to a revoke now.
        func expect(
            _ status: EffectivenessWatch.Status, of watch: inout EffectivenessWatch,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let reports = try await store.checkedNodes(upTo: watch.position)
            let found = watch.observe(reports, at: store.time.monotonic())
            #expect(found == status, sourceLocation: sourceLocation)
        }

        /// Expects a revoke to wait for nodes that nobody knows, for seven seconds and no longer, whoever is known.
        func expectLongestLease(
            _ watch: inout EffectivenessWatch, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await expect(.waiting(on: [LostNodesTests.lost]), of: &watch, sourceLocation: sourceLocation)
            let early = watch.status(at: watch.durable + .seconds(7))
            #expect(early == .waiting(on: [LostNodesTests.lost]), sourceLocation: sourceLocation)
            let late = watch.status(at: watch.durable + .milliseconds(7070))
            #expect(late == .effective(.leasesRanOut), sourceLocation: sourceLocation)
        }

        func lose(_ key: MemcachedKey) async throws {
            try await store.remove(key, try #require(try await store.fetch(key)))
        }

        func finding() async throws -> Finding {
            try #require(try await store.findings(at: store.time.wall()).first { $0.check == "node-list" })
        }
    }

    private static let lost = "nodes that the store has lost"

    private func withWorld(_ body: (World) async throws -> Void) async throws {
        try await OwnMemcached.withServers(1) { servers in
            let ahead = Mutex(Duration.zero)
            // It stands still but for what a test lets pass: leases of seconds don't run out on a busy machine.
            let (wall, monotonic) = (TimeSource.system.wall(), TimeSource.system.monotonic())
            let time = TimeSource(
                wall: { wall + ahead.withLock { $0 } }, monotonic: { monotonic + ahead.withLock { $0 } },
                sleep: TimeSource.system.sleep)
            let store = try await MemcachedStore.open(
                OwnMemcached.configuration(servers), mode: .create, time: time)
            try await body(
                World(server: servers[0], store: store) { duration in ahead.withLock { $0 += duration } })
        }
    }

    @Test("Where the list is thrown out, a revoke takes the longest lease until each node had the time to come back")
    func list() async throws {
        try await withWorld { world in
            try await world.heartbeat("a", lease: .seconds(7))
            try await world.heartbeat("b")
            try await world.settle("b")
            var before = try await world.revoke()
            try await world.expect(.waiting(on: ["a", "b"]), of: &before)
            try await world.heartbeat("a", "b")
            try await world.expect(.effective(.applied), of: &before)
            #expect(try await world.finding().severity == .fine)
            try await world.lose(try world.store.names.nodes)
            #expect(try await world.store.nodes().isEmpty)
            #expect(try await world.finding().message.contains("each revoke takes 7s"))
            var alone = try await world.revoke()
            try await world.expectLongestLease(&alone)
            // One is back; of the other nobody knows.
            try await world.heartbeat("b")
            #expect(try await world.store.nodes().map(\.id) == ["b"])
            var half = try await world.revoke()
            try await world.heartbeat("b")
            try await world.expectLongestLease(&half)
            try await world.heartbeat("a")
            #expect(try await world.store.nodes().map(\.id) == ["a", "b"])
            // There may be more.
            var early = try await world.revoke()
            try await world.heartbeat("a", "b")
            try await world.expectLongestLease(&early)
            try await world.settle("a")
            var after = try await world.revoke()
            try await world.heartbeat("a", "b")
            try await world.expect(.effective(.applied), of: &after)
            let finding = try await world.finding()
            #expect(finding.severity == .warning && finding.message.contains("was lost"))
        }
    }

    @Test("Where a report is thrown out, its node is waited for, until a purge forgets it or it is back")
    func report() async throws {
        try await withWorld { world in
            try await world.heartbeat("a", lease: .seconds(7))
            try await world.heartbeat("b")
            try await world.settle("b")
            for _ in 0..<2 {
                try await world.lose(try world.store.names.node("a"))
                var watch = try await world.revoke()
                try await world.heartbeat("b")
                try await world.expectLongestLease(&watch)
                #expect(try await world.finding().message.contains("had registered: a;"))
                try await world.heartbeat("a")
                var again = try await world.revoke()
                try await world.heartbeat("a", "b")
                try await world.expect(.effective(.applied), of: &again)
            }
            try await world.lose(try world.store.names.node("a"))
            _ = try await world.store.purge(Retention(), at: world.store.time.wall())
            #expect(try await world.store.nodeList()?.nodes == ["b"])
            // It may live, and come back only now.
            var purged = try await world.revoke()
            try await world.heartbeat("b")
            try await world.expectLongestLease(&purged)
            try await world.heartbeat("b")
            try await world.settle("b")
            var after = try await world.revoke()
            try await world.heartbeat("b")
            try await world.expect(.effective(.applied), of: &after)
        }
    }

    @Test("Where the root is thrown out, the nodes are known by their list, and their leases, too")
    func root() async throws {
        try await withWorld { world in
            try await world.heartbeat("a", lease: .seconds(7))
            try await world.heartbeat("b")
            try await world.settle("b")
            try await world.lose(try world.store.names.root)
            var watch = try await world.revoke()
            try await world.expect(.waiting(on: ["a", "b"]), of: &watch)
            try await world.heartbeat("a", "b")
            try await world.expect(.effective(.applied), of: &watch)
            #expect(try await world.store.root().lease == .seconds(7))
        }
    }

    @Test("After a restart nobody knows who lives: who remembers the longest lease waits for so long")
    func restart() async throws {
        try await withWorld { world in
            try await world.heartbeat("a", lease: .seconds(7))
            try await world.settle("a")
            try await world.server.process.end(by: .kill)
            try await world.server.process.start()
            try await eventually { _ = try await world.store.root() }
            var alone = try await world.revoke()
            try await world.expectLongestLease(&alone)
            try await world.heartbeat("b")
            var watch = try await world.revoke()
            try await world.heartbeat("b")
            try await world.expectLongestLease(&watch)
            try await world.heartbeat("b")
            try await world.settle("b")
            var after = try await world.revoke()
            try await world.heartbeat("b")
            try await world.expect(.effective(.applied), of: &after)
        }
    }

    @Test("A new namespace may be one that was lost: only when a node would have registered there is none")
    func beginning() async throws {
        try await withWorld { world in
            var first = try await world.revoke()
            try await world.expect(.waiting(on: [Self.lost]), of: &first)
            #expect(first.latest == first.durable + .milliseconds(2020))
            #expect(try await world.finding().severity == .fine)
            world.advance(.seconds(6))
            var later = try await world.revoke()
            try await world.expect(.effective(.applied), of: &later)
        }
    }

    @Test("A root of the first format doesn't tell of leases, so there may be nodes")
    func firstFormat() throws {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        var old = PackedWriter()
        for number in [1, 7, now.milliseconds, 0, 0, 3, 0, 9, now.milliseconds, 4] { old.add(number) }
        let root = try StoreRoot(old.bytes, url: "u")
        #expect(root.lease == .seconds(2) && root.feedEnd == FeedPosition(3) && root.changeStart == 9)
        #expect(root.marks == [StoreRoot.Mark(at: now, change: 4)])
        #expect(try StoreRoot(root.packed, url: "u") == root)
    }

    @Test("A node that runs puts itself back into the list")
    func running() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await MemcachedStore.open(OwnMemcached.configuration(servers), mode: .create)
            let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "default")
            let node = ServiceNode(id: "web-1", store: store, policy: NodePolicy(), sealer: sealer)
            let task = Task { try await node.run() }
            defer { task.cancel() }
            try await Waiting.until("the node has registered") { try await store.nodes().map(\.id) == ["web-1"] }
            let key = try store.names.nodes
            try await store.remove(key, try #require(try await store.fetch(key)))
            try await Waiting.until("the node is back") { try await store.nodes().map(\.id) == ["web-1"] }
            task.cancel()
            try await task.value
        }
    }
}
