/// Who waits for replies on one connection, in the order of the commands.
///
/// memcached answers in order. Each meta command carries a number of its own all the same, and its reply must bring it
/// back: a stream that has slipped by one is noticed before anybody gets another's session.
///
/// Pure, but for what the waiters are.
struct CommandQueue<Waiter> {
    /// A moment of whatever clock the deadlines are kept by.
    typealias Instant = UInt64

    /// What a reply has to look like.
    private enum Expectation {
        case get, look, touch, set, delete, life, noop, version, statistics, signIn
        case listing(limit: Int, containing: [UInt8])
    }

    private struct Entry {
        let id: UInt64
        let expectation: Expectation
        /// `nil`: went away; the reply is dropped when it comes.
        var waiter: Waiter?
        let deadline: Instant
        /// What came so far of a reply of many lines.
        var statistics: [String: String] = [:]
        var items: [ListedItem] = []
        var itemsLeft = 0
    }

    /// More statistics than any server has.
    private static var statisticsLimit: Int { 10_000 }

    private var entries: [Entry?] = []
    private var first = 0

    /// Nobody waits.
    var isEmpty: Bool { first == entries.count }

    /// When the earliest waiter has waited for too long; `nil`: nobody waits.
    var earliestDeadline: Instant? { isEmpty ? nil : entries[first]?.deadline }

    /// Adds somebody who waits for the reply to a command.
    ///
    /// - Parameters:
    ///   - waiter: whom to tell.
    ///   - id: the opaque number that the command carries.
    ///   - command: the command.
    ///   - deadline: when it will have waited for too long: no earlier than those before it.
    mutating func add(_ waiter: Waiter, id: UInt64, for command: MemcachedCommand, until deadline: Instant) {
        let expectation: Expectation =
            switch command {
            case .get, .count: .get
            case .look: .look
            case .touch: .touch
            case .set, .add: .set
            case .life: .life
            case .delete: .delete
            case .noop: .noop
            case .version: .version
            case .statistics, .settings: .statistics
            case .metadump(let limit, let mark): .listing(limit: limit, containing: mark)
            case .authenticate: .signIn
            }
        entries.append(Entry(id: id, expectation: expectation, waiter: waiter, deadline: deadline))
    }

    /// Takes the next reply, or line of one.
    ///
    /// - Returns: whom to tell what; `nil`: nobody yet, or nobody any more.
    /// - Throws: ``WireFault`` where it can't be the answer to the command whose turn it is.
    mutating func take(_ reply: WireReply) throws(WireFault) -> (Waiter, MemcachedReply)? {
        guard !isEmpty, var entry = entries[first] else { throw .unexpected }
        // Taken out meanwhile: with one reference alone, lists grow in place.
        entries[first] = nil
        let answer: MemcachedReply?
        do throws(WireFault) {
            answer = try Self.answer(reply, &entry)
        } catch {
            entries[first] = entry
            throw error
        }
        guard let answer else {
            entries[first] = entry
            return nil
        }
        removeFirst()
        return entry.waiter.map { ($0, answer) }
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

    private static func answer(_ reply: WireReply, _ entry: inout Entry) throws(WireFault) -> MemcachedReply? {
        switch (entry.expectation, reply) {
        case (_, .refused(let refusal)): return .refused(refusal)
        case (.get, .value(let value, let flags)) where flags.opaque == entry.id,
            (.look, .value(let value, let flags)) where flags.opaque == entry.id:
            return .item(value: value, flags: flags)
        case (.look, .outcome(.done, let flags)) where flags.opaque == entry.id:
            return .item(value: [], flags: flags)
        case (.touch, .outcome(.done, let flags)) where flags.opaque == entry.id: return .outcome(.done)
        // Servers before 1.6.10 bring nothing back with a miss.
        case (.get, .outcome(.miss, let flags)) where flags.opaque == entry.id || flags.opaque == nil,
            (.look, .outcome(.miss, let flags)) where flags.opaque == entry.id || flags.opaque == nil,
            (.touch, .outcome(.miss, let flags)) where flags.opaque == entry.id || flags.opaque == nil:
            return .outcome(.miss)
        case (.life, .outcome(.miss, let flags)) where flags.opaque == entry.id || flags.opaque == nil:
            return .outcome(.miss)
        case (.life, .outcome(.done, let flags)) where flags.opaque == entry.id: return .life(seconds: flags.life)
        case (.set, .outcome(let outcome, let flags)) where flags.opaque == entry.id && outcome.answersChanges:
            return .outcome(outcome)
        case (.delete, .outcome(let outcome, let flags)) where flags.opaque == entry.id && outcome.answersChanges:
            return .outcome(outcome)
        case (.noop, .outcome(.noop, _)): return .outcome(.noop)
        case (.version, .version(let version)): return .version(version)
        case (.signIn, .stored): return .signedIn
        case (.statistics, .statistic(let name, let value)) where entry.statistics.count < statisticsLimit:
            entry.statistics[name] = value
        case (.statistics, .end): return .statistics(entry.statistics)
        case (.listing(let limit, let mark), .listed(let item)):
            guard mark.isEmpty || item.key.bytes.contains(mark) else { return nil }
            if entry.items.count < limit { entry.items.append(item) } else { entry.itemsLeft += 1 }
        case (.listing, .end): return .listing(entry.items, left: entry.itemsLeft)
        default: throw .unexpected
        }
        return nil
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

extension WireReply.Outcome {
    /// Whether it can be what came of an ms or md.
    fileprivate var answersChanges: Bool { self != .miss && self != .noop }
}
