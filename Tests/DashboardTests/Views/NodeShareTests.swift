import Sessions
import Testing

@testable import Dashboard

@Suite("How sessions are spread over nodes")
struct NodeShareTests {
    private func fleet(_ nodes: [(id: String, status: NodeReport.Status, sessions: Int)]) -> Fleet {
        var fleet = Fleet()
        fleet.nodes = nodes.map { node in
            var report = NodeReport(id: node.id, started: Fixture.now, heartbeat: Fixture.now, status: node.status)
            if node.id.hasSuffix(" tokens") { report.counters[.verifier] = 1 }
            return report
        }
        fleet.sessions = Dictionary(uniqueKeysWithValues: nodes.map { ($0.id, $0.sessions) })
        return fleet
    }

    @Test("Skew is the fullest node over the mean of those that take sessions")
    func skew() throws {
        let two = NodeShare(fleet([("a", .up, 6), ("b", .up, 2)]))
        #expect(two.skew == 1.5 && two.total == 8)
        let more = NodeShare(
            fleet([("a", .up, 6), ("b", .up, 2), ("a tokens", .up, 0), ("old", .stopped, 0)]))
        #expect(more.skew == 1.5, "who takes none is no part of the mean")
        let idle = NodeShare(fleet([("a", .up, 6), ("b", .up, 2), ("c", .up, 0), ("d", .stopped, 4)]))
        #expect(idle.skew == 2, "one that could take some is, and so is one whose sessions are still there")
        #expect(NodeShare(fleet([("a", .up, 0)])).skew == nil)
    }

    @Test("Who verifies tokens alone has no share; who has no sessions yet has none of them")
    func share() throws {
        let fleet = fleet([("a", .up, 3), ("b", .up, 0), ("a tokens", .up, 0)])
        let share = NodeShare(fleet)
        #expect(share.of(fleet.nodes[0])?.share == 1)
        #expect(share.of(fleet.nodes[1])?.count == 0)
        #expect(share.of(fleet.nodes[2]) == nil)
    }
}
