import SessionTesting

@testable import Sessions

/// One session, two nodes with the memory that ships, the shared cache that ships, a database with its feed: a value.
///
/// The shared cache keeps copies longer than it was told to, may evict anything, and may fall back to an older state. Each
/// step of an actor is atomic; between any two everybody else may act. No request that begins after the revoke is
/// effective may be served, and none from an older state than the client had seen when it sent the request.
struct FleetWorld {
    /// How often each actor may act.
    struct Budget: Sendable {
        /// By node.
        var requests: [Int]
        /// By node.
        var polls: [Int]
        var ticks: Int
        var saves = 0
        var evictions = 0
        var failovers = 0
        var restarts = 0
        /// The revoke's tombstone doesn't reach L2.
        var losesTombstone = false
        /// The first node begins with a copy, and L2, too.
        var isWarm = false
    }

    /// A request under way.
    struct Request {
        enum Stage {
            case looking(NodeCache.SharedLook, isLeasing: Bool)
            case looked(NodeCache.SharedLook, SharedRead)
            case reading(NodeCache.SharedFill?)
            case found(NodeCache.SharedFill?, version: Int?, began: Int)
            case filling(NodeCache.SharedWrite, SharedLease)
            case joined
        }

        var ticket: NodeCache.FillTicket
        var stage: Stage
        var isLate: Bool
        /// What its client has seen.
        var seen: Int
    }

    enum Poll: Hashable {
        case idle
        /// Read at a tick, up to a position; with a reload: the cut-offs' position.
        case read(at: Int, to: Int64, isReload: Bool)
    }

    struct Node {
        var cache: NodeCache
        var requests: [Request] = []
        var poll = Poll.idle
        /// What the feed's watch knows of it; `nil`: it began after the revoke, and is nobody's concern.
        var published: Int64? = 0
    }

    /// What the first node writes: the database decides, then the node hears of it, then L2.
    enum Write: Hashable {
        case none
        case saved(from: Int, to: Int?, began: Int)
        case sharing(from: Int, to: Int?, began: Int)
    }

    /// What has yet to be done about the revoke.
    enum Revoke: Hashable {
        case waiting, durable, marked, done
    }

    static let id = World.id
    static let key = SharedKey(id: id, generation: 0)
    /// t2, in ticks: a copy is of use during three of them.
    static let life = 3
    static let lease = 1

    let rules: FleetRules
    var left: Budget
    var nodes: [Node]
    var l2 = SharedState(byteLimit: 1 << 20)
    /// An older state of L2 that it may fall back to.
    var older = SharedState(byteLimit: 1 << 20)
    var now = 0
    var isLive = true
    var version = 1
    /// The newest version that a client has been told of.
    var seen = 1
    var end: Int64 = 0
    var revoke = Revoke.waiting
    var durable: Int?
    var write = Write.none
    var wasEffective = false
    var violation = false

    init(_ budget: Budget, rules: FleetRules) {
        self.rules = rules
        left = budget
        let cache = Self.freshCache(rules)
        nodes = [Node(cache: cache), Node(cache: cache)]
        for index in nodes.indices { begin(index) }
        if budget.isWarm { warm() }
    }

    static func freshCache(_ rules: FleetRules) -> NodeCache {
        // Just as long as any copy lives, not a tick more: ``NodePolicy/revokedLife(withShared:)`` is more generous.
        let memory =
            switch rules {
            case .forgetRevokes: 0
            case .forgetTooSoon: life - 1
            default: life
            }
        return NodeCache(
            NodeCache.Settings(
                lease: .seconds(rules == .ignoreLease ? 1000 : lease), copyLife: .seconds(1), negativeLife: .seconds(1),
                byteLimit: 1 << 20, touchInterval: .seconds(100_000), revokedLife: .seconds(memory),
                shared: SharedTier.Settings(
                    life: .seconds(life), leaseLife: .seconds(1000), wait: .zero, rest: .zero)))
    }

    /// A node that has polled and read the feed back when the world begins.
    private mutating func begin(_ index: Int) {
        let start = Ticks.instant(0)
        nodes[index].cache.reload([], position: .start, started: start, at: start, since: Ticks.wall(0))
        let page = FeedPage(entries: [], end: .start, start: .start)
        _ = nodes[index].cache.apply(page, started: start, at: start)
    }

    private mutating func warm() {
        request(0)
        while !nodes[0].requests.isEmpty { proceed(0, 0) }
    }

    static func session(_ version: Int) -> Session {
        var session = Session(id: id, user: "u", created: Ticks.wall(0), lifetime: .aal1)
        session.version = Int64(version)
        return session
    }

    /// Whether whoever revoked has been told that it is effective.
    ///
    /// By the watch that ships; once it is, it stays so.
    var isEffective: Bool {
        guard let durable, !wasEffective else { return wasEffective }
        var watch = EffectivenessWatch(position: FeedPosition(1), durable: Ticks.instant(durable))
        let reports = nodes.enumerated().compactMap { index, node in
            node.published.map {
                NodeReport(
                    id: "n\(index)", started: Ticks.wall(0), heartbeat: Ticks.wall(now), applied: FeedPosition($0),
                    lease: .seconds(Self.lease))
            }
        }
        if case .effective = watch.observe(reports, at: Ticks.instant(now)) { return true }
        return false
    }
}
