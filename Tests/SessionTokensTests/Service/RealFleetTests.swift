import SessionTesting
import Sessions
import SessionsSQLite
import Testing

@testable import SessionTokens

@Suite("Eight verifiers on a file of SQLite, in real time")
struct RealFleetTests {
    @Test("A user's tokens are refused by each within δ, others are not; one that was stopped begins anew and refuses")
    func revokes() async throws {
        try await ScratchFolder.with { folder in
            let path = "\(folder)/s.db"
            let store = try SQLiteStore.open(path: path, mode: .create)
            var fleet: [RevocationFollower] = []
            for number in 0..<8 {
                // Each has a handle of its own, as a process of its own would.
                fleet.append(
                    RevocationFollower(
                        id: "web-\(number) tokens", store: try SQLiteStore.open(path: path, mode: .existing)))
            }
            var running = fleet.map { follower in Task { try await follower.run() } }
            try await leases(of: fleet)
            let (alice, bob) = (
                TokenMarks(denial: nil, epoch: .start, user: "alice"),
                TokenMarks(denial: nil, epoch: .start, user: "bob")
            )
            for follower in fleet { #expect(await follower.judge(alice) == .valid) }
            running[0].cancel()
            try await running[0].value
            let position = try await store.cutOff(
                .user("alice"), by: "test", reason: nil, at: TimeSource.system.wall()
            ).epoch
            let cause = try await EffectivenessWatch.wait(
                for: position, durable: TimeSource.system.monotonic(),
                nodes: { try await store.checkedNodes(upTo: position) })
            for follower in fleet { #expect(follower.verdict(on: alice) != .valid, "effective (\(cause))") }
            fleet[0] = RevocationFollower(id: "web-0 tokens", store: store)
            running[0] = Task { [follower = fleet[0]] in try await follower.run() }
            try await leases(of: fleet)
            for follower in fleet {
                #expect(await follower.judge(alice) == .denied(.cutoff))
                #expect(await follower.judge(bob) == .valid)
            }
            for task in running { task.cancel() }
            for task in running { try await task.value }
        }
    }

    private func leases(of fleet: [RevocationFollower]) async throws {
        try await Waiting.until("every verifier has read the feed", limit: .seconds(60)) {
            fleet.allSatisfy(\.holdsLease)
        }
    }
}
