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
        /// It throws at once as a cache that answers with an error, and the cache beneath hears nothing.
        case refusal
        /// It does its work, and throws nevertheless: the answer was lost.
        case lostAnswer
        /// It never answers, until its task is cancelled.
        case silence
    }

    private struct State {
        var failures: [Call: (failure: Failure, part: Int?)] = [:]
        var counts: [Call: Int] = [:]
        var fills = 0
    }

    /// What the cache beneath is.
    public var description: StoreDescription { cache.description }

    private let cache: any SharedCache
    private let parts: Int?
    private let state = Mutex(State())

    /// Puts a script in front of a cache.
    ///
    /// - Parameters:
    ///   - cache: the cache beneath.
    ///   - parts: into how many parts the keys are dealt out by their sessions; `nil`: as the cache beneath does it.
    public init(_ cache: any SharedCache, parts: Int? = nil) {
        self.cache = cache
        self.parts = parts
    }

    /// From now on calls of some kinds fail.
    ///
    /// - Parameters:
    ///   - calls: the kinds.
    ///   - failure: how.
    ///   - part: only about keys of this part; `nil`: about all.
    public func fail(_ calls: Call..., as failure: Failure = .error, in part: Int? = nil) {
        state.withLock { state in for call in calls { state.failures[call] = (failure, part) } }
    }

    /// From now on no call fails.
    public func recover() { state.withLock { $0.failures = [:] } }

    /// How often a call was made.
    public func count(of call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

    /// How many copies were put in.
    public var fills: Int { state.withLock { $0.fills } }

    /// The number of the key's part.
    public func part(of key: SharedKey) -> Int {
        parts.map { Int(key.id.leadingBits % UInt64($0)) } ?? cache.part(of: key)
    }

    private func through<Result>(
        _ call: Call, _ key: SharedKey, _ work: () async throws -> Result
    ) async throws -> Result {
        let part = part(of: key)
        let failure: Failure? = state.withLock { state in
            state.counts[call, default: 0] += 1
            guard let failing = state.failures[call], failing.part == nil || failing.part == part else { return nil }
            return failing.failure
        }
        switch failure {
        case nil: return try await work()
        case .error: break
        case .refusal: throw SessionsError(.refused, "the test said so: not for you")
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
        try await through(.read, key) { try await cache.read(key, leasing: lease) }
    }

    /// Puts a copy in, unless told otherwise.
    public func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool {
        try await through(.fill, key) {
            let isIn = try await cache.fill(key, with: copy, holding: lease, for: life)
            if isIn { state.withLock { $0.fills += 1 } }
            return isIn
        }
    }

    /// Brings a copy up to date, unless told otherwise.
    public func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws {
        try await through(.replace, key) { try await cache.replace(key, version: version, with: copy, for: life) }
    }

    /// Puts a tombstone, unless told otherwise.
    public func bury(_ key: SharedKey, for life: Duration) async throws {
        try await through(.bury, key) { try await cache.bury(key, for: life) }
    }
}
