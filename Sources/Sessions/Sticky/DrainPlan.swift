/// How a node is drained.
public struct DrainPlan: Sendable, Equatable {
    /// For so long it waits for sessions to end by themselves.
    public var limit: Duration
    /// The other nodes, which take over what is left then; empty: nobody does, and it is lost when the node stops.
    public var peers: [String]

    /// Makes a plan.
    public init(limit: Duration, peers: [String] = []) { (self.limit, self.peers) = (limit, peers) }
}

/// What a drain has come to.
public struct DrainReport: Sendable, Equatable {
    enum State: Sendable {
        case none
        case running(DrainReport)
        case done(DrainReport)
    }

    /// How the latest drain stands.
    struct Progress: Sendable {
        var state = State.none
        /// Its number: whoever carries out an earlier one stops.
        var number = 0
    }

    /// Live sessions when it began.
    public var found = 0
    /// Live sessions that are still here: they are served until the node stops, and then lost.
    public var left = 0
    /// Sessions that another node has now.
    public var handedOver = 0
    /// Sessions that turned out to have ended at another node.
    public var ended = 0
    /// Sessions that were sent to a node that never answered: it has them, or they are lost.
    public var unanswered = 0
    /// Why sessions could not be handed over: by node, the last error's message.
    public var failures: [String: String] = [:]

    /// How many sessions are lost at most when the node stops now.
    public var atRisk: Int { left + unanswered }

    /// Nothing yet.
    public init() {}
}
