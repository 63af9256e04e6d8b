internal import Synchronization

/// A service node whose sessions lie in its own memory: what it holds, how it is drained, and what is lost.
///
/// Clients must come back to the node that holds their session: a balancer sees to it, by a cookie or by
/// ``Rendezvous``. A node that dies takes its sessions along; how many is known from its last report, in its counter
/// `memory.sessions`. A node that is to stop is drained first.
///
/// ```swift
/// let store = MemoryStore(namespace: "shop", limits: MemoryLimits())
/// let node = ServiceNode(id: "web-03", store: store, policy: .sticky(), sealer: sealer)
/// let sticky = StickyNode(node, store: store)
/// …
/// let report = try await sticky.drain(DrainPlan(limit: .seconds(600), peers: ["web-01", "web-02"]), transfer)
/// ```
public final class StickyNode: Sendable {
    /// What answers the requests.
    public let node: ServiceNode
    /// The sessions.
    public let store: MemoryStore

    let progress = Mutex(DrainReport.Progress())
    private let requests: AsyncStream<(plan: DrainPlan, number: Int)>
    private let requested: AsyncStream<(plan: DrainPlan, number: Int)>.Continuation

    /// Makes one.
    ///
    /// - Parameters:
    ///   - node: the service's node over the store, with a policy like ``NodePolicy/sticky(lifetime:)``.
    ///   - store: the store in this process's memory.
    public init(_ node: ServiceNode, store: MemoryStore) {
        self.node = node
        self.store = store
        store.state.withLock { $0.owner = node.id }
        (requests, requested) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What the drain has come to; `nil`: none was begun, or it was called off.
    public var drained: DrainReport? {
        switch progress.withLock({ $0.state }) {
        case .none: nil
        case .running(let report), .done(let report): report
        }
    }

    /// Whether a drain has come to its end.
    public var isDrained: Bool {
        if case .done = progress.withLock({ $0.state }) { true } else { false }
    }

    /// Asks for a drain, which ``run(_:)`` carries out.
    ///
    /// - Parameters:
    ///   - plan: how long to wait, and for whom the rest is.
    ///   - replacing: whether it takes the place of one that goes on.
    /// - Returns: `false` where one goes on already.
    @discardableResult
    public func requestDrain(_ plan: DrainPlan, replacing: Bool = false) -> Bool {
        guard let number = begin(replacing: replacing) else { return false }
        requested.yield((plan, number))
        return true
    }

    /// Carries out the drains that are asked for, until its task is cancelled.
    ///
    /// - Parameter transfer: brings sessions to another node; `nil`: they can't be handed over.
    public func run(_ transfer: HandOver.Transfer? = nil) async {
        for await (plan, number) in requests {
            // What it came to stands in ``drained``.
            _ = try? await carryOut(plan, number, transfer)
        }
    }

    /// Takes sessions over from another node.
    ///
    /// - Parameter sessions: what it sent.
    /// - Returns: what became of each, in order.
    public func adopt(_ sessions: HandOver) -> [Adoption] {
        let now = store.time.wall()
        let travellers = sessions.rows.map { unpack($0, at: now) }
        let cutoffs = LatestCutoffs(sessions.cutoffs)
        return store.tellingFeed { state in
            state.adopt(sessions.tombstones)
            return travellers.map { traveller in
                traveller.map { state.adopt($0, knowing: cutoffs, at: now) } ?? .declined
            }
        }
    }

    /// Opens a session that has arrived, and seals its payload as the store holds it.
    private func unpack(_ row: HandOver.Row, at now: Timestamp) -> MemoryState.Traveller? {
        guard let (opened, hops) = node.sealer.open(row, at: now),
            let payload = try? node.sealer.seal(opened.payload.bytes, id: row.id, version: row.version)
        else { return nil }
        var session = opened
        session.payload = payload
        session.node = node.id
        return MemoryState.Traveller(session: session, hops: hops)
    }
}
