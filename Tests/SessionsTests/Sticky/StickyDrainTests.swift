import SessionTesting
import Synchronization
import Testing

@testable import Sessions

@Suite("The drain of a node that holds sessions")
struct StickyDrainTests {
    @Test("It takes no new sessions, goes on serving, and reports what is left")
    func drains() async throws {
        let fleet = try StickyFleet(["a"])
        let a = fleet["a"]
        let made = try await a.node.begin(user: "alice", payload: [1])
        let report = try await a.drain(DrainPlan(limit: .zero))
        #expect(report.found == 1 && report.left == 1 && report.atRisk == 1)
        #expect(a.isDrained && a.node.isDraining)
        await #expect(throws: SessionsError.self) { try await a.node.begin(user: "bob") }
        guard case .live(let served) = await a.node.load(made.id) else { return #expect(Bool(false), "still served") }
        #expect(try await a.node.save([2], for: served) == .saved(version: 2))
        // Whoever is here already may sign in: to turn them away would lose what they have.
        _ = try await a.node.signIn(from: made.id, user: "alice")
    }

    @Test("It waits for sessions to end by themselves, and no longer than it must")
    func waits() async throws {
        let fleet = try StickyFleet(["a"])
        let a = fleet["a"]
        let made = try await a.node.begin(user: "alice")
        let drain = Task { try await a.drain(DrainPlan(limit: .seconds(3600))) }
        await fleet.time.waitForSleepers(1)
        fleet.time.advance(by: .seconds(60))
        await fleet.time.waitForSleepers(1)
        #expect(a.drained?.left == 1 && !a.isDrained)
        try await a.node.signOut(made.id.hash)
        fleet.time.advance(by: .seconds(1))
        #expect(try await drain.value.left == 0)
    }

    @Test("It is over at its limit at the latest")
    func ends() async throws {
        let fleet = try StickyFleet(["a"])
        _ = try await fleet["a"].node.begin(user: "alice")
        let drain = Task { try await fleet["a"].drain(DrainPlan(limit: .milliseconds(1500))) }
        for step in [Duration.seconds(1), .milliseconds(500)] {
            await fleet.time.waitForSleepers(1)
            fleet.time.advance(by: step)
        }
        #expect(try await drain.value.left == 1)
    }

    @Test("Called off, it takes new sessions again; and a second drain is refused while one goes on")
    func calledOff() async throws {
        let fleet = try StickyFleet(["a"])
        let a = fleet["a"]
        _ = try await a.node.begin(user: "alice")
        let drain = Task { try await a.drain(DrainPlan(limit: .seconds(3600))) }
        await fleet.time.waitForSleepers(1)
        await #expect(throws: SessionsError.self) { try await a.drain(DrainPlan(limit: .zero)) }
        a.callOffDrain()
        fleet.time.advance(by: .seconds(1))
        _ = try await drain.value
        #expect(a.drained == nil && !a.node.isDraining)
        _ = try await a.node.begin(user: "bob")
    }

    @Test("An operator's order takes the place of the one before, and each is in the node's audit log")
    func steered() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let (a, b) = (fleet["a"], fleet["b"])
        let made = try await a.node.begin(user: "alice")
        func order(_ reason: String) -> Order { Order(actor: "ops/mira", reason: reason, at: fleet.time.now) }
        let running = Task { await a.run(fleet.transfer) }
        a.steer(to: .drain, peers: [], order: order("deploy"))
        await fleet.time.waitForSleepers(1)
        #expect(a.drained?.left == 1 && !a.isDrained && a.node.isDraining)
        a.steer(to: .maintenance, peers: ["b"], order: order("at once"))
        #expect(a.node.isDraining, "not for a moment does it take new sessions in between")
        fleet.time.advance(by: .seconds(1))
        while !a.isDrained { await Task.yield() }
        #expect(a.drained?.handedOver == 1 && a.drained?.left == 0)
        guard case .live = await b.node.load(made.id) else { return #expect(Bool(false), "it is at the other node") }
        a.steer(to: .ready, peers: [], order: order("done"))
        #expect(a.drained == nil && !a.node.isDraining)
        _ = try await a.node.begin(user: "bob")
        let log = try await a.store.audit(after: 0, limit: 10)
        #expect(log.map(\.result) == ["drain", "maintenance", "ready"] && log.map(\.count) == [1, 1, 0])
        #expect(log.allSatisfy { $0.action == .steer && $0.target == "node:a" && $0.actor == "ops/mira" })
        running.cancel()
        await running.value
    }

    @Test("Whoever must find every session waits for each transfer under way, and each drain counts its own")
    func overlapping() async throws {
        let fleet = try StickyFleet(["a", "b", "c"])
        let a = fleet["a"]
        for _ in 0..<StickyNode.batch.sessions + 10 { _ = try await a.node.begin() }
        let sent = ["b": Landing<Void>(), "c": Landing<Void>()]
        let released = ["b": Landing<Void>(), "c": Landing<Void>()]
        let held: HandOver.Transfer = { peer, sessions in
            sent[peer]?.land(())
            try await released[peer]?.value()
            return try await fleet.transfer(peer, sessions)
        }
        let first = Task { try await a.drain(DrainPlan(limit: .zero, peers: ["b"]), held) }
        try await sent["b"]?.value()
        #expect(a.requestDrain(DrainPlan(limit: .zero, peers: ["c"]), replacing: true))
        let running = Task { await a.run(held) }
        try await sent["c"]?.value()
        released["b"]?.land(())
        _ = try await first.value
        #expect(a.drained?.handedOver == 0, "what the drain before has sent is none of its business")
        // Else the order would go round and round, and never see that it is called off.
        try #require(a.store.crossings.withLock { $0.count } == 1)
        let order = Order(actor: "ops/mira", reason: nil, at: fleet.time.now)
        let revoke = Task { try await a.store.revoke(.everyone, order: order) }
        revoke.cancel()
        await #expect(throws: CancellationError.self) { try await revoke.value }
        released["c"]?.land(())
        while !a.isDrained { await Task.yield() }
        #expect(a.drained?.handedOver == 10 && a.drained?.left == 0)
        running.cancel()
        await running.value
        #expect(try await a.store.revoke(.everyone, order: order).outcomes.isEmpty)
    }

    @Test("A drain whose task is cancelled is called off")
    func cancelled() async throws {
        let fleet = try StickyFleet(["a"])
        let a = fleet["a"]
        _ = try await a.node.begin(user: "alice")
        let drain = Task { try await a.drain(DrainPlan(limit: .seconds(3600))) }
        await fleet.time.waitForSleepers(1)
        drain.cancel()
        await #expect(throws: CancellationError.self) { try await drain.value }
        _ = try await a.node.begin(user: "bob")
    }

    @Test("What is asked for is carried out by the run")
    func requested() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let made = try await fleet["a"].node.begin(user: "alice")
        let run = Task { await fleet["a"].run(fleet.transfer) }
        #expect(fleet["a"].requestDrain(DrainPlan(limit: .zero, peers: ["b"])))
        while !fleet["a"].isDrained { await Task.yield() }
        #expect(fleet["a"].drained?.handedOver == 1)
        #expect(try await fleet["b"].store.detail(made.id.hash) != nil)
        run.cancel()
        await run.value
    }

    @Test("Its reports say what it holds, what it lost and what it passed on")
    func reports() async throws {
        let fleet = try StickyFleet(["a", "b"], limits: MemoryLimits(sessions: 2))
        let a = fleet["a"]
        for _ in 0..<4 { _ = try await a.node.begin() }
        _ = try await fleet.drain("a", to: ["b"])
        let run = Task { try await a.node.run() }
        await fleet.time.waitForSleepers(2)
        let report = try #require(try await a.store.nodes().first)
        #expect(report.status == .draining)
        #expect(report.counters[.memoryEvicted] == 2)
        #expect(report.counters[.memoryHandedOver] == 2)
        #expect(report.counters[.memorySessions] == 0)
        run.cancel()
        try await run.value
    }
}
