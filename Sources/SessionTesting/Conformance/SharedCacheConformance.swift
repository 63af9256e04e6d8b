public import Sessions
internal import Testing

/// What every shared cache must do, as tests: the contract of ``SharedCache``.
///
/// A cache's test target runs it in three lines:
///
///     @Test("The cache keeps its contract", arguments: SharedCacheConformance.clauses)
///     func contract(_ clause: SharedCacheConformance.Clause) async throws {
///         try await clause.check(fixture)
///     }
public enum SharedCacheConformance {
    /// One promise, and how it is tried.
    public struct Clause: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        public let description: String
        let body: @Sendable (SharedCacheWorld) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (SharedCacheWorld) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Tries the promise on a fresh cache; what is broken is recorded as an issue of the running test.
        ///
        /// - Parameter fixture: makes the cache.
        /// - Throws: what the cache throws where it mustn't.
        public func check(_ fixture: SharedCacheFixture) async throws {
            try await fixture.withCache { try await body(SharedCacheWorld(lent: $0)) }
        }
    }

    /// All promises.
    public static var clauses: [Clause] {
        leaseClauses + copyClauses + replaceClauses + buryClauses + lifeClauses + sharedConcurrencyClauses
            + sharedModelClauses
    }
}

/// Makes fresh caches for the conformance suite.
public struct SharedCacheFixture: Sendable {
    /// A fresh cache, and what a test does to it besides asking it.
    public struct Lent: Sendable {
        let cache: any SharedCache
        let other: any SharedCache
        let evict: (@Sendable (SharedKey) async throws -> Void)?
        let wait: @Sendable (Duration) async throws -> Void

        /// Lends a cache.
        ///
        /// - Parameters:
        ///   - cache: an empty cache.
        ///   - other: another handle on the same, as a second process would have it (the same one again where there is
        ///     no such thing).
        ///   - evict: takes out whatever stands under a key, behind the cache's back, as a server does that needs the
        ///     room; `nil` where that can't be brought about: then what it proves is left out.
        ///   - wait: lets time pass for the cache: moves its clock, or really waits.
        public init(
            cache: any SharedCache, other: any SharedCache, evict: (@Sendable (SharedKey) async throws -> Void)?,
            wait: @escaping @Sendable (Duration) async throws -> Void
        ) {
            self.cache = cache
            self.other = other
            self.evict = evict
            self.wait = wait
        }
    }

    let withCache: @Sendable (@Sendable (Lent) async throws -> Void) async throws -> Void

    /// Makes a fixture.
    ///
    /// - Parameter withCache: lends an empty cache, and cleans up afterwards.
    public init(withCache: @escaping @Sendable (@Sendable (Lent) async throws -> Void) async throws -> Void) {
        self.withCache = withCache
    }
}

/// A fresh cache, and short ways to say common things.
struct SharedCacheWorld: Sendable {
    let lent: SharedCacheFixture.Lent

    var cache: any SharedCache { lent.cache }
    var other: any SharedCache { lent.other }

    /// Long enough for no clause to outlive it.
    let long = Duration.seconds(600)

    /// A key that nobody has used.
    func key(generation: UInt64 = 1) -> SharedKey { SharedKey(id: SessionID().hash, generation: generation) }

    /// A copy whose bytes tell which it is.
    func copy(_ version: Int64, byteCount: Int = 300) -> SharedCopy {
        let start = UInt8(truncatingIfNeeded: version)
        return SharedCopy(version: version, bytes: (0..<byteCount).map { start &+ UInt8(truncatingIfNeeded: $0) })
    }

    /// What stands under a key, by either handle: both must see the same.
    func look(_ key: SharedKey, sourceLocation: SourceLocation = #_sourceLocation) async throws -> SharedRead {
        let seen = try await cache.read(key, leasing: nil)
        let also = try await other.read(key, leasing: nil)
        #expect(seen == also, "two handles see different things", sourceLocation: sourceLocation)
        return seen
    }

    /// Takes the lease of a key that nothing stands under.
    func lease(
        _ key: SharedKey, for life: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> SharedLease {
        let read = try await cache.read(key, leasing: life)
        guard case .leased(let lease) = read else {
            Issue.record("no lease was to be had: \(read)", sourceLocation: sourceLocation)
            throw SessionsError(.unavailable, "the clause can't go on without a lease")
        }
        return lease
    }

    /// A key under which a copy stands.
    func filled(_ copy: SharedCopy, sourceLocation: SourceLocation = #_sourceLocation) async throws -> SharedKey {
        let key = key()
        let lease = try await lease(key, sourceLocation: sourceLocation)
        let isIn = try await cache.fill(key, with: copy, holding: lease, for: long)
        #expect(isIn, "the holder of the lease could not fill", sourceLocation: sourceLocation)
        return key
    }

    /// A key under which a tombstone stands.
    func buried() async throws -> SharedKey {
        let key = key()
        try await cache.bury(key, for: long)
        return key
    }
}
