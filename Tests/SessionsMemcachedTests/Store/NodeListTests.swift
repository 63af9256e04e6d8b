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

    @Test("A node that reports again at any moment while it is being forgotten stays, in the list as well")
    func comingBack() async throws {
        let (last, next) = (report(), report(heartbeat: 1))
        try await OwnMemcached.withServers(2) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for count in 0... {
                let (namespace, countdown) = ("n\(count)", Countdown())
                let node = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time)
                let purger = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: { if countdown.isOver() { try await node.publish(next) } })
                try await node.publish(last)
                countdown.begin(count)
                try await purger.removeNodes([last])
                let left = try await node.nodes()
                guard !countdown.isRunning else {
                    #expect(left.isEmpty && count > 3)
                    return
                }
                #expect(left == [next], "before command \(count)")
            }
        }
    }

    @Test("A list that was lost is made again by the nodes' next reports")
    func lostList() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await MemcachedStore.open(
                OwnMemcached.configuration(servers), mode: .create, time: OwnMemcached.time)
            try await store.publish(report())
            let key = try store.names.nodes
            let list = try #require(try await store.fetch(key))
            try await store.remove(key, list)
            #expect(try await store.nodes().isEmpty)
            try await store.publish(report(heartbeat: 1))
            #expect(try await store.nodes() == [report(heartbeat: 1)])
        }
    }
}
