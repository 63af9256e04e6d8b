/// What the shared cache could not be told, and must be as soon as it answers again: one thing a session.
struct SharedDebts: Sendable {
    /// What is to be done under a session's key.
    enum Debt: Sendable, Hashable {
        /// Delete any copy and lease: it may be older than the database.
        case drop
        /// Put a tombstone.
        case bury
    }

    /// At most so many wait; beyond it the oldest is forgotten, and the feed alone stops its copy, as long as it lives.
    static let limit = 65_536

    private var debts: [IDHash: Debt] = [:]
    /// In the order in which they came; paid ones may still be among them.
    private var queue: [IDHash] = []
    private var first = 0

    var count: Int { debts.count }

    func debt(of id: IDHash) -> Debt? { debts[id] }

    /// The one that has waited longest.
    mutating func oldest() -> (id: IDHash, debt: Debt)? {
        while first < queue.count {
            if let debt = debts[queue[first]] { return (queue[first], debt) }
            first += 1
        }
        queue.removeAll()
        first = 0
        return nil
    }

    /// Adds one; a tombstone takes the place of a deletion, never the other way round.
    mutating func add(_ debt: Debt, for id: IDHash) {
        if let old = debts[id] {
            if old == .drop { debts[id] = debt }
            return
        }
        if debts.count >= Self.limit, let old = oldest() { debts[old.id] = nil }
        if first > Self.limit {
            queue.removeFirst(first)
            first = 0
        }
        debts[id] = debt
        queue.append(id)
    }

    /// One has been paid; what was added meanwhile stays.
    mutating func pay(_ debt: Debt, for id: IDHash) { if debts[id] == debt { debts[id] = nil } }
}
