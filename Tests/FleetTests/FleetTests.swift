import SessionTesting
import SessionTokens
import Sessions
import Subprocess
import Testing

@testable import Benchmarks

@Suite("Eight verifiers in processes of their own, on real stores", .serialized)
struct FleetTests {
    /// One that is stopped for a while.
    private static let stopped = 3

    @Test(
        "No request that began after a revoke was effective is accepted, whoever was stopped when it was ordered",
        arguments: FleetStore.allCases, [false, true])
    func revoked(on kind: FleetStore, isDeaf: Bool) async throws {
        try await kind.withURL { url in
            let store = try await FleetStore.open(url)
            let epoch = try await store.feed(after: .start, limit: 0).end
            let plan = TokenFleet.Plan(
                program: BuiltProgram.path("Benchmarks"), store: url, users: 5, isDeaf: isDeaf, epoch: epoch)
            try await TokenFleet.with(plan) { fleet in
                #expect(try await store.nodes().count == plan.count)
                for user in 0..<plan.users { try await revoke(user, store, fleet, whileStopped: user == 2) }
            }
        }
    }

    private func revoke(
        _ user: Int, _ store: any SessionStore, _ fleet: TokenFleet, whileStopped: Bool
    ) async throws {
        try await fleet.waitUntilAccepted(user)
        if whileStopped { try fleet.processes[Self.stopped].send(.suspend) }
        let position = try await store.cutOff(
            .user(TokenFleet.user(user)), by: "test", reason: nil, at: TimeSource.system.wall()
        ).epoch
        let cause = try await EffectivenessWatch.wait(for: position, durable: TimeSource.system.monotonic()) {
            try await store.checkedNodes(upTo: position)
        }
        let effective = SharedClock.nanoseconds
        if whileStopped {
            #expect(cause == .leasesRanOut)
            try fleet.processes[Self.stopped].send(.resume)
        }
        for (number, answer) in try await fleet.answers(about: user).enumerated() {
            #expect(answer.code == "\(TokenRefusal.Code.cutOff)")
            #expect(answer.lastAccepted > 0 && answer.lastAccepted <= effective, "verifier \(number), user \(user)")
        }
    }
}
