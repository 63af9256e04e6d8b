/// Uses of sessions that are to be recorded: one a session, bounded, written in batches.
struct TouchQueue: Sendable {
    /// At most so many wait.
    ///
    /// Beyond it a use is not recorded: its session may end earlier than it should, never later.
    static let limit = 65_536

    private var waiting: [IDHash: Touch] = [:]
    private var order: [IDHash] = []

    var count: Int { waiting.count }

    /// Queues a use; a later one of the same session takes the place of the earlier.
    mutating func add(_ touch: Touch) {
        if let old = waiting[touch.id] {
            if old.at < touch.at { waiting[touch.id] = touch }
        } else if waiting.count < Self.limit {
            waiting[touch.id] = touch
            order.append(touch.id)
        }
    }

    /// Forgets a session that has ended.
    mutating func remove(_ id: IDHash) { waiting[id] = nil }

    /// Takes the oldest out.
    ///
    /// - Parameter limit: at most so many.
    /// - Returns: the uses, the oldest first.
    mutating func take(_ limit: Int) -> [Touch] {
        var taken: [Touch] = []
        var count = 0
        for id in order {
            guard taken.count < limit else { break }
            if let touch = waiting.removeValue(forKey: id) { taken.append(touch) }
            count += 1
        }
        order.removeFirst(count)
        return taken
    }

    /// Puts back what could not be written.
    mutating func putBack(_ touches: [Touch]) {
        for touch in touches { add(touch) }
    }
}
