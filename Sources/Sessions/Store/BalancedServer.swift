/// A node as a balancer before it sees it.
public struct BalancedServer: Sendable, Equatable {
    /// The group of servers that it belongs to.
    public var backend: String
    /// Its name in that group.
    public var name: String
    /// Where it is.
    public var address: String
    /// What the balancer says of it, in its own words: `UP`, `DOWN 1/2`, `no check`.
    public var words: String
    /// Its weight now, and by the configuration.
    public var weight = 0, configuredWeight = 0
    /// Sessions that are bound to it; `nil`: unknown.
    public var pinned: Int?
    /// When the last session that is bound to it now is forgotten unless it is used: then a drain is done at the latest.
    public var lastPinEnds: Timestamp?
    /// Requests under way, and the most there ever were.
    public var current = 0, most = 0
    /// Requests that wait for it.
    public var queued = 0
    /// Requests since the balancer began.
    public var total = 0
    /// Requests over the last second.
    public var perSecond = 0
    /// Answers with a status of 500 or more, failed connections, answers that broke off; since the balancer began.
    public var errors = 0
    /// Failed health checks, since the balancer began.
    public var failedChecks = 0
    /// What the last health check said.
    public var lastCheck: String?
    /// The mean time of its last answers; `nil`: there were none.
    public var answerTime: Duration?
    /// How long it has been in the state that it is in.
    public var since = Duration.zero

    /// Makes one of which no more is known.
    public init(backend: String, name: String, address: String, words: String) {
        (self.backend, self.name, self.address, self.words) = (backend, name, address, words)
    }
}

/// What an operator tells a node, or the balancer before it.
public enum NodeOrder: String, Sendable, CaseIterable {
    /// Take requests again.
    case ready
    /// Serve the sessions that are bound to it, and no others.
    case drain
    /// Serve nobody: the sessions that are bound to it go elsewhere at once.
    case maintenance
}
