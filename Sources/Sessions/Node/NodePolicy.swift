/// How a service node treats sessions: lifetimes, caching, and the bounds on what it asks of the store.
public struct NodePolicy: Sendable, Equatable {
    /// How long new sessions live.
    public var lifetime: Lifetime = .office
    /// How long the sessions of anonymous visitors live; `nil`: as long as all others.
    public var anonymousLifetime: Lifetime?
    /// δ: how long the node may answer from memory after a good poll of the feed began.
    ///
    /// A revoke is effective everywhere after this time at the latest. Zero is the strict mode: no cache decides.
    public var lease: Duration = .seconds(2)
    /// t1: how old a copy in the node's memory may become.
    public var copyLife: Duration = .seconds(3)
    /// How long the node remembers that an id has no live session.
    public var negativeLife: Duration = .seconds(1)
    /// The memory for copies, in bytes, roughly.
    public var copyBytes = 64 << 20
    /// t2: how long a copy may stay in the shared cache, where there is one.
    ///
    /// The store must keep its feed for longer, see ``Retention/feed``.
    public var sharedLife: Duration = .seconds(300)
    /// How long the lease to fill the shared cache lasts: longer than a read of the database takes.
    public var sharedLease: Duration = .seconds(3)
    /// How long a request that didn't get the lease waits for its holder, at most.
    public var sharedWait: Duration = .milliseconds(50)
    /// How long an answer of the shared cache is waited for.
    public var sharedTimeLimit: Duration = .milliseconds(100)
    /// How long a part of the shared cache is left alone that gave no answer: meanwhile nobody waits for it.
    public var sharedRest: Duration = .seconds(1)
    /// How often recorded uses are written.
    public var touchFlushInterval: Duration = .seconds(1)
    /// The most uses written in one batch.
    public var touchBatch = 500
    /// The most reads of the database at once.
    public var concurrentReads = 8
    /// The most requests that wait for such a read; more are answered 503 at once.
    public var waitingReads = 1024
    /// How often the node shows a sign of life; at least twice in ``NodeReport/silence``.
    public var heartbeat: Duration = .seconds(1)
    /// How often the node removes from the store what nobody needs any more; `nil`: never.
    ///
    /// Beside its other work, and none of that waits for it. Each time it may be a tenth earlier or later, and the first time
    /// it is at any moment of the interval, so that nodes that start together don't purge together. See
    /// ``SessionStore/purge(_:at:)`` for what it costs: where there are many nodes, a few that do it are enough.
    public var purgeInterval: Duration? = .seconds(600)
    /// How long a purge leaves what has ended.
    ///
    /// Raise it where tokens live longer than 15 minutes, in all nodes of the store: the shortest one counts.
    public var retention = Retention()

    /// The defaults: the office lifetime, δ 2 s, t1 3 s, 64 MiB.
    public init() {}

    /// The defaults with another lifetime.
    public init(lifetime: Lifetime) { self.lifetime = lifetime }

    /// For sessions that lie in the node's own memory: strict, as a copy beside them would gain nothing, and would be
    /// served for a while after its session was handed over.
    public static func sticky(lifetime: Lifetime = .office) -> NodePolicy {
        var policy = NodePolicy(lifetime: lifetime)
        policy.isStrict = true
        return policy
    }

    /// No cache decides about a session: every request asks the database.
    public var isStrict: Bool {
        get { lease <= .zero }
        set { lease = newValue ? .zero : max(lease, .seconds(2)) }
    }

    /// How often the feed is read: four times within δ, so that one lost poll costs no hits.
    public var pollInterval: Duration { isStrict ? heartbeat : max(lease / 4, .milliseconds(10)) }

    /// By how much the wall clocks of the nodes and of whoever revokes may differ without a copy in the shared cache being
    /// trusted for too long.
    public static let clockSkew = Duration.seconds(60)

    /// What a lease is taken for that nobody remembers: the one that nodes have unless told otherwise.
    package static let usualLease = NodePolicy().lease

    /// How long a revoked id is remembered: longer than any copy lives, with a lag of the feed and skewed clocks.
    func revokedLife(withShared isShared: Bool) -> Duration {
        copyLife + lease + (isShared ? max(.zero, sharedLife) + Self.clockSkew : .zero)
    }

    /// How long the sessions of a user live; `nil`: of nobody.
    func lifetime(of user: String?) -> Lifetime { user == nil ? anonymousLifetime ?? lifetime : lifetime }
}
