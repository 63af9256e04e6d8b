internal import Synchronization

extension StickyNode {
    /// Takes the node out or in again by order of an operator, with an entry in its audit log.
    ///
    /// An order takes the place of the one before: a node that waits for its sessions to end can be told to hand them over.
    ///
    /// - Parameters:
    ///   - wanted: `ready`: it takes new sessions again. `drain`: it keeps its sessions, and takes no new ones.
    ///     `maintenance`: besides, it hands them over to its peers now.
    ///   - peers: the other nodes, by their names, for `maintenance`.
    ///   - order: who orders it, when and why.
    public func steer(to wanted: NodeOrder, peers: [String], order: Order) {
        let count = store.state.withLock { $0.liveCount(at: store.time.wall()) }
        switch wanted {
        case .ready: callOffDrain()
        case .drain: requestDrain(DrainPlan(limit: Self.longestDrain), replacing: true)
        case .maintenance: requestDrain(DrainPlan(limit: .zero, peers: peers), replacing: true)
        }
        store.state.withLock {
            $0.audit(.steer, target: "node:\(node.id)", count: count, result: wanted.rawValue, [], order)
        }
    }

    /// No session lives longer; the node stays closed all the same.
    private static let longestDrain = Duration.seconds(30 * 86_400)
}
