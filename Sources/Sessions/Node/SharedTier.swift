/// What a node knows of the shared cache: whether it may ask it, under which keys, and what it still owes it.
struct SharedTier: Sendable {
    typealias Instant = MonotonicInstant

    struct Settings: Sendable {
        /// t2.
        var life: Duration
        /// How long a lease to fill lasts.
        var leaseLife: Duration
        /// How long whoever doesn't get the lease waits for its holder.
        var wait: Duration
        /// How long a part of the cache is left alone that has given no answer.
        var rest: Duration
        /// Which part of the cache has a key.
        var part: @Sendable (SharedKey) -> Int = { _ in 0 }
    }

    /// Which past of the database copies are of.
    enum Generation: Sendable, Hashable {
        /// The next page of the feed tells.
        case unknown
        case known(UInt64)
        /// The database went back in time: one later than this has to begin.
        case lost(UInt64)
    }

    let settings: Settings
    private(set) var generation = Generation.unknown
    /// What of the feed has yet to be read back; `nil`: not begun.
    private(set) var history: FeedHistory?
    /// Until when each part that has given no answer is left alone.
    private var rests: [Int: Instant] = [:]
    /// The last of these moments.
    private var lastRest: Instant?
    var debts = SharedDebts()

    init(_ settings: Settings) { self.settings = settings }

    /// Whether it may be asked: the feed has been read back.
    private var isTrusted: Bool { history.map { $0.next == nil } ?? false }

    /// Whether the part that has a key has given no answer just now.
    private func isResting(_ key: SharedKey, at now: Instant) -> Bool {
        // Which part it is takes a hash, and mostly none rests.
        guard let lastRest, now < lastRest, let end = rests[settings.part(key)] else { return false }
        return now < end
    }

    /// The key to read and fill a session under; `nil`: it mustn't be asked now.
    func readKey(of id: IDHash, at now: Instant) -> SharedKey? {
        isTrusted && debts.debt(of: id) == nil ? writeKey(of: id, at: now) : nil
    }

    /// The key to write a session under; `nil`: it can't be told now.
    func writeKey(of id: IDHash, at now: Instant) -> SharedKey? {
        guard let key = key(of: id), !isResting(key, at: now) else { return nil }
        return key
    }

    private func key(of id: IDHash) -> SharedKey? {
        guard case .known(let number) = generation else { return nil }
        return SharedKey(id: id, generation: number)
    }
}

// MARK: - What happens to it

extension SharedTier {
    /// The part that has a key gave no answer: for a while nobody waits for it, and the others are asked on.
    mutating func rest(_ key: SharedKey, from now: Instant) {
        let end = now + settings.rest
        rests = rests.filter { now < $0.value }
        rests[settings.part(key)] = end
        lastRest = end
    }

    /// A page of the feed tells the generation: whether it is another than the one known.
    ///
    /// A node that doesn't know any takes it over.
    mutating func meet(_ number: UInt64) -> Bool {
        switch generation {
        case .unknown:
            generation = .known(number)
            return false
        case .known(let known): return number != known
        case .lost: return false
        }
    }

    /// The feed's position was lost: nothing in the cache is sure until the feed has been read back.
    ///
    /// - Parameters:
    ///   - wentBack: whether the feed ended before the position that was applied.
    ///   - number: the generation that the database has now.
    mutating func lose(wentBack: Bool, _ number: UInt64) {
        history = nil
        switch generation {
        // Where there is a later one already, somebody else has noticed before.
        case .known(let known):
            generation = number < known || wentBack && number == known ? .lost(known) : .unknown
        case .unknown: if wentBack { generation = .lost(number) }
        case .lost: break
        }
    }

    /// The generation after which the store has to begin another; `nil`: it hasn't.
    var lostGeneration: UInt64? {
        if case .lost(let number) = generation { number } else { nil }
    }

    /// The store has begun a generation.
    mutating func begin(_ number: UInt64) { generation = .known(number) }

    /// The node follows the feed from a position on: what lies before has to be read back.
    mutating func readBack(until position: FeedPosition, since moment: Timestamp) {
        history = FeedHistory(until: position, since: moment)
    }

    /// A piece of the feed has been read back; answers the entries that matter.
    mutating func takeHistory(_ page: FeedPage) -> [FeedEntry] { history?.take(page) ?? [] }

    /// The node stops: from now on it asks no cache.
    mutating func stop() { history = nil }
}
