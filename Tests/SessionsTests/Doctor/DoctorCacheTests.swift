import SessionTesting
import Sessions
import Testing

/// A cache that tells of itself, or is away.
private struct TalkingCache: SharedCache {
    var answer: Result<[Finding], SessionsError>

    var description: StoreDescription { StoreDescription(url: "test:", software: "test", layout: "test") }
    func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead { .nothing }
    func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool { false }
    func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws {}
    func bury(_ key: SharedKey, for life: Duration) async throws {}
    func findings(at now: Timestamp) async throws -> [Finding] { try answer.get() }
}

@Suite("Looking at the shared cache with the store")
struct DoctorCacheTests {
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    private func examine(_ cache: (any SharedCache)?) async throws -> [Finding] {
        try await Doctor(MemoryStore(), cache: cache, at: noon).examine()
    }

    @Test("Its findings stand among the store's, under names of their own, the worst first")
    func together() async throws {
        let cache = TalkingCache(answer: .success([Finding("tls", .fine, "a"), Finding("password", .problem, "b")]))
        let findings = try await examine(cache)
        #expect(findings.first == Finding("cache-password", .problem, "b"))
        #expect(findings.contains(Finding("cache-tls", .fine, "a")))
        let alone = try await examine(nil)
        #expect(findings.count == alone.count + 2)
    }

    @Test("One that is away is warned of, and the store is looked at all the same")
    func away() async throws {
        let away = TalkingCache(answer: .failure(SessionsError(.unavailable, "nobody is at home")))
        let findings = try await examine(away)
        let finding = try #require(findings.first { $0.check == "cache" })
        #expect(finding.severity == .warning && finding.message.contains("nobody is at home"))
        #expect(findings.contains { $0.check == "audit-chain" })
    }
}
