import SessionTesting
import Testing

@testable import SessionTokens
@testable import Sessions

@Suite("A follower of the feed")
struct RevocationFollowerTests {
    @Test("Before it has read the feed it can't tell; then a token is valid until it is revoked")
    func begins() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token()
        #expect(follower.verdict(on: token) == .cannotTell)
        try await bench.withRunning(follower) {
            #expect(follower.verdict(on: token) == .valid)
            try await bench.deny("other")
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .valid)
            try await bench.deny()
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .denied(.token))
        }
        #expect(follower.counters[.served] == 2 && follower.counters[.refused] == 1)
        #expect(follower.counters[.errors] == 1)
    }

    @Test("Whatever is revoked, a token is refused for it, and for nothing else")
    func scopes() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let session = Session(id: SessionID().hash, user: "alice", created: bench.time.now, lifetime: .office)
        try await bench.memory.insert(session)
        let bound = try await bench.token(session: session.id)
        let plain = try await bench.token("k")
        let others = [
            try await bench.token("o", user: "bob", client: "web", tenant: "u"),
            try await bench.token("p", user: nil, client: nil, tenant: nil),
        ]
        try await bench.withRunning(follower) {
            func expect(_ token: TokenMarks, _ reason: TokenVerdict.Reason) async {
                await bench.pass(bench.policy.pollInterval)
                #expect(follower.verdict(on: token) == .denied(reason))
                for other in others { #expect(follower.verdict(on: other) == .valid) }
            }
            _ = try await bench.memory.revoke(session.id, by: "x", reason: nil, at: bench.time.now)
            await expect(bound, .session)
            #expect(follower.verdict(on: plain) == .valid)
            for scope in [CutoffScope.user("alice"), .client("app"), .tenant("t")] {
                let token = try await bench.token("later")
                _ = try await bench.memory.cutOff(scope, by: "x", reason: nil, at: bench.time.now)
                await expect(token, .cutoff)
                let after = try await bench.token("after")
                #expect(follower.verdict(on: after) == .valid, "issued after the cut-off")
            }
            _ = try await bench.memory.cutOff(.everyone, by: "x", reason: nil, at: bench.time.now)
            await bench.pass(bench.policy.pollInterval)
            for other in others { #expect(follower.verdict(on: other) == .denied(.cutoff)) }
        }
    }

    @Test("Without the feed it can't tell from δ after the start of the last good poll; what was denied stays denied")
    func leaseRunsOut() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let (token, denied) = (try await bench.token(), try await bench.token("d"))
        try await bench.deny("d")
        try await bench.withRunning(follower) {
            bench.store.fail(.feed)
            await bench.pass(bench.policy.lease - .milliseconds(500))
            #expect(follower.verdict(on: token) == .valid)
            bench.time.advance(by: .milliseconds(499))
            #expect(follower.verdict(on: token) == .valid)
            bench.time.advance(by: .milliseconds(1))
            #expect(follower.verdict(on: token) == .cannotTell)
            #expect(follower.verdict(on: denied) == .denied(.token))
            await bench.time.waitForSleepers()
            bench.store.recover()
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .valid)
        }
    }

    @Test("The lease counts from the start of a poll, however long it took")
    func slowPoll() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token()
        try await bench.withRunning(follower) {
            bench.store.pause(.feed, .after)
            bench.time.advance(by: bench.policy.pollInterval)
            await bench.store.waitUntilHeld(.feed, .after)
            // Committed after the store has answered, before the answer arrives.
            try await bench.deny()
            bench.time.advance(by: bench.policy.lease - .milliseconds(1))
            bench.store.pause(.feed, .before)
            bench.store.resume(.feed, .after)
            await bench.store.waitUntilHeld(.feed, .before)
            #expect(follower.verdict(on: token) == .valid, "within δ")
            bench.time.advance(by: .milliseconds(1))
            #expect(follower.verdict(on: token) == .cannotTell)
            bench.store.resume(.feed, .before)
            await bench.time.waitForSleepers()
            #expect(follower.verdict(on: token) == .denied(.token))
        }
    }

    @Test("It reads the feed back over the longest life of a token before it trusts anything")
    func readsBack() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let old = try await bench.token("old")
        try await bench.deny("old")
        bench.time.advance(by: bench.policy.entryLife)
        let (denied, token) = (try await bench.token("d"), try await bench.token("t"))
        try await bench.deny("d")
        bench.time.advance(by: bench.policy.entryLife - .milliseconds(1))
        for number in 0..<2500 { try await bench.deny("\(number)") }
        bench.store.pause(.feed, .before)
        let task = Task { try await follower.run() }
        await bench.store.waitUntilHeld(.feed, .before)
        #expect(follower.verdict(on: token) == .cannotTell)
        bench.store.resume(.feed, .before)
        await bench.time.waitForSleepers()
        #expect(follower.verdict(on: denied) == .denied(.token))
        #expect(follower.verdict(on: token) == .valid)
        #expect(follower.verdict(on: old) == .valid, "it has died by itself long ago")
        #expect(follower.remembered.count == 2501)
        task.cancel()
        try await task.value
    }

    @Test("What no token can name any more is forgotten")
    func forgets() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        try await bench.withRunning(follower) {
            for number in 0..<100 { try await bench.deny("\(number)") }
            await bench.pass(bench.policy.pollInterval)
            #expect(follower.remembered.count == 100)
            await bench.pass(bench.policy.entryLife)
            // Each poll sweeps a part.
            await bench.pass(bench.policy.pollInterval * 128)
            #expect(follower.remembered == (0, 0))
        }
    }

    @Test("A denial outlives its token, also where the issuer's clock is ahead by all of the leeway")
    func outlivesItsToken() async throws {
        var bench = FollowerBench()
        let leeway = Duration.seconds(300)
        bench.policy = FollowerPolicy(longestToken: .seconds(900), leeway: leeway)
        let follower = bench.follower()
        let token = try await bench.token()
        try await bench.withRunning(follower) { [bench] in
            try await bench.deny()
            // Its iat lies ahead by the leeway, its exp 900 s after that, and it is accepted for another leeway.
            await bench.pass(leeway + .seconds(900) + leeway - bench.policy.pollInterval)
            #expect(follower.verdict(on: token) == .denied(.token))
        }
    }

    @Test("Whoever revokes knows of it before it trusts anything, and hears from it when it has applied a revoke")
    func acknowledges() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        bench.store.pause(.cutoffs, .before)
        let task = Task { try await follower.run() }
        await bench.store.waitUntilHeld(.cutoffs, .before)
        #expect(try await bench.memory.nodes().map(\.id) == [follower.id])
        bench.store.resume(.cutoffs, .before)
        await bench.time.waitForSleepers()
        let position = try await bench.deny()
        var watch = EffectivenessWatch(position: position, durable: bench.time.monotonic)
        let reports = try await bench.memory.nodes()
        #expect(watch.observe(reports, at: bench.time.monotonic) == .waiting(on: [follower.id]))
        await bench.pass(bench.policy.pollInterval)
        let applied = try await bench.memory.checkedNodes(upTo: position)
        #expect(applied.map(\.applied) == [position], "it names the entry that it has applied")
        #expect(watch.observe(applied, at: bench.time.monotonic) == .effective(.applied))
        task.cancel()
        try await task.value
        #expect(try await bench.memory.nodes().map(\.status) == [.stopped])
        #expect(try await follower.verdict(on: bench.token("x")) == .cannotTell)
    }

    @Test("Run again, it says that it is up, and whoever revokes waits for it")
    func runsAgain() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token()
        for _ in 0..<2 {
            try await bench.withRunning(follower) {
                let statuses = try? await bench.memory.nodes().map(\.status)
                #expect(statuses == [.up])
                #expect(follower.verdict(on: token) == .valid)
            }
            #expect(try await bench.memory.nodes().map(\.status) == [.stopped])
        }
        try await bench.withRunning(follower) {
            let position = try await bench.deny()
            var watch = EffectivenessWatch(position: position, durable: bench.time.monotonic)
            let reports = try await bench.memory.nodes()
            #expect(watch.observe(reports, at: bench.time.monotonic) == .waiting(on: [follower.id]))
            await bench.pass(bench.policy.pollInterval)
            #expect(
                watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic) == .effective(.applied))
        }
    }

    @Test("News are read within milliseconds")
    func news() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let token = try await bench.token()
        try await bench.withRunning(follower) {
            try await bench.deny()
            bench.store.tellNews()
            await bench.time.waitForSleepers(1, within: .milliseconds(5))
            bench.time.advance(by: .milliseconds(5))
            await bench.time.waitForSleepers()
            #expect(follower.verdict(on: token) == .denied(.token))
        }
    }

    @Test("What the process itself has revoked is refused at once")
    func own() async throws {
        let bench = FollowerBench()
        let follower = bench.follower()
        let (token, other) = (try await bench.token(), try await bench.token("k"))
        try await bench.withRunning(follower) {
            follower.noteDenied(TokenDenial(issuer: "i", tokenID: "j").key)
            #expect(follower.verdict(on: token) == .denied(.token))
            #expect(follower.verdict(on: other) == .valid)
            follower.noteCutoff(Cutoff(scope: .user("alice"), notBefore: bench.time.now, epoch: FeedPosition(1)))
            #expect(follower.verdict(on: other) == .denied(.cutoff))
        }
    }
}
