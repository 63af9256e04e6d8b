import Sessions

/// Which node gets a request: sessions stick to one by rendezvous hashing, and move to their second choice while it is
/// down.
struct Balancer: Sendable {
    /// All nodes of the fleet, dead or alive.
    let fleet: Rendezvous
    private var alive: [String: ServiceNode] = [:]
    private var choices = Rendezvous(nodes: [])
    private var turn = 0

    /// Makes one of which no node lives yet.
    init(names: [String]) { fleet = Rendezvous(nodes: names) }

    /// The nodes that live, in the order of their names.
    var nodes: [ServiceNode] { choices.nodes.compactMap { alive[$0] } }

    /// A node takes requests from now on.
    mutating func add(_ node: ServiceNode) {
        alive[node.id] = node
        choices = Rendezvous(nodes: alive.keys)
    }

    /// A node takes no more requests.
    mutating func remove(_ node: ServiceNode) {
        guard alive[node.id] === node else { return }
        alive[node.id] = nil
        choices = Rendezvous(nodes: alive.keys)
    }

    /// The node for a request.
    ///
    /// - Parameter id: the session; `nil`: there is none yet, so any node in turn.
    /// - Returns: `nil` where no node lives.
    mutating func node(for id: IDHash?) -> ServiceNode? {
        if let id { return choices.owner(of: id).flatMap { alive[$0] } }
        guard !choices.nodes.isEmpty else { return nil }
        turn = (turn + 1) % choices.nodes.count
        return alive[choices.nodes[turn]]
    }
}
