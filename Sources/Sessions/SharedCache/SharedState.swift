/// What a shared cache holds, and its steps, as a value: the contract of ``SharedCache`` in a few lines.
///
/// What has run its life counts as gone. Bounded by bytes: what was put in first gives way.
struct SharedState: Sendable {
    typealias Instant = MonotonicInstant

    /// What stands under a key.
    enum Value: Sendable, Equatable {
        case lease(SharedLease)
        case live(SharedCopy)
        case tombstone
    }

    private struct Entry: Sendable {
        var value: Value
        var until: Instant
        var number: UInt64
    }

    private var entries: [SharedKey: Entry] = [:]
    /// Which entry was put in first; those that were replaced since stand here, too.
    private var queue: [(key: SharedKey, number: UInt64)] = []
    private var first = 0
    private var lastNumber: UInt64 = 0

    /// The most bytes that it holds, roughly.
    let byteLimit: Int
    /// The bytes that it holds, roughly.
    private(set) var byteCount = 0

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var count: Int { entries.count }

    /// What stands under a key, and until when; `nil`: nothing.
    func entry(of key: SharedKey, at now: Instant) -> (value: Value, until: Instant)? {
        guard let entry = entries[key], now < entry.until else { return nil }
        return (entry.value, entry.until)
    }

    private func value(of key: SharedKey, at now: Instant) -> Value? { entry(of: key, at: now)?.value }
}

// MARK: - The steps

extension SharedState {
    mutating func read(_ key: SharedKey, leasing life: Duration?, at now: Instant) -> SharedRead {
        switch value(of: key, at: now) {
        case .live(let copy): return .live(copy)
        case .tombstone: return .tombstone
        case .lease: return .taken
        case nil:
            guard let life else { return .nothing }
            lastNumber += 1
            let lease = SharedLease(token: lastNumber)
            put(.lease(lease), under: key, until: now + life, at: now)
            return .leased(lease)
        }
    }

    mutating func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration, at now: Instant
    ) -> Bool {
        guard value(of: key, at: now) == .lease(lease), life > .zero else { return false }
        put(.live(copy), under: key, until: now + life, at: now)
        return true
    }

    mutating func replace(
        _ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration, at now: Instant
    ) {
        switch value(of: key, at: now) {
        case .live(let old):
            guard let copy, old.version == version else { return remove(key) }
            put(.live(copy), under: key, until: now + life, at: now)
        case .lease: remove(key)
        case .tombstone, nil: break
        }
    }

    mutating func bury(_ key: SharedKey, for life: Duration, at now: Instant) {
        put(.tombstone, under: key, until: now + life, at: now)
    }

    /// Takes out whatever stands under a key, as a cache does that needs the room.
    mutating func remove(_ key: SharedKey) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        byteCount -= Self.size(of: entry.value)
    }

    /// Takes out everything, as a restart does.
    mutating func removeAll() { self = SharedState(byteLimit: byteLimit, lastNumber: lastNumber) }

    /// Goes back to an older state of itself, as a failover does; leases that were given since are never given again.
    mutating func fallBack(to older: SharedState) {
        let last = lastNumber
        self = older
        lastNumber = last
    }

    private init(byteLimit: Int, lastNumber: UInt64) {
        self.byteLimit = byteLimit
        self.lastNumber = lastNumber
    }
}

// MARK: - Room

extension SharedState {
    /// An entry with its key and its places in the table and the queue.
    private static let overhead = 256

    private static func size(of value: Value) -> Int {
        if case .live(let copy) = value { overhead + copy.bytes.count } else { overhead }
    }

    private mutating func put(_ value: Value, under key: SharedKey, until: Instant, at now: Instant) {
        remove(key)
        let size = Self.size(of: value)
        guard size <= byteLimit, now < until else { return }
        while byteCount + size > byteLimit, first < queue.count { evictFirst() }
        lastNumber += 1
        entries[key] = Entry(value: value, until: until, number: lastNumber)
        queue.append((key, lastNumber))
        byteCount += size
        tidy(at: now)
    }

    private mutating func evictFirst() {
        let (key, number) = queue[first]
        first += 1
        if entries[key]?.number == number { remove(key) }
    }

    /// Lets go of what has run its life and was put in first, and of places in the queue that mean nothing any more.
    private mutating func tidy(at now: Instant) {
        while first < queue.count {
            let (key, number) = queue[first]
            if let entry = entries[key], entry.number == number, now < entry.until { break }
            evictFirst()
        }
        guard queue.count > 2 * entries.count + 1024 else { return }
        queue = queue[first...].filter { entries[$0.key]?.number == $0.number }
        first = 0
    }
}
