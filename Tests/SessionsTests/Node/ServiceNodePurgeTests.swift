import SessionTesting
import Synchronization
import Testing

@testable import Sessions

@Suite("A node's purges")
struct ServiceNodePurgeTests {
    /// A node that purges every minute, by a chance of the test's own.
    private func node(_ bench: Bench, chance: Shared<Double> = Shared(0.5)) -> ServiceNode {
        var policy = bench.policy
        policy.purgeInterval = .seconds(60)
        return node(bench, policy, chance: chance)
    }

    private func node(_ bench: Bench, _ policy: NodePolicy, chance: Shared<Double>) -> ServiceNode {
        ServiceNode(
            id: "web-1", store: bench.store, policy: policy, sealer: bench.sealer, cache: nil, time: bench.time.source
        ) { chance.value }
    }

    /// Waits until a node has said when it purges next.
    private func scheduled(_ node: ServiceNode) async {
        while node.state.withLock({ $0.nextPurge }) == nil { await Task.yield() }
    }

    /// A session that nobody needs any more in two minutes.
    private func insertSpent(_ bench: Bench) async throws -> IDHash {
        let lifetime = try Lifetime(idle: .seconds(60), absolute: .seconds(120))
        let id = SessionID().hash
        try await bench.memory.insert(Session(id: id, user: "alice", created: bench.time.now, lifetime: lifetime))
        return id
    }

    @Test("It purges first within the interval, then once an interval, a tenth earlier or later")
    func interval() async throws {
        let bench = try Bench()
        let chance = Shared(0.25)
        let node = node(bench, chance: chance)
        let id = try await insertSpent(bench)
        try await bench.withRunning(node) { () async throws in
            func purges() -> Int { bench.store.count(of: .purge) }
            await bench.pass(.milliseconds(14_500))
            #expect(purges() == 0)
            chance.change { $0 = 0 }
            await bench.pass(.milliseconds(500))
            await scheduled(node)
            #expect(purges() == 1, "after 0.25 intervals")
            await bench.pass(.milliseconds(53_500))
            #expect(purges() == 1)
            chance.change { $0 = 1 }
            await bench.pass(.milliseconds(500))
            await scheduled(node)
            #expect(purges() == 2, "after 0.9 intervals")
            await bench.pass(.milliseconds(65_500))
            #expect(purges() == 2)
            #expect(try await bench.memory.load(id, at: bench.time.now) != nil)
            await bench.pass(.milliseconds(500))
            await scheduled(node)
            #expect(purges() == 3, "after 1.1 intervals")
            #expect(try await bench.memory.load(id, at: bench.time.now) == nil)
        }
    }

    @Test("It keeps what its policy says, and what a node that starts reads back")
    func retention() async throws {
        let bench = try Bench()
        var policy = bench.policy
        policy.purgeInterval = .seconds(60)
        policy.retention.feed = .seconds(10)
        let node = node(bench, policy, chance: Shared(0.5))
        let position = try await bench.memory.deny([TokenDenial(issuer: "i", tokenID: "t")], at: bench.time.now)
        try await bench.withRunning(node) { () async throws in
            #expect(try await bench.memory.feed(after: .start, limit: 9).start == FeedPosition.start)
            await bench.pass(.seconds(30))
            await scheduled(node)
            #expect(try await bench.memory.feed(after: .start, limit: 9).start == FeedPosition.start)
            await bench.pass(.seconds(60))
            await scheduled(node)
            #expect(try await bench.memory.feed(after: .start, limit: 9).start == position)
        }
    }

    @Test("A node whose clock is ahead of all others purges by theirs")
    func ahead() async throws {
        let bench = try Bench()
        let node = node(bench)
        let id = try await insertSpent(bench)
        func publishOther() async throws {
            try await bench.memory.publish(
                NodeReport(
                    id: "web-2", started: bench.time.now, heartbeat: bench.time.now, applied: .start,
                    lease: .seconds(2)))
        }
        try await publishOther()
        try await bench.withRunning(node) {
            for count in 1...3 {
                await bench.pass(.seconds(count == 1 ? 30 : 60))
                await scheduled(node)
                #expect(bench.store.count(of: .purge) == count)
            }
            #expect(try await bench.memory.load(id, at: bench.time.now) != nil)
            try await publishOther()
            await bench.pass(.seconds(60))
            await scheduled(node)
            let left = try await bench.memory.load(id, at: bench.time.now)
            #expect(left == nil)
        }
    }

    @Test("A purge that fails is tried again when the next is due, and nothing else stops")
    func failing() async throws {
        let bench = try Bench()
        let node = node(bench)
        bench.store.fail(.purge)
        try await bench.withRunning(node) {
            for count in 1...3 {
                await bench.pass(.seconds(count == 1 ? 30 : 60))
                await scheduled(node)
                #expect(bench.store.count(of: .purge) == count)
                let report = try #require(try await bench.memory.nodes().first)
                #expect(report.isAlive(at: bench.time.now) && node.holdsLease)
            }
        }
    }

    @Test("A purge that hangs holds up no sign of life, no poll, no request and no goodbye, and no second one begins")
    func hanging() async throws {
        let bench = try Bench()
        let node = node(bench)
        bench.store.pause(.purge, .before)
        let task = Task { try await node.run() }
        await bench.time.waitForSleepers(2)
        let made = try await node.begin(user: "alice")
        await bench.pass(.seconds(30))
        await bench.store.waitUntilHeld(.purge, .before)
        for _ in 0..<3 {
            await bench.pass(.seconds(60))
            let report = try #require(try await bench.memory.nodes().first)
            #expect(bench.time.now - report.heartbeat < .seconds(1) && node.holdsLease)
            #expect(await node.load(made.id).served != nil)
        }
        let revoked = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
        await bench.pass(.milliseconds(500))
        #expect(node.applied == revoked.position)
        #expect(bench.store.count(of: .purge) == 1)
        task.cancel()
        while try await bench.memory.nodes().first?.status != .stopped { await Task.yield() }
        bench.store.resume(.purge, .before)
        try await task.value
    }

    @Test("A node that is told never to purge doesn't")
    func never() async throws {
        let bench = try Bench()
        var policy = bench.policy
        policy.purgeInterval = nil
        let node = node(bench, policy, chance: Shared(0))
        try await bench.withRunning(node) {
            await bench.pass(.seconds(700))
            #expect(bench.store.count(of: .purge) == 0)
        }
        #expect(NodePolicy().purgeInterval == .seconds(600))
    }
}
