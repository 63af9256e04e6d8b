internal import Synchronization

/// One instance of a stateless service, as far as its sessions go: what a middleware asks, and what keeps it honest.
///
/// It answers from the memory of the process only while ``run()`` keeps the revocation feed's lease alive; at any other
/// time each request asks the database. So a node that isn't run, is stopped, or is cut off from the store never serves a
/// session longer than δ after its revoke.
///
/// ```swift
/// let node = ServiceNode(id: "web-03", store: store, policy: NodePolicy(), sealer: sealer)
/// try await withThrowingTaskGroup(of: Void.self) { group in
///     group.addTask { try await node.run() }
///     …
///     switch await node.load(cookie, request: RequestInfo(ip: address, agent: agent)) {
///     case .live(let session): …
///     case .refused, .suspicious: …      // 401
///     case .unavailable: …               // 503, never 401
///     }
/// }
/// ```
public final class ServiceNode: Sendable {
    struct State: Sendable {
        var cache: NodeCache
        var touches = TouchQueue()
        var flights: [UInt64: Flight] = [:]
        var latency = LatencyHistogram()
        /// What the last heartbeat carried.
        var lastLatency: NodeReport.Latency?
        var affinity: Rendezvous?
        var status = NodeReport.Status.up
        var signsOfLife = SignsOfLife()
        /// When the next purge is due; `nil`: one is under way, or there is none.
        var nextPurge: MonotonicInstant?
        var isAbandoned = false
    }

    /// Its name, unique among the nodes of the store.
    public let id: String
    /// How it treats sessions.
    public let policy: NodePolicy
    /// When it began.
    public let started: Timestamp

    let store: any SessionStore
    let sharedCache: (any SharedCache)?
    let sealer: PayloadSealer
    let time: TimeSource
    let gate: ReadGate
    let state: Mutex<State>
    /// Rung when the feed may have grown.
    let bell = Bell()
    /// Rung when a purge is due.
    let purgeBell = Bell()
    /// A random number from 0 to 1, 1 excluded, by which nodes fall out of step.
    let chance: @Sendable () -> Double

    /// Makes a node.
    ///
    /// Nothing happens before ``run()`` or the first request.
    ///
    /// - Parameters:
    ///   - id: its name, unique among the nodes of the store: two processes must never run under one name at once.
    ///   - store: where the sessions are.
    ///   - policy: how it treats them.
    ///   - sealer: seals and opens their payloads, and their copies in a shared cache.
    ///   - cache: a cache that several nodes share, in front of the store; `nil`: there is none.
    ///   - time: the clocks.
    public convenience init(
        id: String, store: any SessionStore, policy: NodePolicy, sealer: PayloadSealer,
        cache: (any SharedCache)? = nil, time: TimeSource = .system
    ) {
        self.init(id: id, store: store, policy: policy, sealer: sealer, cache: cache, time: time) {
            Double.random(in: 0..<1)
        }
    }

    /// Makes a node whose chance a test owns.
    init(
        id: String, store: any SessionStore, policy: NodePolicy, sealer: PayloadSealer, cache: (any SharedCache)?,
        time: TimeSource, chance: @escaping @Sendable () -> Double
    ) {
        self.id = id
        self.store = store
        self.policy = policy
        self.sealer = sealer
        sharedCache = cache
        self.time = time
        self.chance = chance
        started = time.wall()
        gate = ReadGate(limit: policy.concurrentReads, waitingLimit: policy.waitingReads)
        state = Mutex(State(cache: NodeCache(NodeCache.Settings(policy, cache))))
    }

    /// Everything it has counted so far.
    public var counters: Counters { state.withLock { $0.cache.counters } }

    /// How far it has applied the feed; `nil`: it decides nothing by itself now.
    public var applied: FeedPosition? { state.withLock { $0.cache.applied } }

    /// Whether it may answer from memory now.
    public var holdsLease: Bool {
        let now = time.monotonic()
        return state.withLock { $0.cache.holdsLease(at: now) }
    }

    /// The nodes among which sessions are dealt out, to count the requests that came to another than their first choice.
    public func setAffinity(_ affinity: Rendezvous?) { state.withLock { $0.affinity = affinity } }

    /// Says with the next heartbeat that the node takes no new sessions and will stop, or that it does take them.
    public func setDraining(_ isDraining: Bool) {
        state.withLock { state in
            if state.status != .stopped { state.status = isDraining ? .draining : .up }
        }
    }

    /// Whether it takes no new sessions because it will stop.
    ///
    /// A middleware tells clients by it, for instance by ending the affinity with this node.
    public var isDraining: Bool { state.withLock { $0.status == .draining } }

    /// Makes ``run()`` end as a crash would: nothing is flushed, nothing is published any more.
    ///
    /// From now on every request is answered with ``Answer/unavailable(_:)``. For demonstrations and tests; cancel the
    /// task that runs it, too.
    public func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.cache.stop()
        }
    }
}

extension Lifetime {
    /// As ``touchInterval``; where no idle limit is to be kept, often enough to see who is still there.
    fileprivate var recordingInterval: Duration { touchInterval ?? absolute / 1000 }
}

extension NodeCache.Settings {
    init(_ policy: NodePolicy, _ cache: (any SharedCache)?) {
        self.init(
            lease: policy.lease, copyLife: policy.copyLife, negativeLife: policy.negativeLife,
            byteLimit: policy.copyBytes,
            touchInterval: policy.lifetime.recordingInterval,
            anonymousTouchInterval: policy.anonymousLifetime?.recordingInterval,
            revokedLife: policy.revokedLife(withShared: cache != nil),
            shared: cache.map { SharedTier.Settings(policy, $0) })
    }
}

extension SharedTier.Settings {
    fileprivate init(_ policy: NodePolicy, _ cache: any SharedCache) {
        self.init(
            life: policy.sharedLife, leaseLife: policy.sharedLease, wait: policy.sharedWait, rest: policy.sharedRest,
            part: { cache.part(of: $0) })
    }
}
