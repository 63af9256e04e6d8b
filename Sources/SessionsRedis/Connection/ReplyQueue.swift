/// Who waits for replies on one connection, in the order of the commands: replies bear no names.
///
/// Pure, but for what the waiters are.
struct ReplyQueue<Waiter> {
    /// What a waiter gets.
    enum Delivery {
        case one(Waiter, RESPValue)
        case many(Waiter, [RESPValue])
    }

    private struct Entry {
        let id: UInt64
        /// `nil`: went away; its replies are dropped when they come.
        var waiter: Waiter?
        let deadline: Instant
        /// How many replies are still to come.
        var missing: Int
        /// Those of a batch that came.
        var replies: [RESPValue]?
    }

    /// A moment of whatever clock the deadlines are kept by.
    typealias Instant = UInt64

    private var entries: [Entry?] = []
    private var first = 0

    /// Nobody waits.
    var isEmpty: Bool { first == entries.count }

    /// When the earliest waiter has waited for too long; `nil`: nobody waits.
    var earliestDeadline: Instant? { isEmpty ? nil : entries[first]?.deadline }

    /// Adds somebody who waits for the reply to one command.
    mutating func add(_ waiter: Waiter, id: UInt64, until deadline: Instant) {
        entries.append(Entry(id: id, waiter: waiter, deadline: deadline, missing: 1))
    }

    /// Adds somebody who waits for the replies to several commands at once: at least one.
    mutating func add(_ waiter: Waiter, id: UInt64, until deadline: Instant, count: Int) {
        var entry = Entry(id: id, waiter: waiter, deadline: deadline, missing: count, replies: [])
        entry.replies?.reserveCapacity(count)
        entries.append(entry)
    }

    /// Takes the next replies: as many of them as whoever is next waits for.
    ///
    /// - Parameter replies: some, at least one; loses those that were taken.
    /// - Returns: whom to tell; `nil`: nobody yet, or nobody any more.
    /// - Throws: ``UnexpectedReply`` where no command is without a reply.
    mutating func take(_ replies: inout ArraySlice<RESPValue>) throws -> Delivery? {
        guard !isEmpty, let missing = entries[first]?.missing else { throw UnexpectedReply() }
        let some = replies.prefix(missing)
        replies = replies.dropFirst(missing)
        entries[first]?.missing -= some.count
        entries[first]?.replies?.append(contentsOf: some)
        guard some.count == missing, let entry = entries[first] else { return nil }
        removeFirst()
        guard let waiter = entry.waiter else { return nil }
        if let replies = entry.replies { return .many(waiter, replies) }
        return some.last.map { .one(waiter, $0) }
    }

    /// Lets a waiter go; the place in the queue stays.
    ///
    /// - Returns: the waiter; `nil`: isn't there any more.
    mutating func abandon(id: UInt64) -> Waiter? {
        guard let index = entries[first...].lastIndex(where: { $0?.id == id }) else { return nil }
        defer { entries[index]?.waiter = nil }
        return entries[index]?.waiter
    }

    /// Empties the queue, and returns all who waited.
    mutating func removeAll() -> [Waiter] {
        defer { (entries, first) = ([], 0) }
        return entries[first...].compactMap { $0?.waiter }
    }

    private mutating func removeFirst() {
        entries[first] = nil
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: first <= 4096)
            first = 0
        } else if first > 1024, first > entries.count / 2 {
            entries.removeFirst(first)
            first = 0
        }
    }
}

/// A server answered what nobody had asked.
struct UnexpectedReply: Error {}
