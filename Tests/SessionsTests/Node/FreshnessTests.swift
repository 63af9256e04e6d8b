import SessionTesting
import Testing

@testable import Sessions

@Suite("How new the state is that a node serves")
struct FreshnessTests {
    /// Runs two nodes that both hold the first version in memory, while the first saves the second.
    private func withLagging(
        _ body: (_ bench: Bench, _ b: ServiceNode, _ id: SessionID) async throws -> Void
    ) async throws {
        let bench = try Bench()
        let (a, b) = (bench.node("a"), bench.node("b"))
        try await bench.withRunning([a, b]) {
            let id = try await bench.node("maker").begin(user: "alice", payload: [1]).id
            for node in [a, b] { #expect(await node.load(id).served?.payload == [1]) }
            let served = try #require(await a.load(id).served)
            #expect(try await a.save([2], for: served) == .saved(version: 2))
            try await body(bench, b, id)
        }
    }

    @Test("A client that has seen a save is never served from before it, at no node")
    func seen() async throws {
        try await withLagging { _, b, id in
            let answer = await b.load(id, freshness: .seen(2))
            #expect(answer.word == "live from database" && answer.served?.payload == [2])
            #expect(b.counters[.copiesBehind] == 1)
            #expect(await b.load(id, freshness: .seen(2)).word == "live from l1", "it is kept")
        }
    }

    @Test("A client that has seen no save is served from memory, and so is whoever doesn't mind")
    func notSeen() async throws {
        try await withLagging { _, b, id in
            #expect(await b.load(id, freshness: .seen(1)).word == "live from l1")
            #expect(await b.load(id).served?.payload == [1])
            #expect(b.counters[.copiesBehind] == 0)
        }
    }

    @Test("Whoever can't say what they have seen gets what the database says")
    func latest() async throws {
        try await withLagging { _, b, id in
            for _ in 0..<2 {
                let answer = await b.load(id, freshness: .latest)
                #expect(answer.word == "live from database" && answer.served?.payload == [2])
            }
        }
    }

    @Test("A version that never was costs a read of the database, and is served what there is")
    func madeUp() async throws {
        try await withLagging { bench, b, id in
            let before = bench.store.count(of: .load)
            let answer = await b.load(id, freshness: .seen(.max))
            #expect(answer.word == "live from database" && answer.served?.version == 2)
            #expect(bench.store.count(of: .load) == before + 1)
        }
    }

    @Test("A shared cache that missed a save isn't believed either")
    func sharedBehind() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await bench.node("maker").begin(user: "alice", payload: [1]).id
            let served = try #require(await a.load(id).served)
            bench.cache.fail(.replace)
            #expect(try await a.save([2], for: served) == .saved(version: 2))
            bench.cache.recover()
            let answer = await b.load(id, freshness: .seen(2))
            #expect(answer.word == "live from database" && answer.served?.payload == [2])
            #expect(b.counters[.copiesBehind] == 1)
        }
    }

    @Test("Whoever joins a read that began before the save reads again")
    func joined() async throws {
        let bench = try Bench()
        let (a, b) = (bench.node("a"), bench.node("b"))
        try await bench.withRunning([a, b]) {
            let id = try await bench.node("maker").begin(user: "alice", payload: [1]).id
            let served = try #require(await a.load(id).served)
            bench.store.pause(.load, .after)
            async let early = b.load(id)
            await bench.store.waitUntilHeld(.load, .after)
            #expect(try await a.save([2], for: served) == .saved(version: 2))
            async let late = b.load(id, freshness: .seen(2))
            while b.counters[.l1Coalesced] == 0 { await Task.yield() }
            bench.store.resume(.load, .after)
            #expect(await early.served?.payload == [1])
            #expect(await late.served?.payload == [2])
        }
    }
}
