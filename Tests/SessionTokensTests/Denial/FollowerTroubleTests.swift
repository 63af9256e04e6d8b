import SessionTesting
import Synchronization
import Testing

@testable import SessionTokens
@testable import Sessions

@Suite("A follower in trouble")
struct FollowerTroubleTests {
    @Test("A token that can't be judged waits for a poll, and is answered by it")
    func waits() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let (token, denied) = (try await bench.token(), try await bench.token("d"))
        try await bench.withRunning(follower) {
            // As after a process was stopped: time has passed, and no poll has been made yet.
            bench.store.pause(.feed, .before)
            bench.time.advance(by: bench.policy.lease)
            await bench.store.waitUntilHeld(.feed, .before)
            try await bench.deny("d")
            async let first = follower.judge(token)
            async let second = follower.judge(denied)
            while follower.state.withLock({ $0.waiting.count }) < 2 { await Task.yield() }
            bench.store.resume(.feed, .before)
            await bench.time.waitForSleepers(1, within: .milliseconds(5))
            bench.time.advance(by: .milliseconds(5))
            #expect(await first == .valid)
            #expect(await second == .denied(.token))
        }
    }

    @Test("Where the feed can't be read nobody can tell, unless somebody else is to be asked")
    func unsure() async throws {
        let bench = FollowerBench()
        let asked = Mutex<[TokenMarks]>([])
        let plain = bench.follower()
        let asking = bench.follower("other") { marks in
            asked.withLock { $0.append(marks) }
            return .denied(.session)
        }
        let token = try await bench.token()
        #expect(await plain.judge(token) == .cannotTell, "it isn't run: there will be no poll")
        #expect(await asking.judge(token) == .denied(.session))
        try await bench.withRunning(plain) {
            bench.store.fail(.feed)
            await bench.pass(bench.policy.lease)
            async let verdict = plain.judge(token)
            while plain.state.withLock({ $0.waiting.isEmpty }) { await Task.yield() }
            bench.time.advance(by: bench.policy.pollInterval)
            #expect(await verdict == .cannotTell)
        }
        #expect(asked.withLock { $0 } == [token])
    }

    @Test("Whoever waits when it stops is told that nobody can tell")
    func stopsWhileWaiting() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token()
        let task = Task { try await follower.run() }
        await bench.time.waitForSleepers()
        bench.store.pause(.feed, .before)
        bench.time.advance(by: bench.policy.lease)
        await bench.store.waitUntilHeld(.feed, .before)
        async let verdict = follower.judge(token)
        while follower.state.withLock({ $0.waiting.isEmpty }) { await Task.yield() }
        task.cancel()
        bench.store.resume(.feed, .before)
        try await task.value
        #expect(await verdict == .cannotTell)
    }

    @Test("A store that went back in time: tokens of the lost past are refused, denials stand, new tokens are valid")
    func wentBack() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        for number in 0..<3 { try await bench.deny("\(number)") }
        let (before, denied) = (try await bench.token("before"), try await bench.token("denied"))
        let backup = bench.memory.backup
        try await bench.withRunning(follower) {
            try await bench.deny("denied")
            _ = try await bench.memory.cutOff(.user("bob"), by: "x", reason: nil, at: bench.time.now)
            let lost = try await bench.token("lost")
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.applied == FeedPosition(5))
            bench.memory.restore(backup)
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.applied == FeedPosition(3))
            #expect(follower.verdict(on: lost) == .denied(.lostPast))
            #expect(follower.verdict(on: denied) == .denied(.token), "the backup has forgotten, the follower has not")
            #expect(follower.verdict(on: before) == .valid)
            bench.time.advance(by: .milliseconds(1))
            for number in 10..<14 { try await bench.deny("\(number)") }
            await bench.pass(bench.policy.pollInterval)
            let new = try await bench.token("new", user: "bob")
            #expect(new.epoch == FeedPosition(7))
            #expect(follower.verdict(on: new) == .valid)
            #expect(follower.verdict(on: lost) == .denied(.lostPast))
        }
    }

    @Test("A store that goes back in time twice: tokens of both lost pasts are refused, until they have died")
    func wentBackTwice() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        for number in 0..<3 { try await bench.deny("\(number)") }
        let before = try await bench.token("before")
        let first = bench.memory.backup
        try await bench.withRunning(follower) {
            for number in 3..<5 { try await bench.deny("\(number)") }
            let lost = try await bench.token("lost", user: "bob")
            // What ends it is lost as well: a cut-off, which is read anew, and so is forgotten here, too.
            _ = try await bench.memory.cutOff(.user("bob"), by: "x", reason: nil, at: bench.time.now)
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: lost) == .denied(.cutoff))
            bench.memory.restore(first)
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: lost) == .denied(.lostPast))
            for number in 10..<13 { try await bench.deny("\(number)") }
            let second = bench.memory.backup
            try await bench.deny("13")
            let lostToo = try await bench.token("lost, too")
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.applied == FeedPosition(7))
            bench.memory.restore(second)
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.applied == FeedPosition(6))
            for token in [lost, lostToo] { #expect(follower.verdict(on: token) == .denied(.lostPast)) }
            #expect(follower.verdict(on: before) == .valid)
            bench.time.advance(by: .milliseconds(1))
            let new = try await bench.token("new", user: "bob")
            #expect(follower.verdict(on: new) == .valid)
            await bench.pass(bench.policy.entryLife)
            #expect(follower.verdict(on: lostToo) == .valid, "nobody accepts it by its own times any more")
        }
    }

    @Test("A store that went back and has grown past it since: what is denied there is known after one poll")
    func reusedPositions() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        for number in 0..<3 { try await bench.deny("\(number)") }
        let old = try await bench.token("old")
        let backup = bench.memory.backup
        try await bench.withRunning(follower) {
            for number in 3..<5 { try await bench.deny("\(number)") }
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.applied == FeedPosition(5))
            bench.memory.restore(backup)
            try await bench.deny("first")
            #expect(try await bench.deny("second") == FeedPosition(5))
            let (first, second) = (try await bench.token("first"), try await bench.token("second"))
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: first) == .denied(.token))
            #expect(follower.verdict(on: second) == .denied(.token))
            #expect(follower.verdict(on: old) == .denied(.lostPast), "nobody knows from where it went back")
            bench.time.advance(by: .milliseconds(1))
            let new = try await bench.token("new")
            #expect(follower.verdict(on: new) == .valid)
        }
    }

    @Test("A generation that somebody else began: whatever was issued before it was noticed is refused")
    func newGeneration() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let old = try await bench.token("old")
        try await bench.withRunning(follower) {
            #expect(follower.verdict(on: old) == .valid)
            _ = try await bench.memory.beginGeneration(after: 0, at: bench.time.now)
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: old) == .denied(.lostPast))
            bench.time.advance(by: .milliseconds(1))
            let new = try await bench.token("new")
            #expect(follower.verdict(on: new) == .valid)
        }
    }

    @Test("Entries that a purge took before they were read: everything is read again")
    func missedEntries() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token(user: "bob")
        try await bench.withRunning(follower) {
            bench.store.fail(.feed)
            _ = try await bench.memory.cutOff(.user("bob"), by: "x", reason: nil, at: bench.time.now)
            // The feed has dropped the entry, and the cut-off is still there.
            bench.time.advance(by: .seconds(1000))
            _ = try await bench.memory.purge(Retention(feed: .seconds(900)), at: bench.time.now)
            try await bench.deny("later")
            await bench.time.waitForSleepers()
            bench.store.recover()
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .denied(.cutoff))
            #expect(try await follower.verdict(on: bench.token("later")) == .denied(.token))
            #expect(try await follower.verdict(on: bench.token("x")) == .valid)
        }
    }

    @Test("A store that can't be told of it is not trusted: nobody would wait for this verifier")
    func unregistered() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        bench.store.fail(.publish)
        try await bench.withRunning(follower) {
            let token = try await bench.token()
            #expect(follower.verdict(on: token) == .cannotTell)
            bench.store.recover()
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .valid)
        }
    }

    @Test("A verifier that the store hears no more of renews no lease, however well it reads")
    func unheard() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        try await bench.withRunning(follower) {
            bench.store.fail(.publish)
            for _ in 0..<6 { await bench.pass(.milliseconds(500)) }
            #expect(follower.holdsLease)
            for _ in 0..<5 { await bench.pass(.milliseconds(500)) }
            #expect(!follower.holdsLease)
            bench.store.recover()
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.holdsLease)
        }
    }
}
