import SessionTesting
import Testing

@testable import Sessions

@Suite("What a node writes")
struct ServiceNodeWriteTests {
    @Test("A save is served from memory at once, and a second from the same state conflicts")
    func save() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin(payload: [1])
            let served = try #require(await node.load(made.id).served)
            #expect(try await node.save([2], for: served) == .saved(version: 2))
            let after = await node.load(made.id)
            #expect(after.word == "live from l1")
            #expect(after.served?.payload == [2])
            #expect(after.served?.version == 2)
            #expect(try await node.save([3], for: served) == .conflict(version: 2))
            #expect(await node.load(made.id).word == "live from database", "a conflict drops the copy")
            #expect(await node.load(made.id).served?.payload == [2])
            #expect(node.counters[.saves] == 1)
            #expect(node.counters[.conflicts] == 1)
        }
    }

    @Test("A save after a revoke is refused, raises the alarm and drops the copy")
    func saveRevoked() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            let served = try #require(await node.load(made.id).served)
            _ = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            #expect(try await node.save([2], for: served) == .refused(.revoked))
            #expect(await node.load(made.id).word == "refused revoked")
            #expect(node.counters[.resurrectionAlarms] == 1)
        }
    }

    @Test("A save that gets no answer drops the copy: nobody knows")
    func saveFails() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            let served = try #require(await node.load(made.id).served)
            bench.store.fail(.save)
            await #expect(throws: SessionsError.self) { _ = try await node.save([2], for: served) }
            #expect(await node.load(made.id).word == "live from database")
        }
    }

    @Test("Signing in changes the id; the old one ends in the same step")
    func signIn() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let visitor = try await node.begin(payload: [1])
            _ = await node.load(visitor.id)
            let made = try await node.signIn(from: visitor.id, user: "alice", payload: [1])
            #expect(await node.load(visitor.id).word == "refused revoked")
            #expect(await node.load(made.id).served?.user == "alice")
            let again = try await node.signIn(from: visitor.id, user: "alice")
            #expect(await node.load(again.id).served?.user == "alice", "an ended session is no obstacle")
            let unknown = try await node.signIn(from: SessionID(), user: "alice")
            #expect(await node.load(unknown.id).served != nil)
            #expect(node.counters[.signIns] == 3)
        }
    }

    @Test("A renewal keeps state, user and absolute deadline; a re-authentication begins both deadlines anew")
    func renew() async throws {
        let bench = try Bench()
        let node = bench.node()
        let first = try await node.begin(user: "alice", payload: [7])
        bench.time.advance(by: .seconds(600))
        let second = try #require(try await node.renew(first.id))
        let renewed = try #require(await node.load(second.id).served)
        #expect(renewed.payload == [7])
        #expect(renewed.user == "alice")
        #expect(renewed.session.created == first.served.session.created)
        #expect(renewed.session.authenticated == first.served.session.authenticated)
        #expect(renewed.session.deadlines.absolute == first.served.session.deadlines.absolute)
        #expect(renewed.session.deadlines.idle == bench.time.now + .seconds(1800))
        #expect(await node.load(first.id).word == "refused revoked")
        #expect(try await node.renew(first.id) == nil, "an ended session can't be renewed")
        let third = try #require(try await node.renew(second.id, reauthenticated: true))
        #expect(await node.load(third.id).served?.session.authenticated == bench.time.now)
        #expect(await node.load(third.id).served?.session.deadlines == Lifetime.office.deadlines(from: bench.time.now))
    }

    @Test("Uses are written in batches, at most once in a tenth of the idle time")
    func touches() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            await bench.pass(.seconds(179))
            _ = await node.load(made.id)
            await bench.pass(.seconds(1))
            #expect(bench.store.count(of: .touch) == 0)
            for _ in 0..<10 { _ = await node.load(made.id, request: RequestInfo(ip: "203.0.113.9", agent: "a")) }
            let used = bench.time.now
            await bench.pass(.seconds(1))
            #expect(bench.store.count(of: .touch) == 1)
            let stored = try #require(try await bench.memory.load(made.id.hash, at: bench.time.now)).session
            #expect(stored.seen == used)
            #expect(stored.deadlines.idle == used + .seconds(1800))
            #expect(stored.ip == "203.0.113.9")
            #expect(node.counters[.touches] == 1)
            #expect(node.counters[.touchesThrottled] == 10)
        }
    }

    @Test("Visitors have a lifetime of their own, until they sign in")
    func visitors() async throws {
        var policy = NodePolicy()
        policy.anonymousLifetime = try Lifetime(idle: .seconds(120), absolute: .seconds(600))
        let bench = try Bench(policy: policy)
        let node = bench.node()
        try await bench.withRunning(node) {
            let began = bench.time.now
            let visitor = try await node.begin()
            let user = try await node.begin(user: "alice")
            #expect(try await bench.stored(user.id).deadlines == Lifetime.office.deadlines(from: began))
            #expect(try await bench.stored(visitor.id).deadlines.absolute == began + .seconds(600))
            await bench.pass(.seconds(12))
            for made in [visitor, user] { _ = await node.load(made.id) }
            let used = bench.time.now
            await bench.pass(.seconds(1))
            #expect(try await bench.stored(visitor.id).deadlines.idle == used + .seconds(120))
            #expect(try await bench.stored(user.id).seen == began, "a tenth of half an hour has not passed")
            let signedIn = try await node.signIn(from: visitor.id, user: "bob")
            #expect(try await bench.stored(signedIn.id).deadlines.idle == bench.time.now + .seconds(1800))
        }
    }

    @Test("A use that meets an ended session drops every copy and raises the alarm")
    func touchRefused() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            await bench.pass(.seconds(200))
            bench.store.pause(.feed, .before)
            bench.time.advance(by: .milliseconds(500))
            await bench.store.waitUntilHeld(.feed, .before)
            _ = await node.load(made.id)
            #expect(await node.load(made.id).word == "live from l1")
            _ = try await bench.memory.revoke(made.id.hash, by: "ops", reason: nil, at: bench.time.now)
            bench.time.advance(by: .milliseconds(500))
            while node.counters[.resurrectionAlarms] < 1 { await Task.yield() }
            #expect(node.holdsLease)
            #expect(await node.load(made.id).word == "refused revoked")
            bench.store.resume(.feed, .before)
        }
    }

    @Test("Uses that could not be written are written later")
    func touchesRetried() async throws {
        let bench = try Bench()
        let node = bench.node()
        try await bench.withRunning(node) {
            let made = try await node.begin()
            await bench.pass(.seconds(200))
            bench.store.fail(.touch)
            _ = await node.load(made.id)
            await bench.pass(.seconds(3))
            #expect(node.counters[.touches] == 0)
            bench.store.recover()
            await bench.pass(.seconds(2))
            #expect(node.counters[.touches] == 1)
        }
    }

    @Test("Uses that wait are bounded, one a session, the latest counts")
    func touchQueue() {
        var queue = TouchQueue()
        func touch(_ number: Int, _ tick: Int) -> Touch { Touch(id: anID(number), at: Ticks.wall(tick), idle: nil) }
        queue.add(touch(1, 5))
        queue.add(touch(2, 1))
        queue.add(touch(1, 9))
        queue.add(touch(1, 7))
        queue.remove(anID(2))
        #expect(queue.take(10) == [touch(1, 9)])
        #expect(queue.count == 0)
        queue.add(touch(1, 10))
        queue.putBack([touch(1, 9), touch(3, 1)])
        #expect(queue.take(1) == [touch(1, 10)])
        #expect(queue.take(1) == [touch(3, 1)])
        #expect(queue.take(1).isEmpty)
    }
}
