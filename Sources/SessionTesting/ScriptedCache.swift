public import Sessions
internal import Synchronization

/// A shared cache that fails, hangs or does nothing on command, in front of another.
///
/// Everything that isn't told otherwise passes through.
public final class ScriptedCache: SharedCache, Sendable {
    /// What can be told to fail: `read`, `fill`, `replace`, `bury`.
    public enum Call: Hashable, Sendable, CaseIterable {
        /// One for each function.
        case read, fill, replace, bury
    }

    /// How a call fails.
    public enum Failure: Hashable, Sendable, CaseIterable {
        /// It throws at once, and the cache beneath hears nothing.
        case error
        /// It does its work, and throws nevertheless: the answer was lost.
        case lostAnswer
        /// It never answers, until its task is cancelled.
        case silence
    }

    private struct State {
        var failures: [Call: Failure] = [:]
        var counts: [Call: Int] = [:]
        var fills = 0
    }

    /// What the cache beneath is.
    public var description: StoreDescription { cache.description }

    private let cache: any SharedCache
    private let state = Mutex(State())

    /// Puts a script in front of a cache.
    public init(_ cache: any SharedCache) { self.cache = cache }

    /// From now on calls of some kinds fail.
    public func fail(_ calls: Call..., as failure: Failure = .error) {
        state.withLock { state in for call in calls { state.failures[call] = failure } }
    }

    /// From now on no call fails.
    public func recover() { state.withLock { $0.failures = [:] } }

    /// How often a call was made.
    public func count(of call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

    /// How many copies were put in.
    public var fills: Int { state.withLock { $0.fills } }

    private func through<Result>(_ call: Call, _ work: () async throws -> Result) async throws -> Result {
        let failure = state.withLock { state in
            state.counts[call, default: 0] += 1
            return state.failures[call]
        }
        switch failure {
        case nil: return try await work()
        case .error: break
        case .lostAnswer: _ = try await work()
        case .silence: try await Self.waitForCancellation()
        }
        throw SessionsError(.unavailable, "the test said so: no cache today")
    }

    private static func waitForCancellation() async throws {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        defer { continuation.finish() }
        for await _ in stream {}
        throw CancellationError()
    }
}

extension ScriptedCache {
    /// Reads a key, unless told otherwise.
    public func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead {
        try await through(.read) { try await cache.read(key, leasing: lease) }
    }

    /// Puts a copy in, unless told otherwise.
    public func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool {
        try await through(.fill) {
            let isIn = try await cache.fill(key, with: copy, holding: lease, for: life)
            if isIn { state.withLock { $0.fills += 1 } }
            return isIn
        }
    }

    /// Brings a copy up to date, unless told otherwise.
    public func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws {
        try await through(.replace) { try await cache.replace(key, version: version, with: copy, for: life) }
    }

    /// Puts a tombstone, unless told otherwise.
    public func bury(_ key: SharedKey, for life: Duration) async throws {
        try await through(.bury) { try await cache.bury(key, for: life) }
    }
}
