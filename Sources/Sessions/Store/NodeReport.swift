/// What a node publishes with each heartbeat: who it is, how far it has applied the feed, what it has counted.
///
/// Of a node that a balancer tells of, only what the balancer knows: it follows no feed.
public struct NodeReport: Sendable, Equatable {
    /// What a node says of itself.
    public enum Status: String, Sendable {
        /// It takes requests.
        case up
        /// It takes no new sessions, and will stop.
        case draining
        /// It has stopped in good order.
        case stopped
        /// It takes nothing, by order of an operator: a balancer says so.
        case maintenance
        /// It fails its health checks: a balancer says so.
        case down
    }

    /// Its name, unique among the nodes of a store: `web-03`.
    public var id: String
    /// When this process of it began; another value is another process.
    public var started: Timestamp
    /// When it published this, by its own clock.
    public var heartbeat: Timestamp
    /// What it says of itself.
    public var status: Status
    /// It refuses everything that the feed tells up to here; `nil`: it follows no feed.
    public var applied: FeedPosition?
    /// δ: how long it may answer from its caches after a good poll of the feed; `nil`: it follows no feed.
    public var lease: Duration?
    /// What it has counted since it started.
    public var counters: Counters
    /// How long its requests took over the last interval, half and 99 of 100 of them: in microseconds; `nil`: no requests.
    public var latency: Latency?
    /// What a balancer says of it; `nil`: none was asked.
    public var server: BalancedServer?
    /// What its drain has come to, where it holds sessions in its own memory; `nil`: none goes on.
    public var drain: DrainReport?
    /// Sessions that went with its memory, or that it held when it fell silent, the latest first: those that whoever looks
    /// had seen.
    public var missing: [MissingSession] = []

    /// A session that can't be reached, as it was last seen.
    public struct MissingSession: Sendable, Equatable {
        /// Its identity.
        public var id: IDHash
        /// Whose it is; `nil`: an anonymous visitor's.
        public var user: String?

        /// Makes one.
        public init(id: IDHash, user: String?) { (self.id, self.user) = (id, user) }
    }

    /// Percentiles of the time that requests took.
    public struct Latency: Sendable, Equatable {
        /// Half of the requests were faster, in microseconds.
        public var p50: Int
        /// 99 of 100 requests were faster, in microseconds.
        public var p99: Int

        /// Makes one from microseconds.
        public init(p50: Int, p99: Int) {
            self.p50 = p50
            self.p99 = p99
        }
    }

    /// Makes a report.
    ///
    /// A position or a lease below zero, as a damaged store may have one, becomes zero.
    public init(
        id: String, started: Timestamp, heartbeat: Timestamp, status: Status = .up, applied: FeedPosition? = nil,
        lease: Duration? = nil, counters: Counters = Counters(), latency: Latency? = nil
    ) {
        self.id = id
        self.started = started
        self.heartbeat = heartbeat
        self.status = status
        self.applied = applied.map { max($0, .start) }
        self.lease = lease.map { max($0, .zero) }
        self.counters = counters
        self.latency = latency
    }

    /// Three heartbeats of a second each missed: an operator is told that the node is down.
    ///
    /// A store that has lost the nodes' reports counts on it, too: after this time each node that lives has come back.
    public static let silence = Duration.seconds(3)

    /// Whether it takes no sessions: it verifies tokens, and follows the feed to refuse those that were revoked.
    public var isVerifier: Bool { counters[.verifier] > 0 }

    /// Whether its heartbeat is recent enough to call it alive.
    public func isAlive(at now: Timestamp) -> Bool { status.isServing && now - heartbeat < Self.silence }
}

extension NodeReport.Status {
    /// Whether it takes requests at all.
    public var isServing: Bool { self == .up || self == .draining }
    /// Whether somebody took it out on purpose.
    public var isTakenOut: Bool { self == .stopped || self == .maintenance }
}

/// A node's counters at a moment, kept for windows and graphs.
public struct CounterSample: Sendable, Equatable {
    /// The node.
    public var node: String
    /// When this process of the node began: counters of different processes can't be subtracted.
    public var started: Timestamp
    /// When they stood so.
    public var at: Timestamp
    /// The counters.
    public var counters: Counters

    /// Makes a sample.
    public init(node: String, started: Timestamp, at: Timestamp, counters: Counters) {
        self.node = node
        self.started = started
        self.at = at
        self.counters = counters
    }
}
