import SessionTesting
import Testing

@testable import Sessions

@Suite struct MemorySharedCacheTests {
    private static let fixture = SharedCacheFixture { body in
        let time = ManualTime()
        let cache = MemorySharedCache(time: time.source)
        try await body(
            SharedCacheFixture.Lent(
                cache: cache, other: cache, evict: { cache.evict($0) }, wait: { time.advance(by: $0) }))
    }

    @Test("The memory cache keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func contract(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("It stays within its bytes, and what was put in first gives way")
    func bounded() async throws {
        let cache = MemorySharedCache(byteLimit: 10_000, time: ManualTime().source)
        let keys = (0..<100).map { SharedKey(id: anID($0), generation: 1) }
        for key in keys {
            let lease = try #require(try await cache.read(key, leasing: .seconds(3)).lease)
            let copy = SharedCopy(version: 1, bytes: Array(repeating: 1, count: 1000))
            #expect(try await cache.fill(key, with: copy, holding: lease, for: .seconds(60)))
        }
        #expect(cache.count == 7)
        for key in keys.suffix(7) { #expect(try await cache.read(key, leasing: nil) != .nothing) }
        #expect(try await cache.read(keys[92], leasing: nil) == .nothing)
    }

    @Test("What nobody asks for any more goes when its life is over, and the queue stays short")
    func tidies() {
        var state = SharedState(byteLimit: 1 << 20)
        let start = MonotonicInstant.now
        for round in 0..<10_000 {
            let key = SharedKey(id: anID(round % 10), generation: 1)
            state.bury(key, for: .seconds(1), at: start + .seconds(round))
        }
        #expect(state.count == 1)
        #expect(state.byteCount == 256)
        state.removeAll()
        #expect(state.count == 0 && state.byteCount == 0)
    }

    @Test("A copy larger than the cache is not kept, nor what stood there before")
    func tooLarge() async throws {
        let cache = MemorySharedCache(byteLimit: 1000, time: ManualTime().source)
        let key = SharedKey(id: anID(1), generation: 1)
        let lease = try #require(try await cache.read(key, leasing: .seconds(3)).lease)
        let large = SharedCopy(version: 2, bytes: Array(repeating: 1, count: 2000))
        #expect(try await cache.fill(key, with: SharedCopy(version: 1, bytes: []), holding: lease, for: .seconds(9)))
        try await cache.replace(key, version: 1, with: large, for: .seconds(9))
        #expect(try await cache.read(key, leasing: nil) == .nothing)
    }
}

extension SharedRead {
    /// The lease, where the caller got it.
    var lease: SharedLease? {
        if case .leased(let lease) = self { lease } else { nil }
    }
}
