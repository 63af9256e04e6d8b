import SessionTesting
import Testing

@testable import Sessions

@Suite("A node's run")
struct ServiceNodeRunTests {
    @Test("It registers before it trusts anything")
    func registersFirst() async throws {
        let bench = try Bench()
        let node = bench.node()
        bench.store.pause(.cutoffs, .before)
        let task = Task { try await node.run() }
        await bench.store.waitUntilHeld(.cutoffs, .before)
        #expect(try await bench.memory.nodes().map(\.id) == ["web-1"])
        #expect(!node.holdsLease)
        bench.store.resume(.cutoffs, .before)
        await bench.time.waitForSleepers(2)
        #expect(node.holdsLease)
        task.cancel()
        try await task.value
    }

    @Test("A node that can't register doesn't poll, and so decides nothing")
    func cannotRegister() async throws {
        let bench = try Bench()
        let node = bench.node()
        bench.store.fail(.publish)
        try await bench.withRunning(node) {
            await bench.pass(.seconds(3))
            #expect(!node.holdsLease)
            #expect(bench.store.count(of: .cutoffs) == 0)
            bench.store.recover()
            await bench.pass(.seconds(1))
            #expect(node.holdsLease)
        }
    }

    @Test("The lease counts from before the read, however long the answer takes")
    func leaseFromTheStart() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            bench.store.pause(.feed, .after)
            bench.time.advance(by: .milliseconds(500))
            await bench.store.waitUntilHeld(.feed, .after)
            bench.time.advance(by: .milliseconds(1900))
            #expect(!node.holdsLease)
            bench.store.resume(.feed, .after)
            while node.counters[.feedPolls] < 3 { await Task.yield() }
            // Begun at 0.5, it holds until 2.5; and it is 2.4 now.
            #expect(node.holdsLease)
            bench.time.advance(by: .milliseconds(100))
        }
    }

    @Test("One that can't show a sign of life renews no lease, however well it reads: nobody would wait for it")
    func unknown() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            bench.store.fail(.publish)
            for _ in 0..<6 { await bench.pass(.milliseconds(500)) }
            #expect(node.holdsLease)
            for _ in 0..<5 { await bench.pass(.milliseconds(500)) }
            #expect(!node.holdsLease)
            bench.store.recover()
            await bench.pass(.milliseconds(500))
            #expect(node.holdsLease)
        }
    }

    @Test("It shows a sign of life each second, with its counters")
    func heartbeats() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            for _ in 0..<10 {
                await bench.pass(.seconds(1))
                let report = try #require(try await bench.memory.nodes().first)
                #expect(bench.time.now - report.heartbeat < .seconds(1))
                #expect(report.lease == .seconds(2))
                #expect(report.isAlive(at: bench.time.now))
            }
            #expect(bench.store.count(of: .publish) <= 13, "no more than one a second")
        }
    }

    @Test("It is never silent for so long that others call it down, whatever its policy says")
    func rareHeartbeats() async throws {
        var policy = NodePolicy()
        policy.heartbeat = .seconds(60)
        let bench = try Bench(policy: policy)
        try await bench.withRunning(bench.node()) {
            for _ in 0..<20 {
                await bench.pass(.milliseconds(500))
                let report = try #require(try await bench.memory.nodes().first)
                #expect(report.isAlive(at: bench.time.now))
            }
        }
    }

    @Test("A failover that lost a revoke and gave its position to another: the next poll finds that out")
    func reusedPosition() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let (lost, revoked) = (try await node.begin(), try await node.begin())
            let backup = bench.memory.backup
            _ = try await bench.memory.revoke(lost.id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.milliseconds(500))
            #expect(node.applied == FeedPosition(1))
            #expect(await node.load(revoked.id).served != nil)
            bench.memory.restore(backup)
            let end = try await bench.memory.revoke(revoked.id.hash, by: "ops", reason: nil, at: bench.time.now)
            #expect(end.position == FeedPosition(1))
            #expect(await node.load(revoked.id).word == "live from l1")
            await bench.pass(.milliseconds(500))
            #expect(await node.load(revoked.id).word == "refused revoked")
        }
    }

    @Test("A failover that lost the last entries: what a node has applied of the lost past makes no revoke effective")
    func lostPast() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let (lost, made) = (try await node.begin(), try await node.begin())
            let backup = bench.memory.backup
            _ = try await bench.memory.revoke(lost.id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.milliseconds(500))
            #expect(await node.load(made.id).served != nil)
            let reports = try await bench.memory.nodes()
            #expect(reports.map(\.applied) == [FeedPosition(1)])
            bench.memory.restore(backup)
            // A sign of life between two polls, which the store takes after the failover.
            for report in reports { try await bench.memory.publish(report) }
            let position = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
                .position
            #expect(position == FeedPosition(1))
            #expect(await node.load(made.id).word == "live from l1")
            func checked() async throws -> [NodeReport] { try await bench.memory.checkedNodes(upTo: position) }
            var watch = EffectivenessWatch(position: position, durable: bench.time.monotonic)
            var hasty = watch
            #expect(hasty.observe(reports, at: bench.time.monotonic) == .effective(.applied), "positions alone lie")
            let lostNodes = "nodes of a lost past"
            #expect(watch.observe(try await checked(), at: bench.time.monotonic) == .waiting(on: [lostNodes, "web-1"]))
            await bench.pass(.seconds(1))
            #expect(await node.load(made.id).word == "refused revoked")
            #expect(watch.observe(try await checked(), at: bench.time.monotonic) == .waiting(on: [lostNodes]))
            await bench.pass(.seconds(2))
            #expect(watch.observe(try await checked(), at: bench.time.monotonic) == .effective(.leasesRanOut))
            // The failover is over: whatever is revoked now waits for nobody who is gone.
            let next = try await bench.memory.revoke(
                try await node.begin().id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.milliseconds(500))
            let nodes = try await bench.memory.nodes()
            #expect(nodes.map(\.applied) == [next.position])
            #expect(try await bench.memory.checkedNodes(upTo: next.position) == nodes)
        }
    }

    @Test("From its first report on it names the entry that it has applied")
    func namesItsEntry() async throws {
        let bench = try Bench()
        let made = try await bench.node("maker").begin()
        let revoked = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
        let node = bench.node()
        try await bench.withRunning(node) {
            let nodes = try await bench.memory.nodes()
            #expect(nodes.map(\.applied) == [revoked.position])
            #expect(nodes.allSatisfy { $0.counters[.feedMark] > 0 })
            #expect(try await bench.memory.checkedNodes(upTo: revoked.position) == nodes)
        }
    }

    @Test("A long feed is read to its end before the node answers from memory again")
    func longFeed() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            var last = FeedPosition.start
            for _ in 0..<2500 {
                let made = try await node.begin()
                last = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now).position
            }
            await bench.pass(.milliseconds(500))
            #expect(node.applied == last)
            #expect(bench.store.count(of: .feed) == 4, "one at the start")
        }
    }

    @Test("Cancelled, it writes what waits, says that it has stopped, and decides nothing any more")
    func stops() async throws {
        let bench = try Bench()
        let node = bench.node()
        let made = try await bench.withRunning(node) {
            let made = try await node.begin()
            await bench.pass(.seconds(200))
            _ = await node.load(made.id)
            return made
        }
        #expect(node.counters[.touches] == 1)
        #expect(try await bench.memory.nodes().first?.status == .stopped)
        #expect(!node.holdsLease)
        #expect(await node.load(made.id).word == "live from database")
    }

    @Test("Run again, it says that it is up before it trusts its memory: whoever revokes waits for it")
    func runsAgain() async throws {
        let bench = try Bench()
        let node = bench.node()
        let made = try await bench.withRunning(node) { try await node.begin() }
        #expect(try await bench.memory.nodes().map(\.status) == [.stopped])
        try await bench.withRunning(node) {
            #expect(try await bench.memory.nodes().map(\.status) == [.up])
            #expect(node.holdsLease)
            _ = await node.load(made.id)
            let revoked = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            #expect(await node.load(made.id).word == "live from l1")
            var watch = EffectivenessWatch(position: revoked.position, durable: bench.time.monotonic)
            #expect(watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic) == .waiting(on: ["web-1"]))
            await bench.pass(.milliseconds(500))
            #expect(watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic) == .effective(.applied))
            #expect(await node.load(made.id).word == "refused revoked")
        }
        #expect(try await bench.memory.nodes().map(\.status) == [.stopped])
    }

    @Test("Abandoned, it ends as a crash does: nothing is written, nothing is said, everything is 503")
    func abandoned() async throws {
        let bench = try Bench()
        let node = bench.node()
        let made = try await bench.withRunning(node) {
            let made = try await node.begin()
            await bench.pass(.seconds(200))
            _ = await node.load(made.id)
            node.abandon()
            return made
        }
        #expect(bench.store.count(of: .touch) == 0)
        #expect(try await bench.memory.nodes().first?.status == .up)
        #expect(await node.load(made.id).word == "unavailable unavailable")
        await #expect(throws: SessionsError.self) { _ = try await node.begin() }
    }

    @Test("A draining node says so, and goes on serving")
    func draining() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            node.setDraining(true)
            await bench.pass(.seconds(1))
            #expect(try await bench.memory.nodes().first?.status == .draining)
            #expect(await node.load(made.id).served != nil)
        }
    }

    @Test("A revoke is effective when the node has applied it, and is refused there from then on")
    func effective() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            _ = await node.load(made.id)
            let revoked = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            var watch = EffectivenessWatch(position: revoked.position, durable: bench.time.monotonic)
            #expect(watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic) == .waiting(on: ["web-1"]))
            await bench.pass(.milliseconds(500))
            #expect(watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic) == .effective(.applied))
            #expect(await node.load(made.id).word == "refused revoked")
        }
    }
}
