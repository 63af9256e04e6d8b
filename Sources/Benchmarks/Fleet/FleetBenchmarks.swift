import SessionTesting
import SessionTokens
import Sessions
import Subprocess

/// How long after the order to revoke a user the last of eight verifiers refuses the user's token: each verifier is a
/// process, on real stores, with the feed alone and with the wake-up, and after one was stopped and went on.
enum FleetBenchmarks {
    private static let rounds = 25

    /// Measures and prints a table.
    ///
    /// - Parameter stores: on which; none stands for all.
    /// - Throws: where a server or a verifier doesn't start, or what a store throws.
    static func run(on stores: [String]) async throws {
        print("ms until the last of 8 verifiers refuses            median     worst")
        for kind in FleetStore.allCases where stores.isEmpty || stores.contains(kind.rawValue) {
            for isDeaf in [false, true] {
                try await kind.withURL { try await measure(kind, $0, isDeaf: isDeaf) }
            }
        }
    }

    private static func measure(_ kind: FleetStore, _ url: String, isDeaf: Bool) async throws {
        let store = try await FleetStore.open(url)
        let epoch = try await store.feed(after: .start, limit: 0).end
        let plan = TokenFleet.Plan(
            program: CommandLine.arguments[0], store: url, users: 2 * rounds + 1, isDeaf: isDeaf, epoch: epoch)
        let name = "\(kind.rawValue), \(isDeaf ? "the feed alone" : "the wake-up")"
        try await TokenFleet.with(plan) { fleet in
            var times: [Double] = []
            for user in 0..<rounds { times.append(try await revoke(user, store, fleet)) }
            show(name, times)
            let stopped = fleet.processes[3]
            try await fleet.waitUntilAccepted(rounds)
            try stopped.send(.suspend)
            _ = try await store.cutOff(.user(TokenFleet.user(rounds)), by: "bench", reason: nil, at: now)
            try await Task.sleep(for: .seconds(3))
            let resumed = SharedClock.nanoseconds
            try stopped.send(.resume)
            let answers = try await fleet.answers(about: rounds)
            show("\(name), revoked while stopped", [milliseconds(answers[3].firstRefused, since: resumed)])
            times = []
            for user in rounds + 1..<2 * rounds + 1 { times.append(try await revoke(user, store, fleet)) }
            show("\(name), afterwards", times)
        }
    }

    private static var now: Timestamp { TimeSource.system.wall() }

    private static func revoke(_ user: Int, _ store: any SessionStore, _ fleet: TokenFleet) async throws -> Double {
        try await fleet.waitUntilAccepted(user)
        // Not in step with the polls.
        try await Task.sleep(for: .milliseconds(Int.random(in: 0..<500)))
        let ordered = SharedClock.nanoseconds
        _ = try await store.cutOff(.user(TokenFleet.user(user)), by: "bench", reason: nil, at: now)
        let last = try await fleet.answers(about: user).map(\.firstRefused).max() ?? 0
        return milliseconds(last, since: ordered)
    }

    private static func milliseconds(_ moment: UInt64, since start: UInt64) -> Double {
        moment > start ? Double(moment - start) / 1_000_000 : 0
    }

    private static func show(_ name: String, _ times: [Double]) {
        let sorted = times.sorted()
        func cell(_ time: Double) -> String {
            let text = "\((time * 10).rounded() / 10)"
            return String(repeating: " ", count: max(0, 10 - text.count)) + text
        }
        print(
            name + String(repeating: " ", count: max(1, 48 - name.count)) + cell(sorted[sorted.count / 2])
                + cell(sorted[sorted.count - 1]))
    }
}
