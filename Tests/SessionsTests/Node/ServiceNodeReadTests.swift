import SessionTesting
import Testing

@testable import Sessions

@Suite("What a node answers")
struct ServiceNodeReadTests {
    @Test("A session is served from the database first, and from memory then, with its payload opened")
    func tiers() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin(user: "alice", payload: [1, 2, 3])
            #expect(await node.load(made.id.secretText).word == "live from database")
            let again = await node.load(made.id)
            #expect(again.word == "live from l1")
            #expect(again.served?.payload == [1, 2, 3])
            #expect(again.served?.user == "alice")
            let stored = try #require(try await bench.memory.load(made.id.hash, at: bench.time.now))
            #expect(stored.session.payload.keyID == "k1")
            #expect(stored.session.node == "web-1")
        }
    }

    @Test("A node that isn't run asks the database for every request")
    func notRun() async throws {
        let bench = try Bench()
        let node = bench.node()
        let made = try await node.begin()
        for _ in 0..<5 { #expect(await node.load(made.id).word == "live from database") }
        #expect(bench.store.count(of: .load) == 5)
        #expect(node.counters[.l1Bypassed] == 5)
    }

    @Test("In strict mode a node that runs asks the database for every request, too")
    func strict() async throws {
        var policy = NodePolicy()
        policy.isStrict = true
        let bench = try Bench(policy: policy)
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            for _ in 0..<5 { #expect(await node.load(made.id).word == "live from database") }
        }
    }

    @Test("A text without the shape of an id is suspicious, and nothing is looked up")
    func malformed() async throws {
        let bench = try Bench()
        let node = bench.node()
        for text in ["", "x", String(repeating: "A", count: 42), String(repeating: "é", count: 43)] {
            #expect(await node.load(text).word == "suspicious")
        }
        #expect(bench.store.count(of: .load) == 0)
        #expect(node.counters[.suspicious] == 4)
        #expect(node.counters[.requests] == 0)
    }

    @Test("An id that was never issued is refused, counted as suspicious, and remembered for a moment")
    func neverIssued() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let unknown = SessionID()
            for _ in 0..<3 { #expect(await node.load(unknown).word == "refused unknown") }
            #expect(bench.store.count(of: .load) == 1)
            #expect(node.counters[.suspicious] == 3)
            #expect(node.counters[.l1NegativeHit] == 2)
        }
    }

    @Test("While the database is gone memory serves until the lease ends; then it is 503, never 401")
    func databaseGone() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            let ended = SessionID()
            _ = await node.load(made.id)
            _ = await node.load(ended)
            bench.store.fail(.load, .feed, .publish, .cutoffs)
            await bench.pass(.milliseconds(1500))
            #expect(await node.load(made.id).word == "live from l1")
            await bench.pass(.milliseconds(500))
            #expect(!node.holdsLease)
            for id in [made.id, ended] { #expect(await node.load(id).word == "unavailable unavailable") }
            #expect(node.counters[.feedErrors] == 3)
            bench.store.recover()
            await bench.pass(.milliseconds(500))
            #expect(node.holdsLease)
            #expect(
                await node.load(made.id).word == "live from l1", "no older than 3 s, and the feed was caught up with")
        }
    }

    @Test("A revoke elsewhere is refused here after the next poll, without asking the database")
    func revokedElsewhere() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            _ = await node.load(made.id)
            let revoked = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.milliseconds(500))
            #expect(node.applied == revoked.position)
            #expect(await node.load(made.id).word == "refused revoked")
            #expect(bench.store.count(of: .load) == 1)
            let reports = try await bench.memory.nodes()
            #expect(reports.map(\.applied) == [revoked.position], "published at once")
        }
    }

    @Test("A revoke or a cut-off here is effective here at once")
    func revokedHere() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let first = try await node.begin(user: "alice")
            let second = try await node.begin(user: "alice")
            _ = await node.load(first.id)
            _ = await node.load(second.id)
            #expect(try await node.signOut(first.id.hash).outcome == .revoked)
            #expect(await node.load(first.id).word == "refused revoked")
            try await node.cutOff(.user("alice"), by: "alice", reason: "sign out everywhere")
            #expect(await node.load(second.id).word == "refused revoked")
            #expect(node.counters[.signOuts] == 1)
            #expect(node.counters[.l1Stopped] == 2)
        }
    }

    @Test("Many requests for one session read the database once")
    func coalesced() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            bench.store.pause(.load, .before)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { await node.load(made.id).word } }
                while node.counters[.l1Coalesced] < 19 { await Task.yield() }
                bench.store.resume(.load, .before)
                for try await word in group { #expect(word == "live from database") }
            }
            #expect(bench.store.count(of: .load) == 1)
            #expect(node.counters[.served] == 20)
        }
    }

    @Test("A failed read is told to everybody who waits, and forgotten")
    func failureForgotten() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            bench.store.fail(.load)
            bench.store.pause(.load, .before)
            async let first = node.load(made.id).word
            await bench.store.waitUntilHeld(.load, .before)
            async let second = node.load(made.id).word
            while node.counters[.l1Coalesced] < 1 { await Task.yield() }
            bench.store.resume(.load, .before)
            #expect(await [first, second] == ["unavailable unavailable", "unavailable unavailable"])
            bench.store.recover()
            #expect(await node.load(made.id).word == "live from database")
            #expect(node.counters[.errors] == 2)
            #expect(node.counters[.databaseError] == 1)
        }
    }

    @Test("When whoever reads goes away, those who wait read again")
    func leaderCancelled() async throws {
        var policy = NodePolicy()
        policy.concurrentReads = 1
        let bench = try Bench(policy: policy)
        let node = bench.node()
        try await bench.withRunning(node) {
            let (made, other) = (try await node.begin(), try await node.begin())
            // The only turn is taken, so that the leader waits at the gate, where it can be cancelled.
            bench.store.pause(.load, .before)
            let blocker = Task { await node.load(other.id).word }
            await bench.store.waitUntilHeld(.load, .before)
            let leader = Task { await node.load(made.id).word }
            while node.gate.waitingCount < 1 { await Task.yield() }
            let follower = Task { await node.load(made.id).word }
            while node.counters[.l1Coalesced] < 1 { await Task.yield() }
            leader.cancel()
            #expect(await leader.value == "unavailable unavailable")
            while node.gate.waitingCount < 1 { await Task.yield() }
            bench.store.resume(.load, .before)
            #expect(await follower.value == "live from database")
            #expect(await blocker.value == "live from database")
            #expect(node.counters[.databaseError] == 0)
        }
    }

    @Test("A request that waits with another can be cancelled by itself")
    func followerCancelled() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            bench.store.pause(.load, .before)
            let leader = Task { await node.load(made.id).word }
            await bench.store.waitUntilHeld(.load, .before)
            let follower = Task { await node.load(made.id).word }
            while node.counters[.l1Coalesced] < 1 { await Task.yield() }
            follower.cancel()
            #expect(await follower.value == "unavailable unavailable")
            bench.store.resume(.load, .before)
            #expect(await leader.value == "live from database")
        }
    }

    @Test("An answer that was on the wire during a revoke is refused, and not kept")
    func onTheWire() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            bench.store.pause(.load, .after)
            let request = Task { await node.load(made.id).word }
            await bench.store.waitUntilHeld(.load, .after)
            _ = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.milliseconds(500))
            bench.store.resume(.load, .after)
            #expect(await request.value == "refused revoked")
            #expect(node.counters[.l1FillRefused] == 1)
            #expect(node.counters[.l1Entries] == 0)
        }
    }

    @Test("Too many waiting requests are answered 503 at once")
    func shedding() async throws {
        var policy = NodePolicy()
        (policy.concurrentReads, policy.waitingReads) = (1, 1)
        let bench = try Bench(policy: policy)
        let node = bench.node()
        var ids: [SessionID] = []
        for _ in 0..<3 { ids.append(try await node.begin().id) }
        bench.store.pause(.load, .before)
        let first = Task { [id = ids[0]] in await node.load(id).word }
        await bench.store.waitUntilHeld(.load, .before)
        let second = Task { [id = ids[1]] in await node.load(id).word }
        while node.gate.waitingCount < 1 { await Task.yield() }
        #expect(await node.load(ids[2]).word == "unavailable busy")
        bench.store.resume(.load, .before)
        #expect(await [first.value, second.value] == ["live from database", "live from database"])
        #expect(node.counters[.databaseError] == 0)
    }

    @Test("A payload that doesn't open is 503, and never kept")
    func rejectedPayload() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin(payload: [1])
            let forged = Payload(bytes: [2])
            _ = try await bench.memory.save(forged, of: made.id.hash, replacing: 1, at: bench.time.now)
            #expect(await node.load(made.id).word == "unavailable payloadRejected")
            #expect(node.counters[.l1Entries] == 0)
        }
    }

    @Test("Requests are what was served, refused or could not be decided; latency is told")
    func counting() async throws {
        let bench = try Bench()
        let node = bench.node()
        node.setAffinity(Rendezvous(nodes: ["elsewhere"]))
        try await bench.withRunning(node) {
            let made = try await node.begin()
            for _ in 0..<10 { _ = await node.load(made.id) }
            _ = await node.load(SessionID())
            bench.store.fail(.load)
            _ = await node.load(SessionID())
            let counters = node.counters
            #expect(counters[.served] == 10)
            #expect(counters[.refused] == 1)
            #expect(counters[.errors] == 1)
            #expect(counters[.requests] == 12)
            #expect(counters[.strayed] == 10)
            #expect(counters[.l1Hit] == 9)
            #expect(counters[.l1Miss] == 3)
            await bench.pass(.seconds(1))
            let report = try #require(try await bench.memory.nodes().first)
            #expect(report.counters[.requests] == 12)
        }
    }
}
