import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsMemcached

/// What others do between two commands of a renewal.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RenewalTests {
    /// Says when a number of commands have passed since it was armed: once.
    private final class Countdown: Sendable {
        private struct State {
            var left: Int?
            var isOver = false
        }

        private let state = Mutex(State())
        var isOver: Bool { state.withLock { $0.isOver } }

        func arm(after count: Int) { state.withLock { $0.left = count } }

        /// Whether the next command is the one that was counted to.
        func ends() -> Bool {
            state.withLock { state in
                guard let left = state.left else { return false }
                state.left = left > 0 ? left - 1 : nil
                guard left == 0 else { return false }
                state.isOver = true
                return true
            }
        }
    }

    @Test(
        "Of a session that is renewed nothing is live after a cut-off, whichever two commands that comes between",
        arguments: [CutoffScope.user("alice"), .tenant("t"), .everyone])
    func cutOff(_ scope: CutoffScope) async throws {
        let now = OwnMemcached.time.wall()
        try await OwnMemcached.withServers(1) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for count in 0... {
                let (namespace, countdown) = ("n\(count)", Countdown())
                let cutting = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time)
                let renewing = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: {
                        guard countdown.ends() else { return }
                        _ = try await cutting.cutOff(scope, by: "x", reason: nil, at: now)
                    })
                var (old, successor) = (freshSession(), freshSession())
                (old.tenant, successor.tenant) = ("t", "t")
                try await cutting.insert(old)
                countdown.arm(after: count)
                _ = try await renewing.rotate(old.id, to: successor, reason: "renewal", at: now)
                guard countdown.isOver else { return #expect(count > 1) }
                #expect(try await cutting.load(old.id, at: now)?.standing == .revoked, "before command \(count)")
                #expect(try await cutting.load(successor.id, at: now)?.standing != .live, "before command \(count)")
            }
        }
    }
}
