/// The ids that were revoked lately: remembered for as long as a copy may turn up anywhere.
struct RevokedIDs: Sendable {
    typealias Instant = MonotonicInstant

    struct Mark: Sendable, Hashable {
        /// When it may be forgotten.
        var until: Instant
        /// Whether L1 held a copy when it was revoked.
        var hadCopy: Bool
    }

    private var marks: [IDHash: Mark] = [:]
    /// In the order in which they may be forgotten; an id may stand here twice.
    private var queue: [(id: IDHash, until: Instant)] = []
    private var first = 0

    var count: Int { marks.count }

    func contains(_ id: IDHash) -> Bool { marks[id] != nil }

    func mark(of id: IDHash) -> Mark? { marks[id] }

    mutating func insert(_ id: IDHash, hadCopy: Bool, until: Instant) {
        let old = marks[id]
        let until = max(until, old?.until ?? until)
        marks[id] = Mark(until: until, hadCopy: hadCopy || old?.hadCopy ?? false)
        queue.append((id, until))
    }

    /// Forgets those whose time has come.
    mutating func forget(at now: Instant) {
        while first < queue.count, queue[first].until <= now {
            let id = queue[first].id
            if let mark = marks[id], mark.until <= now { marks[id] = nil }
            first += 1
        }
        guard first > 1024, first > queue.count / 2 else { return }
        queue.removeFirst(first)
        first = 0
    }

    mutating func removeAll() { self = RevokedIDs() }
}
