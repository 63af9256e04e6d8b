import Sessions
import SessionsSQLite
import Testing

@testable import sessiontop

@Suite("Nodes' names and whose turn it is")
struct BalancerTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func report(_ id: String, silentFor silence: Duration, status: NodeReport.Status = .up) -> NodeReport {
        NodeReport(
            id: id, started: now, heartbeat: now - silence, status: status, applied: .start, lease: .seconds(2))
    }

    @Test("A second demo takes the next free names")
    func nextNames() {
        #expect(NodeNames.free(3, beside: [], at: now) == ["web-01", "web-02", "web-03"])
        let others = [report("web-01", silentFor: .zero), report("web-03", silentFor: .seconds(1))]
        #expect(NodeNames.free(3, beside: others, at: now) == ["web-02", "web-04", "web-05"])
    }

    @Test("A node that was only stopped for a while keeps its name; one that ended or is long gone doesn't")
    func namesOfTheSilent() {
        let others = [
            report("web-01", silentFor: .seconds(30)), report("web-02", silentFor: .zero, status: .stopped),
            report("web-03", silentFor: .seconds(61)), report("web-04", silentFor: .zero, status: .draining),
        ]
        #expect(NodeNames.free(3, beside: others, at: now) == ["web-02", "web-03", "web-05"])
    }

    @Test("When a node dies its sessions move, no other does, and they come back with it")
    func affinity() async throws {
        let place = try DemoStore(url: nil)
        defer { place.removeIfTemporary() }
        let store = try SQLiteStore.open(path: place.url.rest, mode: .create)
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: DemoStore.namespace)
        let names = (1...5).map { "n\($0)" }
        let nodes = names.map { ServiceNode(id: $0, store: store, policy: NodePolicy(), sealer: sealer) }
        var balancer = Balancer(names: names)
        #expect(balancer.node(for: nil) == nil)
        for node in nodes { balancer.add(node) }
        let ids = (0..<500).map { IDHash(hashing: [UInt8($0 & 255), UInt8($0 >> 8)]) }
        func owners() -> [String?] { ids.map { balancer.node(for: $0)?.id } }
        let before = owners()
        #expect(Set(before).count == 5)
        balancer.remove(nodes[2])
        for (old, new) in zip(before, owners()) { #expect(old == "n3" ? new != "n3" : new == old) }
        #expect(Set((0..<8).map { _ in balancer.node(for: nil)?.id }) == ["n1", "n2", "n4", "n5"])
        balancer.add(nodes[2])
        #expect(owners() == before)
    }
}
