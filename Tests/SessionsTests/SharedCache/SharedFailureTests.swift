import SessionTesting
import Testing

@testable import Sessions

/// The failure table, row by row.
@Suite("When the shared cache, the database or a node fails")
struct SharedFailureTests {
    func cold(_ bench: Bench) async throws -> SessionID {
        try await bench.node("maker").begin(user: "alice", payload: [7]).id
    }

    /// Runs something; where it makes a call that gets no answer, lets that call's time pass.
    func finish<Result: Sendable>(
        _ bench: Bench, _ silent: ScriptedCache.Call?, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let silent else { return try await work() }
        let before = bench.cache.count(of: silent)
        let task = Task { try await work() }
        while bench.cache.count(of: silent) == before { await Task.yield() }
        await bench.time.waitForSleepers(within: bench.policy.sharedTimeLimit)
        bench.time.advance(by: bench.policy.sharedTimeLimit)
        return try await task.value
    }

    @Test(
        "L2 fails at any step: the database answers, and no client sees an error",
        arguments: ScriptedCache.Call.allCases, ScriptedCache.Failure.allCases)
    func anyStep(call: ScriptedCache.Call, failure: ScriptedCache.Failure) async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            let id = try await cold(bench)
            func attempt<Result: Sendable>(
                _ calls: Set<ScriptedCache.Call>, _ work: @escaping @Sendable () async throws -> Result
            ) async throws -> Result {
                try await finish(bench, failure == .silence && calls.contains(call) ? call : nil, work)
            }
            bench.cache.fail(call, as: failure)
            let answer = try await attempt([.read, .fill]) { await node.load(id) }
            #expect(answer.word == "live from database")
            let served = try #require(answer.served)
            if [.read, .fill].contains(call) { await bench.pass(.seconds(2)) }
            let saved = try await attempt([.replace]) { try await node.save([8], for: served) }
            #expect(saved == .saved(version: 2))
            #expect(await node.load(id).served?.payload == [8])
            if call == .replace { await bench.pass(.seconds(2)) }
            let revoked = try await attempt([.bury]) { try await node.revoke(id.hash, by: "x", reason: nil) }
            #expect(revoked.outcome == .revoked)
            #expect(await node.load(id).word == "refused revoked")
            bench.cache.recover()
            await bench.pass(.seconds(4))
            #expect(await node.load(id).word == "refused revoked")
            #expect(node.counters[.errors] == 0)
            #expect(node.counters[.l2Pending] == 0, "what L2 had missed was told later")
            #expect(try await bench.inCache(id) == .tombstone)
        }
    }

    @Test("A cache that failed is left alone for a second, so that not every request waits for it")
    func rests() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            bench.cache.fail(.read)
            for _ in 0..<5 { #expect(await node.load(try await cold(bench)).word == "live from database") }
            #expect(bench.cache.count(of: .read) == 1)
            #expect(node.counters[.l2Error] == 1 && node.counters[.l2Bypassed] == 4)
            bench.cache.recover()
            await bench.pass(.seconds(1))
            _ = await node.load(try await cold(bench))
            #expect(node.counters[.l2Fill] == 1)
        }
    }

    /// Live sessions of each of three parts.
    private func coldInParts(_ bench: Bench) async throws -> [[SessionID]] {
        var parts: [[SessionID]] = [[], [], []]
        while parts.contains(where: { $0.count < 3 }) {
            let id = try await cold(bench)
            let part = Int(id.hash.leadingBits % 3)
            if parts[part].count < 3 { parts[part].append(id) }
        }
        return parts
    }

    @Test("One server of several is down: its share goes to the database, and the others are asked on")
    func onePart() async throws {
        let bench = try Bench()
        let cache = ScriptedCache(bench.shared, parts: 3)
        let node = ServiceNode(
            id: "a", store: bench.store, policy: bench.policy, sealer: bench.sealer, cache: cache,
            time: bench.time.source)
        try await bench.withRunning([node]) {
            let parts = try await coldInParts(bench)
            cache.fail(.read, in: 1)
            for id in parts.joined() { #expect(await node.load(id).word == "live from database") }
            #expect(cache.count(of: .read) == 7)
            #expect(node.counters[.l2Error] == 1 && node.counters[.l2Bypassed] == 2)
            #expect(node.counters[.l2Fill] == 6)
            cache.recover()
            await bench.pass(.seconds(1))
            _ = await node.load(try await coldInParts(bench)[1][0])
            #expect(node.counters[.l2Fill] == 7)
        }
    }

    @Test("What one server of several can't be told holds up nothing for the others")
    func debtsOfOnePart() async throws {
        let bench = try Bench()
        let cache = ScriptedCache(bench.shared, parts: 3)
        let node = ServiceNode(
            id: "a", store: bench.store, policy: bench.policy, sealer: bench.sealer, cache: cache,
            time: bench.time.source)
        try await bench.withRunning([node]) {
            let parts = try await coldInParts(bench)
            cache.fail(.bury)
            for id in parts.joined() { _ = try await node.revoke(id.hash, by: "ops", reason: nil) }
            #expect(node.counters[.l2Pending] == 9 && node.counters[.l2WriteError] == 3)
            cache.fail(.bury, in: 0)
            for _ in 0..<20 where node.counters[.l2Pending] > 3 { await bench.pass(.seconds(1)) }
            #expect(node.counters[.l2Pending] == 3)
            for id in parts[1] + parts[2] { #expect(try await bench.inCache(id) == .tombstone) }
            cache.recover()
            for _ in 0..<20 where node.counters[.l2Pending] > 0 { await bench.pass(.seconds(1)) }
            #expect(node.counters[.l2Pending] == 0)
            for id in parts[0] { #expect(try await bench.inCache(id) == .tombstone) }
        }
    }

    @Test("An answer that refuses says nothing about other sessions: the cache is asked on")
    func refusal() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            bench.cache.fail(.read, as: .refusal)
            for _ in 0..<3 { #expect(await node.load(try await cold(bench)).word == "live from database") }
            #expect(node.counters[.l2Error] == 3 && node.counters[.l2Bypassed] == 0)
            bench.cache.recover()
            _ = await node.load(try await cold(bench))
            #expect(node.counters[.l2Fill] == 1)
        }
    }

    @Test("A revoke while L2 is down is durable; its tombstone is put as soon as L2 answers")
    func revokeWhileDown() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            _ = await a.load(id)
            bench.cache.fail(.bury)
            #expect(try await a.revoke(id.hash, by: "ops", reason: nil).outcome == .revoked)
            #expect(a.counters[.l2Pending] == 1)
            guard case .live = try await bench.inCache(id) else {
                Issue.record("the copy should still be there")
                return
            }
            await bench.pass(.seconds(2), nodes: 2)
            #expect(await b.load(id).word == "refused revoked", "the feed stops the copy")
            #expect(a.counters[.l2Pending] == 1)
            bench.cache.recover()
            await bench.pass(.seconds(2), nodes: 2)
            #expect(a.counters[.l2Pending] == 0)
            #expect(try await bench.inCache(id) == .tombstone)
        }
    }

    @Test("L2 fails over to an older state: the copy that came back is stopped")
    func failover() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            _ = await a.load(id)
            let old = try await bench.inCache(id)
            _ = try await a.revoke(id.hash, by: "ops", reason: nil)
            await bench.pass(.seconds(1), nodes: 2)
            try await bring(old, back: id, bench)
            for node in [a, b] { #expect(await node.load(id).word == "refused revoked") }
            // Long after both have forgotten that it was revoked, and the cache has kept it against all rules.
            await bench.pass(.seconds(400), nodes: 2)
            try await bring(old, back: id, bench)
            for node in [a, b] { #expect(await node.load(id).word == "refused revoked") }
            #expect(b.counters[.l2Hit] == 0)
        }
    }

    @Test("A node that starts reads the feed back before it trusts L2: a copy that came back is stopped there, too")
    func restart() async throws {
        let bench = try Bench()
        let a = bench.sharingNode("a")
        let id = try await cold(bench)
        try await bench.withRunning([a]) {
            _ = await a.load(id)
            let old = try await bench.inCache(id)
            _ = try await a.revoke(id.hash, by: "ops", reason: nil)
            try await bring(old, back: id, bench)
        }
        let b = bench.sharingNode("b")
        try await bench.withRunning([b]) {
            #expect(await b.load(id).word == "refused revoked")
            #expect(b.counters[.l2Hit] == 0 && b.counters[.databaseMiss] == 0, "the feed knew, nobody had to ask")
        }
        let c = bench.sharingNode("c")
        bench.store.pause(.feed, .before)
        let task = Task { try await c.run() }
        await bench.store.waitUntilHeld(.feed, .before)
        #expect(c.holdsLease, "it trusts its own memory already")
        #expect(await c.load(id).word == "refused revoked")
        #expect(c.counters[.l2Bypassed] == 1 && c.counters[.databaseMiss] == 1, "it asked the database, and not L2")
        task.cancel()
        bench.store.resume(.feed, .before)
        try await task.value
    }

    @Test("The database is down: the caches answer until the feed's lease ends, then 503, never 401")
    func databaseDown() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            _ = await a.load(id)
            bench.store.fail(.load, .feed, .cutoffs, .publish, .revoke, .save)
            #expect(await b.load(id).word == "live from l2")
            #expect(await a.load(id).word == "live from l1")
            await #expect(throws: SessionsError.self) { try await a.revoke(id.hash, by: "ops", reason: nil) }
            await bench.pass(.milliseconds(1900), nodes: 2)
            #expect(await b.load(id).word == "live from l1")
            await bench.pass(.milliseconds(200), nodes: 2)
            for node in [a, b] { #expect(await node.load(id).word == "unavailable unavailable") }
            #expect(a.counters[.refused] == 0 && b.counters[.refused] == 0)
            bench.store.recover()
            await bench.pass(.seconds(2), nodes: 2)
            #expect(await a.load(id).served != nil, "clients kept their cookies")
        }
    }

    @Test("A node cut off from the database stops deciding after δ, and the revoke is effective without it")
    func cutOffNode() async throws {
        let bench = try Bench()
        let other = ScriptedStore(bench.memory)
        let a = bench.sharingNode("a")
        let b = ServiceNode(
            id: "b", store: other, policy: bench.policy, sealer: bench.sealer, cache: bench.cache,
            time: bench.time.source)
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            for node in [a, b] { #expect(await node.load(id).served != nil) }
            other.fail(.feed, .cutoffs)
            bench.cache.fail(.bury)
            _ = try await a.revoke(id.hash, by: "ops", reason: nil)
            await bench.pass(.seconds(2), nodes: 2)
            #expect(await b.load(id).word == "refused revoked")
            #expect(b.counters[.l2Hit] == 1, "only before the revoke")
        }
    }

    @Test("The wall clock jumps: the bound holds, since every bound is measured on the monotonic clock")
    func wallClockJumps() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            for node in [a, b] { #expect(await node.load(id).served != nil) }
            bench.time.jump(by: .seconds(-3600))
            _ = try await a.revoke(id.hash, by: "ops", reason: nil)
            await bench.pass(.seconds(2), nodes: 2)
            #expect(await b.load(id).word == "refused revoked")
        }
    }

    /// Puts back what stood in L2 once, as a failover does.
    private func bring(_ old: SharedRead, back id: SessionID, _ bench: Bench) async throws {
        guard case .live(let copy) = old else {
            Issue.record("nothing was filled")
            return
        }
        let key = SharedKey(id: id.hash, generation: 0)
        bench.shared.evict(key)
        guard case .leased(let lease) = try await bench.shared.read(key, leasing: .seconds(3)) else { return }
        #expect(try await bench.shared.fill(key, with: copy, holding: lease, for: .seconds(600)))
    }
}
