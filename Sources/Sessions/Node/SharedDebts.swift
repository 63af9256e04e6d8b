/// What the shared cache could not be told, and must be as soon as it answers again: one thing a session.
struct SharedDebts: Sendable {
    /// What is to be done under a session's key.
    enum Debt: Sendable, Hashable {
        /// Delete any copy and lease: it may be older than the database.
        case drop
        /// Put a tombstone.
        case bury
    }

    private struct Entry {
        var debt: Debt
        var turn: UInt64
    }

    private struct Place {
        let id: IDHash
        let turn: UInt64
    }

    /// At most so many wait; beyond it the oldest is forgotten, and the feed alone stops its copy, as long as it lives.
    static let limit = 65_536

    private var entries: [IDHash: Entry] = [:]
    /// In the order of their turns; among them what has been paid since, or has had its turn.
    private var queue: [Place] = []
    private var first = 0
    private var lastTurn: UInt64 = 0

    var count: Int { entries.count }
    /// How long the queue is, with all that is in it.
    var queueCount: Int { queue.count }

    func debt(of id: IDHash) -> Debt? { entries[id]?.debt }

    /// The one that has waited longest.
    mutating func oldest() -> (id: IDHash, debt: Debt)? {
        while first < queue.count {
            let place = queue[first]
            if let entry = entries[place.id], entry.turn == place.turn { return (place.id, entry.debt) }
            first += 1
        }
        queue.removeAll()
        first = 0
        return nil
    }

    /// The one that has waited longest; it goes to the back, so that it holds up nothing where it can't be paid.
    mutating func takeTurn() -> (id: IDHash, debt: Debt)? {
        guard let due = oldest() else { return nil }
        first += 1
        enqueue(due.debt, for: due.id)
        return due
    }

    /// Adds one; a tombstone takes the place of a deletion, never the other way round.
    mutating func add(_ debt: Debt, for id: IDHash) {
        if let old = entries[id] {
            if old.debt == .drop { entries[id]?.debt = debt }
            return
        }
        if entries.count >= Self.limit, let old = oldest() { entries[old.id] = nil }
        enqueue(debt, for: id)
    }

    /// One has been paid; what was added meanwhile stays.
    mutating func pay(_ debt: Debt, for id: IDHash) { if entries[id]?.debt == debt { entries[id] = nil } }

    private mutating func enqueue(_ debt: Debt, for id: IDHash) {
        lastTurn += 1
        entries[id] = Entry(debt: debt, turn: lastTurn)
        queue.append(Place(id: id, turn: lastTurn))
        guard queue.count > 2 * entries.count + 1024 else { return }
        let known = entries
        queue = queue[first...].filter { known[$0.id]?.turn == $0.turn }
        first = 0
    }
}
