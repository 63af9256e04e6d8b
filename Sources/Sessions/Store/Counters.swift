/// What a node counts on its request path.
///
/// Every number only grows while the node runs.
///
/// Published by node, never summed before: a sum hides one cold node. Rates are differences of numerators and
/// denominators over a window, never averages of ratios.
public struct Counters: Sendable, Equatable {
    /// What is counted.
    public enum Name: String, Sendable, CaseIterable {
        /// Requests that carried the shape of an id.
        case requests
        /// Requests served from a live session.
        case served
        /// Requests refused: the session had ended or never was.
        case refused
        /// Requests that could not be decided: the store gave no answer (503, never 401).
        case errors
        /// Texts that have not the shape of an id, and ids that we never issued.
        case suspicious
        /// L1 answered with a live session.
        case l1Hit = "l1.hit"
        /// L1 had nothing of use.
        case l1Miss = "l1.miss"
        /// L1 knew that there is no live session.
        case l1NegativeHit = "l1.negativeHit"
        /// L1 had a copy that the feed had ended.
        case l1Stopped = "l1.stopped"
        /// L1 was not asked: the feed's lease had run out.
        case l1Bypassed = "l1.bypassed"
        /// A request waited for another's read of the same session.
        case l1Coalesced = "l1.coalesced"
        /// Copies dropped to make room.
        case l1EvictedBySize = "l1.evictedBySize"
        /// Copies dropped because of their age.
        case l1EvictedByAge = "l1.evictedByAge"
        /// Copies dropped by the feed, a save or a revoke.
        case l1Invalidated = "l1.invalidated"
        /// An answer that was on the wire while its session was invalidated, and so was not kept.
        case l1FillRefused = "l1.fillRefused"
        /// L2 had a copy of use, and the request was served from it.
        case l2Hit = "l2.hit"
        /// L2 had a copy that the feed had ended.
        case l2Stopped = "l2.stopped"
        /// L2 had a tombstone: the database was asked, which alone decides.
        case l2Tombstone = "l2.tombstone"
        /// L2 had nothing, and gave this node the lease to fill it.
        case l2Miss = "l2.miss"
        /// L2 had nothing of use, and somebody else the lease: the database was read without filling.
        case l2MissLost = "l2.missLost"
        /// L2 was not asked: the feed's lease had run out, the feed has not been read back yet, or L2 failed just now.
        case l2Bypassed = "l2.bypassed"
        /// L2 answered a look-up with an error, or with a copy that could not be opened.
        case l2Error = "l2.error"
        /// L2 did not answer a look-up in its time.
        case l2Timeout = "l2.timeout"
        /// Copies put into L2.
        case l2Fill = "l2.fill"
        /// Copies not put into L2: somebody revoked, wrote or took over since the database was read.
        case l2FillRefused = "l2.fillRefused"
        /// Copies and tombstones that L2 did not take.
        case l2WriteError = "l2.writeError"
        /// Sessions that L2 has yet to be told the end or the change of. The number falls, too.
        case l2Pending = "l2.pending"
        /// Copies in L1 and L2 that were passed over: the client had seen a newer version, or couldn't say which.
        case copiesBehind = "copies.behind"
        /// The database had the session, live.
        case databaseHit = "database.hit"
        /// The database had no live session.
        case databaseMiss = "database.miss"
        /// The database gave no answer.
        case databaseError = "database.error"
        /// Touches written.
        case touches
        /// Touches not written: the last was too recent.
        case touchesThrottled = "touches.throttled"
        /// Payloads saved.
        case saves
        /// Saves that met a newer version.
        case conflicts
        /// Writes refused because the session had ended: a resurrection that did not happen.
        case resurrectionAlarms
        /// Sign-ins.
        case signIns
        /// Sign-outs.
        case signOuts
        /// Good polls of the feed.
        case feedPolls
        /// Polls of the feed that failed.
        case feedErrors
        /// Requests for sessions that another node is the first choice for.
        case strayed
        /// Sessions in L1 now. It falls, too.
        case l1Entries = "l1.entries"
        /// Bytes in L1 now. It falls, too.
        case l1Bytes = "l1.bytes"
        /// 1 where it verifies tokens and takes no sessions. It falls, too.
        case verifier
        /// Live sessions that lie in this node's memory and nowhere else, now: lost when it dies. It falls, too.
        case memorySessions = "memory.sessions"
        /// Bytes of all sessions in this node's memory, now. It falls, too.
        case memoryBytes = "memory.bytes"
        /// Live sessions that were lost to make room for others.
        case memoryEvicted = "memory.evicted"
        /// Sessions and payloads that there was no room for.
        case memoryRefused = "memory.refused"
        /// Sessions handed over to other nodes.
        case memoryHandedOver = "memory.handedOver"
        /// Sessions sent to another node that never answered: they may be lost.
        case memoryUnanswered = "memory.unanswered"
        /// Sessions taken over from other nodes.
        case memoryAdopted = "memory.adopted"
        /// Sessions that were in the memory of earlier processes of this node when those were last seen: lost with them.
        ///
        /// Counted by whoever watched; the node itself can't know.
        case memoryLost = "memory.lost"
        /// A number for the entry of the feed that it applied last; 0: it doesn't know that entry.
        ///
        /// No count, and nothing for people: it tells ``SessionStore/checkedNodes(upTo:)`` of which past of the store the
        /// position is that the node has applied.
        case feedMark = "feed.mark"
    }

    private var values: [Int64]

    /// All zero.
    public init() { values = Array(repeating: 0, count: Name.allCases.count) }

    /// The most that is counted: the last whole number that every reader of JSON keeps exactly.
    package static let most: Int64 = 1 << 53

    /// One of the counts; what is below zero or above 2^53 becomes the nearest that isn't.
    ///
    /// Other processes and stores write counters. The bound is here, where all of them are read, so that sums of a few
    /// can't overflow.
    public subscript(name: Name) -> Int64 {
        get { values[name.index] }
        set { values[name.index] = min(max(0, newValue), Self.most) }
    }

    /// What was counted since an earlier state of the same process.
    public static func - (later: Counters, earlier: Counters) -> Counters {
        var difference = later
        for index in difference.values.indices { difference.values[index] &-= earlier.values[index] }
        return difference
    }

    /// The counts of two nodes or two windows together.
    public static func + (a: Counters, b: Counters) -> Counters {
        var sum = a
        for index in sum.values.indices { sum.values[index] &+= b.values[index] }
        return sum
    }

    /// Whether any count is lower than before: the process began anew.
    public func hasFallen(below earlier: Counters) -> Bool {
        Name.allCases.contains { $0.onlyGrows && self[$0] < earlier[$0] }
    }
}

extension Counters.Name {
    /// Whether it only ever grows while its process runs.
    public var onlyGrows: Bool { !Self.gauges.contains(self) }

    var index: Int { Self.indices[self] ?? 0 }
    private static let gauges: Set<Self> = [
        .l1Entries, .l1Bytes, .l2Pending, .verifier, .memorySessions, .memoryBytes, .feedMark,
    ]
    private static let indices = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))
}
