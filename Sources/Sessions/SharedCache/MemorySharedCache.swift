internal import Synchronization

/// A shared cache in this process's memory: for tests, and for several nodes in one process.
///
/// All of it is one value behind a lock, so every step is atomic; the same steps at the same times give the same answers.
/// A lease's token is a number that counts up: only who shares the process could guess it.
public final class MemorySharedCache: SharedCache, Sendable {
    /// What this cache is.
    public let description: StoreDescription

    private let time: TimeSource
    private let state: Mutex<SharedState>

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - byteLimit: the most bytes that it holds, roughly: what was put in first gives way.
    ///   - time: where time comes from.
    public init(byteLimit: Int = 64 << 20, time: TimeSource = .system) {
        self.time = time
        state = Mutex(SharedState(byteLimit: byteLimit))
        description = StoreDescription(url: "memory:", software: "memory", layout: "native")
    }

    /// How many leases, copies and tombstones it holds; some of them may have run their life.
    public var count: Int { state.withLock { $0.count } }

    /// Takes out whatever stands under a key, as a cache does that needs the room.
    public func evict(_ key: SharedKey) { state.withLock { $0.remove(key) } }

    /// Takes out everything, as a restart does.
    public func removeAll() { state.withLock { $0.removeAll() } }
}

extension MemorySharedCache {
    /// Reads what stands under a key, and where nothing does, takes the lease.
    ///
    /// - Parameters:
    ///   - key: the session.
    ///   - lease: how long a new lease lasts; `nil`: only look.
    /// - Returns: what was found, or that the lease is the caller's.
    /// - Throws: nothing: memory always answers.
    public func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead {
        let now = time.monotonic()
        return state.withLock { $0.read(key, leasing: lease, at: now) }
    }

    /// Puts a copy in, only where the caller's own lease still stands.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - copy: the live session.
    ///   - lease: the caller's.
    ///   - life: how long it may stay.
    /// - Returns: whether it was put in.
    /// - Throws: nothing: memory always answers.
    public func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool {
        let now = time.monotonic()
        return state.withLock { $0.fill(key, with: copy, holding: lease, for: life, at: now) }
    }

    /// Replaces the live copy of the version that was read, and deletes any other and any lease.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - version: the version that the write replaced.
    ///   - copy: the session as written; `nil`: only delete.
    ///   - life: how long it may stay.
    /// - Throws: nothing: memory always answers.
    public func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws {
        let now = time.monotonic()
        state.withLock { $0.replace(key, version: version, with: copy, for: life, at: now) }
    }

    /// Puts a tombstone over whatever stands under a key.
    public func bury(_ key: SharedKey, for life: Duration) async throws {
        let now = time.monotonic()
        state.withLock { $0.bury(key, for: life, at: now) }
    }
}
