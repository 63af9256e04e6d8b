import SessionTesting
import Synchronization

@testable import Sessions

/// Some nodes with sessions in their own memory, on one clock, that can hand over to each other.
final class StickyFleet: Sendable {
    let time: ManualTime
    let sealer: PayloadSealer
    let nodes: [String: StickyNode]
    let faults = Mutex<[Fault]>([])

    /// What happens to a delivery.
    enum Fault {
        case notDelivered
        case answerLost
    }

    init(_ names: [String], limits: MemoryLimits = MemoryLimits(), time: ManualTime = ManualTime()) throws {
        self.time = time
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        self.sealer = sealer
        nodes = Dictionary(
            uniqueKeysWithValues: names.map { name in
                let store = MemoryStore(namespace: "test", limits: limits, time: time.source)
                let node = ServiceNode(id: name, store: store, policy: .sticky(), sealer: sealer, time: time.source)
                return (name, StickyNode(node, store: store))
            })
    }

    subscript(name: String) -> StickyNode {
        guard let node = nodes[name] else { fatalError("there is no node \(name)") }
        return node
    }

    /// Brings sessions to a node; the next fault happens to it.
    @Sendable func transfer(_ name: String, _ sessions: HandOver) async throws -> [Adoption] {
        struct Lost: Error {}
        let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if fault == .notDelivered { throw HandOver.NotDelivered(because: Lost()) }
        let answers = self[name].adopt(sessions)
        if fault == .answerLost { throw Lost() }
        return answers
    }

    func drain(
        _ name: String, limit: Duration = .zero, to peers: [String]
    ) async throws -> DrainReport {
        try await self[name].drain(DrainPlan(limit: limit, peers: peers), transfer)
    }
}
