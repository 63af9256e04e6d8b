import SessionTesting
import Testing

@testable import SessionTokens
@testable import Sessions

@Suite("Eight verifiers on one store")
struct FollowerFleetTests {
    private static let count = 8

    private func fleet(_ bench: FollowerBench) -> [RevocationFollower] {
        (0..<Self.count).map { bench.follower("web-\($0) tokens") }
    }

    /// Runs the fleet while a test goes on.
    private func run(
        _ fleet: [RevocationFollower], _ bench: FollowerBench, _ body: () async throws -> Void
    ) async throws {
        let tasks = fleet.map { follower in Task { try await follower.run() } }
        await bench.time.waitForSleepers(fleet.count)
        do { try await body() } catch {
            for task in tasks { task.cancel() }
            throw error
        }
        for task in tasks { task.cancel() }
        for task in tasks { try await task.value }
    }

    @Test("With the feed alone, a user's tokens are refused everywhere within δ, while others are revoked")
    func feedAlone() async throws {
        let bench = FollowerBench()
        let fleet = fleet(bench)
        var random = SeededGenerator(seed: 3)
        try await run(fleet, bench) {
            for round in 0..<40 {
                let user = "user-\(round)"
                let token = try await bench.token("t\(round)", user: user)
                for number in 0..<20 { try await bench.deny("load-\(round)-\(number)") }
                bench.time.advance(by: .milliseconds(Int.random(in: 0..<500, using: &random)))
                await bench.time.waitForSleepers(Self.count)
                _ = try await bench.memory.cutOff(.user(user), by: "ops", reason: nil, at: bench.time.now)
                let revoked = bench.time.monotonic
                while fleet.contains(where: { $0.verdict(on: token) == .valid }) {
                    #expect(bench.time.monotonic - revoked < bench.policy.lease, "round \(round)")
                    await bench.pass(.milliseconds(100), followers: Self.count)
                }
                for follower in fleet { #expect(follower.verdict(on: token) == .denied(.cutoff)) }
            }
        }
    }

    @Test("With the wake-up they are refused everywhere before the clock has moved by the interval of the news")
    func wakeUp() async throws {
        let bench = FollowerBench()
        let fleet = fleet(bench)
        let token = try await bench.token()
        try await run(fleet, bench) {
            _ = try await bench.memory.cutOff(.user("alice"), by: "ops", reason: nil, at: bench.time.now)
            bench.store.tellNews()
            await bench.time.waitForSleepers(Self.count, within: .milliseconds(5))
            bench.time.advance(by: .milliseconds(5))
            await bench.time.waitForSleepers(Self.count)
            for follower in fleet { #expect(follower.verdict(on: token) == .denied(.cutoff)) }
        }
    }

    @Test("One that was stopped and goes on accepts nothing that was revoked meanwhile")
    func stopped() async throws {
        let bench = FollowerBench()
        let fleet = fleet(bench)
        let (token, other) = (try await bench.token(), try await bench.token("o", user: "bob"))
        try await run(fleet, bench) {
            // As a process that gets no time: its poll is on the way, and it takes in nothing.
            bench.store.pause(.feed, .before)
            bench.time.advance(by: bench.policy.pollInterval)
            await bench.store.waitUntilHeld(.feed, .before)
            let position = try await bench.memory.cutOff(.user("alice"), by: "ops", reason: nil, at: bench.time.now)
                .epoch
            var watch = EffectivenessWatch(position: position, durable: bench.time.monotonic)
            _ = watch.observe(try await bench.memory.nodes(), at: bench.time.monotonic)
            bench.time.advance(by: bench.policy.lease * 1.01)
            #expect(watch.status(at: bench.time.monotonic) == .effective(.leasesRanOut))
            for follower in fleet { #expect(follower.verdict(on: token) != .valid) }
            bench.store.resume(.feed, .before)
            await bench.time.waitForSleepers(Self.count)
            for follower in fleet {
                #expect(follower.verdict(on: token) == .denied(.cutoff))
                #expect(follower.verdict(on: other) == .valid)
            }
        }
    }
}
