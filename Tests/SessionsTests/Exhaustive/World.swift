import SessionTesting

@testable import Sessions

/// One session, one node with the cache that ships, a database with its feed, and everybody who acts on them: a value.
///
/// Each step of an actor is atomic; between any two steps everybody else may act. A request that begins after the revoke
/// is effective must not be served: `violation` tells that it was.
struct World {
    /// How often each actor may act.
    struct Budget: Sendable {
        var requests = 3
        var polls = 2
        var ticks = 4
        var touches = 0
        var saves = 0
        var evictions = 0
        /// A revoke that goes through this node marks its memory, too.
        var isRevokedHere = false
        /// The revoke is a cut-off of the user, and not of the one session.
        var isCutoff = false
        /// Cut-offs of another user, through this node.
        var otherCutoffs = 0
        /// The node begins with a copy.
        var isWarm = false
        /// δ and t1, in ticks.
        var lease = 2
        var copyLife = 4
    }

    /// A request under way.
    struct Request: Hashable {
        enum Stage: Hashable {
            case reading
            case found(version: Int?)
            case joined
        }

        var ticket: NodeCache.FillTicket
        var stage: Stage
        var isLate: Bool
    }

    enum Poll: Hashable {
        case idle
        case started(at: Int, after: Int64)
        case read(at: Int, from: Int64, to: Int64)
    }

    enum Write: Hashable {
        case none
        case touched(isLive: Bool)
        case saved(from: Int, to: Int?)
    }

    static let id = IDHash(hashing: Array("the session".utf8))
    static let concurrentRequests = 2

    let rules: Rules
    var left: Budget
    var cache: NodeCache
    var now = 0
    // The database.
    var isLive = true
    var version = 1
    var end: Int64 = 0
    /// Where the feed tells of the revoke; 0: it has not been yet.
    var revokedAt: Int64 = 0
    // The node.
    var requests: [Request] = []
    var poll = Poll.idle
    var write = Write.none
    var published: Int64 = 0
    var durable: Int?
    var mustMark = false
    /// Another user's cut-off that this node has committed, and does not know of yet; 0: there is none.
    var mustInsert: Int64 = 0
    var violation = false

    init(_ budget: Budget, rules: Rules) {
        self.rules = rules
        left = budget
        // A revoked id is forgotten after one tick: the other rules must hold without that help.
        cache = NodeCache(
            NodeCache.Settings(
                lease: .seconds(rules.lease(budget.lease)), copyLife: .seconds(budget.copyLife),
                negativeLife: .seconds(1),
                byteLimit: 1 << 20, touchInterval: .seconds(1000), revokedLife: .seconds(1)))
        cache.reload([], position: .start, started: Ticks.instant(0), at: Ticks.instant(0))
        guard budget.isWarm, case .load(let ticket) = cache.read(Self.id, at: Ticks.instant(0)) else { return }
        _ = cache.complete(ticket, with: .live(Self.copy(1)), at: Ticks.instant(0), wall: Ticks.wall(0))
    }

    /// Whether whoever revoked has been told that it is effective: by the watch that ships.
    var isEffective: Bool {
        guard let durable else { return false }
        var watch = EffectivenessWatch(position: FeedPosition(revokedAt), durable: Ticks.instant(durable))
        let report = NodeReport(
            id: "n", started: Ticks.wall(0), heartbeat: Ticks.wall(now), applied: FeedPosition(published),
            lease: .seconds(left.lease))
        if case .effective = watch.observe([report], at: Ticks.instant(now)) { return true }
        return false
    }

    static func copy(_ version: Int) -> SessionCopy {
        var session = Session(id: id, user: "u", created: Ticks.wall(0), lifetime: .aal1)
        session.version = Int64(version)
        return SessionCopy(session)
    }
}

extension World: Explorable {
    /// What tells two worlds apart; tickets by who holds them, whatever their numbers.
    struct Key: Hashable {
        var numbers: [Int]
        var requests: [Request.Stage]
        var poll: Poll
        var write: Write
    }

    var key: Key {
        func flag(_ value: Bool) -> Int { value ? 1 : 0 }
        func tick(_ instant: MonotonicInstant?) -> Int { instant.map(Ticks.tick) ?? -1 }
        let entry = cache.copies.value(of: Self.id)
        let negative = cache.negatives.value(of: Self.id)
        let isJudged = flag(entry?.judged == cache.cutoffsTaken)
        let isCut = flag(cache.cutoffs.refuse(Self.copy(1).session))
        var numbers: [Int] = [
            left.requests, left.polls, left.ticks, left.touches, left.saves, left.evictions, left.otherCutoffs, now,
            flag(isLive), version, Int(end), Int(revokedAt), Int(published), durable ?? -1, flag(mustMark),
            Int(mustInsert), flag(violation),
            entry.map { Int($0.copy.session.version) } ?? 0, tick(entry?.usableUntil), isJudged,
            tick(negative?.usableUntil), tick(cache.revoked.mark(of: Self.id)?.until), Int(cache.applied?.value ?? -1),
            tick(cache.leaseEnd), isCut,
        ]
        let current = cache.flights[Self.id]
        for request in requests {
            let leader = requests.firstIndex { $0.ticket.number == request.ticket.number } ?? -1
            numbers += [
                leader, flag(request.isLate), flag(request.ticket.mayFill), flag(request.ticket.number == current),
            ]
        }
        return Key(numbers: numbers, requests: requests.map(\.stage), poll: poll, write: write)
    }
}
