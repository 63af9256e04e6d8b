import SessionTesting
import Testing

@testable import SessionTokens
@testable import Sessions

/// A follower over a memory store that a test can break, on a clock that a test moves.
struct FollowerBench {
    let time = ManualTime()
    let memory: MemoryStore
    let store: ScriptedStore
    var policy = FollowerPolicy()

    init() {
        memory = MemoryStore(time: time.source)
        store = ScriptedStore(memory)
    }

    func follower(
        _ id: String = "web-1 tokens", whenUnsure: (@Sendable (TokenMarks) async -> TokenVerdict)? = nil
    ) -> RevocationFollower {
        RevocationFollower(id: id, store: store, policy: policy, time: time.source, whenUnsure: whenUnsure)
    }

    /// Runs followers while a test goes on: each has polled the feed once when `body` begins.
    func withRunning<Result>(
        _ followers: RevocationFollower..., body: () async throws -> Result
    ) async throws -> Result {
        let tasks = followers.map { follower in Task { try await follower.run() } }
        await time.waitForSleepers(followers.count)
        let result: Result
        do { result = try await body() } catch {
            for task in tasks { task.cancel() }
            throw error
        }
        for task in tasks { task.cancel() }
        for task in tasks { try await task.value }
        return result
    }

    /// Lets time pass in steps of the poll's interval, and the followers' loops with it.
    func pass(_ duration: Duration, followers: Int = 1) async {
        var left = duration
        while left > .zero {
            let step = min(left, policy.pollInterval)
            time.advance(by: step)
            await time.waitForSleepers(followers)
            left -= step
        }
    }

    /// A token issued now.
    func token(
        _ id: String = "j", session: IDHash? = nil, user: String? = "alice", client: String? = "app",
        tenant: String? = "t"
    ) async throws -> TokenMarks {
        TokenMarks(
            denial: TokenDenial(issuer: "i", tokenID: id), session: session,
            epoch: try await memory.cutoffs().position, issued: time.now, user: user, client: client, tenant: tenant)
    }

    @discardableResult
    func deny(_ id: String = "j") async throws -> FeedPosition {
        try await memory.deny([TokenDenial(issuer: "i", tokenID: id)], at: time.now)
    }
}
