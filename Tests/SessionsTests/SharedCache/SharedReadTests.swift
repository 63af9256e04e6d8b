import SessionTesting
import Testing

@testable import Sessions

/// A session that lies in the database alone, and nodes that share a cache.
@Suite("Reading through the shared cache")
struct SharedReadTests {
    /// A session that no node has in memory.
    func cold(_ bench: Bench, user: String = "alice", payload: [UInt8] = [7]) async throws -> SessionID {
        try await bench.node("maker").begin(user: user, payload: payload).id
    }

    @Test("The first node reads the database and fills; the next one answers from the shared cache")
    func fillAndHit() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            #expect(await a.load(id).word == "live from database")
            let answer = await b.load(id)
            #expect(answer.word == "live from l2")
            let original = await a.load(id).served?.session
            #expect(answer.served?.session == original)
            #expect(await b.load(id).word == "live from l1")
            #expect(bench.store.count(of: .load) == 1)
            #expect(a.counters[.l2Miss] == 1 && a.counters[.l2Fill] == 1)
            #expect(b.counters[.l2Hit] == 1 && b.counters[.databaseHit] == 0)
        }
    }

    @Test("Nothing of a session can be read in the cache")
    func sealed() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            let id = try await cold(bench, user: "alice-in-wonderland", payload: Array("secret state".utf8))
            _ = await node.load(id)
            guard case .live(let copy) = try await bench.inCache(id) else {
                Issue.record("nothing was filled")
                return
            }
            for secret in ["alice-in-wonderland", "secret state"] {
                #expect(!String(decoding: copy.bytes, as: UTF8.self).contains(secret))
            }
        }
    }

    @Test("A node that is not run, or has no lease, leaves the shared cache alone")
    func withoutLease() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        let id = try await cold(bench)
        #expect(await node.load(id).word == "live from database")
        #expect(bench.cache.count(of: .read) == 0)
        #expect(node.counters[.l2Bypassed] == 1)
        try await bench.withRunning([node]) {
            bench.store.fail(.feed, .cutoffs)
            await bench.pass(.seconds(3))
            #expect(await node.load(id).word == "live from database")
            #expect(bench.cache.count(of: .read) == 0)
        }
    }

    @Test("In strict mode the shared cache is never asked")
    func strict() async throws {
        var policy = NodePolicy()
        policy.isStrict = true
        let bench = try Bench(policy: policy)
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            let id = try await cold(bench)
            for _ in 0..<3 { #expect(await node.load(id).word == "live from database") }
            #expect(bench.cache.count(of: .read) == 0)
        }
    }

    @Test("Whoever loses the lease waits 50 ms, looks once more, and is served what the winner put in")
    func loserWaits() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            bench.store.pause(.load, .after)
            async let first = a.load(id)
            await bench.store.waitUntilHeld(.load, .after)
            async let second = b.load(id)
            await bench.time.waitForSleepers(within: .milliseconds(50))
            bench.store.resume(.load, .after)
            #expect(await first.word == "live from database")
            bench.time.advance(by: .milliseconds(50))
            #expect(await second.word == "live from l2")
            #expect(bench.store.count(of: .load) == 1)
        }
    }

    @Test("Where the winner takes longer, the loser reads the database and fills nothing")
    func loserReads() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            let key = SharedKey(id: id.hash, generation: 0)
            #expect(try await bench.shared.read(key, leasing: .seconds(3)) != .taken)
            async let second = b.load(id)
            await bench.time.waitForSleepers(within: .milliseconds(50))
            bench.time.advance(by: .milliseconds(50))
            #expect(await second.word == "live from database")
            #expect(b.counters[.l2MissLost] == 1 && b.counters[.l2Fill] == 0)
            #expect(try await bench.inCache(id) == .taken)
            #expect(bench.cache.count(of: .fill) == 0)
        }
    }

    @Test("A tombstone alone refuses nobody: the database decides, and nobody fills over it")
    func tombstoneAsks() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            let id = try await cold(bench)
            try await bench.shared.bury(SharedKey(id: id.hash, generation: 0), for: .seconds(600))
            #expect(await node.load(id).word == "live from database")
            #expect(node.counters[.l2Tombstone] == 1)
            #expect(try await bench.inCache(id) == .tombstone)
            bench.store.fail(.load)
            await bench.pass(.seconds(4))
            #expect(await node.load(id).word == "unavailable unavailable")
        }
    }

    @Test("A copy whose deadline has passed proves nothing: the database knows of a later touch")
    func deadline() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            #expect(await a.load(id).word == "live from database")
            let touch = Touch(id: id.hash, at: bench.time.now + .seconds(1000), idle: .seconds(1800))
            _ = try await bench.memory.touch([touch])
            // The copy comes back although its time is over: the wall clock jumped.
            bench.time.jump(by: .seconds(1900))
            #expect(await b.load(id).word == "live from database")
        }
    }

    @Test("A copy that was made up, moved to another session or sealed by others is passed over")
    func unreadable() async throws {
        let bench = try Bench()
        let node = bench.sharingNode()
        try await bench.withRunning([node]) {
            let (mine, other) = (try await cold(bench), try await cold(bench))
            _ = await node.load(other)
            guard case .live(let stolen) = try await bench.inCache(other) else {
                Issue.record("nothing was filled")
                return
            }
            for copy in [stolen, SharedCopy(version: 1, bytes: []), SharedCopy(version: 1, bytes: [9, 1, 2])] {
                let key = SharedKey(id: mine.hash, generation: 0)
                bench.shared.evict(key)
                guard case .leased(let lease) = try await bench.shared.read(key, leasing: .seconds(3)) else { return }
                #expect(try await bench.shared.fill(key, with: copy, holding: lease, for: .seconds(60)))
                #expect(await node.load(mine).word == "live from database")
                await bench.pass(.seconds(4))
            }
            #expect(node.counters[.l2Error] == 3)
        }
    }

    @Test("A use that the first reader records is not recorded again by those who read its copy")
    func touchedOnce() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await cold(bench)
            await bench.pass(.seconds(200), nodes: 2)
            #expect(await a.load(id).word == "live from database")
            #expect(await b.load(id).word == "live from l2")
            await bench.pass(.seconds(2), nodes: 2)
            #expect(a.counters[.touches] == 1 && b.counters[.touches] == 0)
        }
    }

    @Test("A thousand requests for one cold session on ten nodes: one fill, ten reads of the database at most")
    func stampede() async throws {
        let bench = try Bench()
        let nodes = (0..<10).map { bench.sharingNode("n\($0)") }
        try await bench.withRunning(nodes) {
            let id = try await cold(bench)
            bench.store.pause(.load, .after)
            let words = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<1000 { group.addTask { await nodes[index % 10].load(id).word } }
                await bench.store.waitUntilHeld(.load, .after)
                // Nine nodes wait for the holder of the lease.
                await bench.time.waitForSleepers(9, within: .milliseconds(50))
                bench.store.resume(.load, .after)
                while bench.cache.fills == 0 { await Task.yield() }
                bench.time.advance(by: .milliseconds(50))
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(words.values.reduce(0, +) == 1000)
            #expect(words.keys.allSatisfy { $0.hasPrefix("live") })
            #expect(bench.cache.fills == 1)
            #expect(bench.store.count(of: .load) == 1)
        }
    }

    @Test("A thousand requests while the holder of the lease is slow: ten reads of the database, one fill in the end")
    func slowStampede() async throws {
        let bench = try Bench()
        let nodes = (0..<10).map { bench.sharingNode("n\($0)") }
        try await bench.withRunning(nodes) {
            let id = try await cold(bench)
            bench.store.pause(.load, .after)
            let count = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<1000 { group.addTask { await nodes[index % 10].load(id).word } }
                await bench.store.waitUntilHeld(.load, .after)
                await bench.time.waitForSleepers(9, within: .milliseconds(50))
                bench.time.advance(by: .milliseconds(50))
                while bench.store.count(of: .load) < 10 { await Task.yield() }
                bench.store.resume(.load, .after)
                return try await group.reduce(0) { $0 + ($1.hasPrefix("live") ? 1 : 0) }
            }
            #expect(count == 1000)
            #expect(bench.store.count(of: .load) == 10)
            #expect(bench.cache.fills == 1)
        }
    }
}
