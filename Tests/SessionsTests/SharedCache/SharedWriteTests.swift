import SessionTesting
import Testing

@testable import Sessions

@Suite("Writing past the shared cache")
struct SharedWriteTests {
    /// Runs two nodes and a session that both tiers of the first hold.
    func withWarm(
        _ body: (_ bench: Bench, _ a: ServiceNode, _ b: ServiceNode, _ id: SessionID) async throws -> Void
    ) async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let id = try await bench.node("maker").begin(user: "alice", payload: [7]).id
            #expect(await a.load(id).word == "live from database")
            try await body(bench, a, b, id)
        }
    }

    @Test("A save replaces the copy of the version that it was made from; the next node reads the new one")
    func save() async throws {
        try await withWarm { bench, a, b, id in
            let served = try #require(await a.load(id).served)
            #expect(try await a.save([8], for: served) == .saved(version: 2))
            let answer = await b.load(id)
            #expect(answer.word == "live from l2")
            #expect(answer.served?.payload == [8] && answer.served?.version == 2)
            #expect(bench.store.count(of: .load) == 1)
        }
    }

    @Test("A save that L2 doesn't hear of leaves no stale copy: this node passes L2 by until it is deleted")
    func lostReplacement() async throws {
        try await withWarm { bench, a, b, id in
            let served = try #require(await a.load(id).served)
            bench.cache.fail(.replace)
            #expect(try await a.save([8], for: served) == .saved(version: 2))
            #expect(a.counters[.l2Pending] == 1 && a.counters[.l2WriteError] == 1)
            await bench.pass(.seconds(4), nodes: 2)
            #expect(await a.load(id).served?.payload == [8], "its own write is read again")
            bench.cache.recover()
            await bench.pass(.seconds(4), nodes: 2)
            #expect(a.counters[.l2Pending] == 0)
            #expect(await b.load(id).served?.payload == [8])
        }
    }

    @Test("A conflict deletes the copy, so that whoever loads again to merge finds the newer one")
    func conflict() async throws {
        try await withWarm { bench, a, _, id in
            let served = try #require(await a.load(id).served)
            // Somebody without the cache saves in between.
            let plain = bench.node("plain")
            let other = try #require(await plain.load(id).served)
            _ = try await plain.save([9], for: other)
            #expect(try await a.save([8], for: served) == .conflict(version: 2))
            #expect(try await bench.inCache(id) == .nothing)
            #expect(await a.load(id).served?.payload == [9])
        }
    }

    @Test("A save of which nobody knows whether it was written deletes the copy")
    func unknownSave() async throws {
        try await withWarm { bench, a, _, id in
            let served = try #require(await a.load(id).served)
            bench.store.fail(.save)
            await #expect(throws: SessionsError.self) { try await a.save([8], for: served) }
            #expect(try await bench.inCache(id) == .nothing)
        }
    }

    @Test("A save or a touch that finds the session revoked raises the alarm and puts a tombstone")
    func resurrection() async throws {
        try await withWarm { bench, a, _, id in
            let served = try #require(await a.load(id).served)
            _ = try await bench.memory.revoke(id.hash, by: "ops", reason: nil, at: bench.time.now)
            #expect(try await a.save([8], for: served) == .refused(.revoked))
            #expect(a.counters[.resurrectionAlarms] == 1)
            #expect(try await bench.inCache(id) == .tombstone)
        }
        try await withWarm { bench, a, _, id in
            // The use is due and queued; then the session is revoked before the feed tells, and the touch is written.
            await bench.pass(.seconds(200), nodes: 2)
            _ = await a.load(id)
            bench.store.fail(.feed)
            _ = try await bench.memory.revoke(id.hash, by: "ops", reason: nil, at: bench.time.now)
            await bench.pass(.seconds(1), nodes: 2)
            #expect(a.counters[.resurrectionAlarms] == 1)
            #expect(try await bench.inCache(id) == .tombstone)
        }
    }

    @Test("A new id: the old session's copy becomes a tombstone, the new one isn't in the cache before it is read")
    func rotation() async throws {
        try await withWarm { bench, a, b, id in
            let new = try #require(try await a.renew(id))
            #expect(try await bench.inCache(id) == .tombstone)
            #expect(try await bench.inCache(new.id) == .nothing)
            #expect(await b.load(new.id).word == "live from database")
        }
    }

    @Test("A cut-off stops copies in L2 by their epoch; sessions that are issued after it are served from there")
    func cutOff() async throws {
        try await withWarm { bench, a, b, id in
            _ = try await a.cutOff(.user("alice"), by: "ops", reason: nil)
            await bench.pass(.seconds(1), nodes: 2)
            #expect(await b.load(id).word == "refused revoked")
            #expect(b.counters[.l2Stopped] == 1 && b.counters[.databaseMiss] == 0)
            let next = try await a.begin(user: "alice").id
            #expect(await a.load(next).word == "live from database")
            #expect(await b.load(next).word == "live from l2")
        }
    }

    @Test("A save of a session that was just made leaves a copy in L2 that no cut-off of before stops")
    func justMade() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            _ = try await a.cutOff(.everyone, by: "ops", reason: nil)
            await bench.pass(.seconds(1), nodes: 2)
            let users: [String?] = ["alice", nil]
            for user in users {
                let made = try await a.begin(user: user)
                #expect(await b.load(made.id).word == "live from database", "and so there is a copy to be replaced")
                #expect(try await a.save([8], for: made.served) == .saved(version: 2))
                let answer = await a.load(made.id)
                #expect(answer.word == "live from l2" && answer.served?.payload == [8])
            }
        }
    }

    @Test("Copies of one moment end at different moments, up to a tenth early, and never later than their session")
    func lives() throws {
        var settings = NodeCache.Settings(NodePolicy(), MemorySharedCache())
        settings.touchInterval = .seconds(100_000)
        let cache = NodeCache(settings)
        var ends: Set<Timestamp> = []
        for number in 0..<300 {
            let session = Session(id: anID(number), user: "u", created: Ticks.wall(0), lifetime: .office)
            let key = SharedKey(id: session.id, generation: 0)
            let write = try #require(
                cache.share(session, under: key, began: Ticks.wall(0), wall: Ticks.wall(1)))
            #expect((270...300).contains(Int((write.until - Ticks.wall(0)).inSeconds.rounded(.up))))
            #expect(write.life == write.until - Ticks.wall(1))
            ends.insert(write.until)
        }
        #expect(ends.count > 50)
        var session = Session(id: anID(1), user: "u", created: Ticks.wall(0), lifetime: .office)
        let key = SharedKey(id: session.id, generation: 0)
        session.deadlines.idle = Ticks.wall(20)
        let short = try #require(cache.share(session, under: key, began: Ticks.wall(0), wall: Ticks.wall(1)))
        #expect(short.until <= Ticks.wall(20))
        #expect(cache.share(session, under: key, began: Ticks.wall(19), wall: Ticks.wall(21)) == nil)
    }

    @Test("A restored backup begins a new generation: old tombstones lock nobody out, old copies serve nobody")
    func restoredBackup() async throws {
        let bench = try Bench()
        let (a, b) = (bench.sharingNode("a"), bench.sharingNode("b"))
        try await bench.withRunning([a, b]) {
            let maker = bench.node("maker")
            let kept = try await maker.begin(user: "alice").id
            let backup = bench.memory.backup
            let lost = try await maker.begin(user: "bob").id
            _ = await a.load(lost)
            _ = try await a.revoke(kept.hash, by: "ops", reason: nil)
            await bench.pass(.seconds(1), nodes: 2)
            #expect(try await bench.inCache(kept) == .tombstone)
            guard case .live = try await bench.inCache(lost) else {
                Issue.record("nothing was filled")
                return
            }
            bench.memory.restore(backup)
            await bench.pass(.seconds(2), nodes: 2)
            for node in [a, b] {
                #expect(await node.load(kept).served != nil, "the database says so")
                #expect(await node.load(lost).word == "refused unknown")
                await bench.pass(.seconds(4), nodes: 2)
            }
            let generation = try await bench.memory.feed(after: .start, limit: 0).generation
            #expect(generation > 0)
            #expect(a.counters[.l2Fill] == 2 && b.counters[.l2Hit] == 1, "both use the same new keys")
            guard case .live = try await bench.inCache(kept, generation: generation) else {
                Issue.record("nothing was filled in the new generation")
                return
            }
        }
    }

    @Test("While the store can't begin a generation L2 is left alone, and L1 goes on")
    func noGeneration() async throws {
        let bench = try Bench()
        let a = bench.sharingNode("a")
        try await bench.withRunning([a]) {
            let backup = bench.memory.backup
            _ = try await a.cutOff(.tenant("t"), by: "ops", reason: nil)
            await bench.pass(.seconds(1))
            bench.store.fail(.beginGeneration)
            bench.memory.restore(backup)
            await bench.pass(.seconds(2))
            let id = try await bench.node("maker").begin(user: "alice").id
            #expect(await a.load(id).word == "live from database")
            #expect(await a.load(id).word == "live from l1")
            #expect(bench.cache.count(of: .read) == 0)
            bench.store.recover()
            await bench.pass(.seconds(4))
            _ = await a.load(id)
            #expect(bench.cache.count(of: .read) == 1)
        }
    }
}
