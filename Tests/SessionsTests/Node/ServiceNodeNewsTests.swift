import SessionTesting
import Testing

@testable import Sessions

/// Nobody advances the clock here unless it is said: what happens then is done by the news alone.
@Suite("A node that is woken by the feed's news")
struct ServiceNodeNewsTests {
    /// Ends a session behind the node's back.
    private func revoke(_ id: SessionID, on bench: Bench) async throws -> FeedPosition {
        try await bench.memory.revoke(id.hash, by: "ops", reason: nil, at: bench.time.now).position
    }

    /// Does something, and waits until the node has published a report.
    private func publishing(_ bench: Bench, after work: () -> Void) async {
        bench.store.pause(.publish, .after)
        work()
        await bench.store.waitUntilHeld(.publish, .after)
        bench.store.resume(.publish, .after)
    }

    @Test("It reads the feed, refuses and says so at once")
    func atOnce() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            #expect(await node.load(made.id).served != nil)
            #expect(await node.load(made.id).word == "live from l1")
            bench.time.advance(by: ServiceNode.newsInterval)
            let position = try await revoke(made.id, on: bench)
            #expect(await node.load(made.id).served != nil, "nothing was told yet")
            await publishing(bench) { bench.store.tellNews() }
            #expect(try await bench.memory.nodes().map(\.applied) == [position])
            #expect(await node.load(made.id).word == "refused revoked")
        }
    }

    @Test("The lease counts from the poll that the news led to")
    func renewsLease() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            bench.time.advance(by: .milliseconds(400))
            _ = try await revoke(made.id, on: bench)
            await publishing(bench) { bench.store.tellNews() }
            bench.store.fail(.feed)
            bench.time.advance(by: .milliseconds(1999))
            #expect(node.holdsLease)
            bench.time.advance(by: .milliseconds(1))
            #expect(!node.holdsLease)
        }
    }

    @Test("Where the news are lost, the next poll comes as early as without them")
    func lostNews() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            let position = try await revoke(made.id, on: bench)
            await publishing(bench) { bench.time.advance(by: bench.policy.pollInterval) }
            #expect(try await bench.memory.nodes().map(\.applied) == [position])
        }
    }

    @Test("A storm of news is one read of the feed and one report in each interval")
    func storm() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let (polls, reports) = (bench.store.count(of: .feed), bench.store.count(of: .publish))
            let intervals = 10
            for _ in 0..<intervals {
                for _ in 0..<50 {
                    _ = try await revoke(try await node.begin().id, on: bench)
                    bench.store.tellNews()
                }
                // It sleeps the interval out.
                await bench.time.waitForSleepers(1, within: ServiceNode.newsInterval)
                await publishing(bench) { bench.time.advance(by: ServiceNode.newsInterval) }
            }
            #expect(node.applied == FeedPosition(Int64(50 * intervals)))
            #expect(bench.store.count(of: .feed) - polls <= intervals + 1)
            #expect(bench.store.count(of: .publish) - reports <= intervals + 1)
        }
    }

    @Test("News that tell nothing new are no reason for a report")
    func nothingNew() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            bench.time.advance(by: ServiceNode.newsInterval)
            let reports = bench.store.count(of: .publish)
            bench.store.pause(.feed, .after)
            bench.store.tellNews()
            await bench.store.waitUntilHeld(.feed, .after)
            bench.store.resume(.feed, .after)
            await bench.time.waitForSleepers(2)
            #expect(bench.store.count(of: .publish) == reports)
        }
    }

    @Test("In the strict mode nothing is decided by memory, and nobody listens")
    func strict() async throws {
        var policy = NodePolicy()
        policy.isStrict = true
        let bench = try Bench(policy: policy)
        let node = bench.node()
        try await bench.withRunning(node) {
            let polls = bench.store.count(of: .cutoffs) + bench.store.count(of: .feed)
            bench.store.tellNews()
            await bench.pass(.milliseconds(500))
            #expect(bench.store.count(of: .cutoffs) + bench.store.count(of: .feed) == polls)
        }
    }

    @Test("A node that has stopped says how far it had applied the feed")
    func stopped() async throws {
        let bench = try Bench()
        let node = bench.node()
        let position = try await bench.withRunning(node) {
            let position = try await revoke(try await node.begin().id, on: bench)
            await bench.pass(bench.policy.pollInterval)
            return position
        }
        let report = try #require(try await bench.memory.nodes().first)
        #expect(report.status == .stopped && report.applied == position)
    }
}
