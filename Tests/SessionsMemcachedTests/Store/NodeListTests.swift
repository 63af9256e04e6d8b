import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsMemcached

/// The list of the nodes' names, which goes by the nodes' items.
@Suite(.serialized, .timeLimit(.minutes(3))) struct NodeListTests {
    /// Says once, after so many commands, that it is time.
    private final class Countdown: Sendable {
        private let left = Mutex<Int?>(nil)

        var isRunning: Bool { left.withLock { $0 != nil } }

        func begin(_ count: Int) { left.withLock { $0 = count } }

        func isOver() -> Bool {
            left.withLock { left in
                guard let now = left else { return false }
                left = now == 0 ? nil : now - 1
                return now == 0
            }
        }
    }

    private let now = OwnMemcached.time.wall()

    private func report(heartbeat seconds: Int = 0) -> NodeReport {
        NodeReport(
            id: "n", started: now, heartbeat: now + .seconds(seconds), applied: .start, lease: .seconds(2))
    }

    @Test("A node that reports again at any moment while it is being forgotten stays, or is waited for until it does")
    func comingBack() async throws {
        let (last, next) = (report(), report(heartbeat: 1))
        try await OwnMemcached.withServers(2) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for count in 0... {
                let (namespace, countdown, time) = ("n\(count)", Countdown(), LeapingTime())
                let node = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: time.source)
                let purger = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: time.source,
                    beforeCommand: { if countdown.isOver() { try await node.publish(next) } })
                try await node.publish(last)
                time.leap(by: .seconds(11))
                try await node.publish(last)
                #expect(try await node.leaseOfLostNodes(beside: try await node.nodes()) == nil)
                countdown.begin(count)
                try await purger.removeNodes([last])
                let left = try await node.nodes()
                guard !countdown.isRunning else {
                    #expect(left.isEmpty && count > 3)
                    return
                }
                if left.isEmpty {
                    #expect(try await node.leaseOfLostNodes(beside: left) == .seconds(2), "before command \(count)")
                    try await node.publish(next)
                }
                #expect(try await node.nodes() == [next], "before command \(count)")
            }
        }
    }
}
