import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// The shared cache on a cluster: its keys lie on three servers.
@Suite(.oneCluster) struct ClusterCacheTests {
    private static let fixture = SharedCacheFixture { body in
        let url = try #require(OneCluster.url)
        try await SharedCacheTests.lend(RedisConfiguration(url: url), body)
    }

    @Test("The cache on a cluster keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func contract(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("Sessions themselves are refused by a cluster, with the reason")
    func noStore() async throws {
        let configuration = try RedisConfiguration(url: try #require(OneCluster.url))
        let error = await #expect(throws: SessionsError.self) {
            _ = try await RedisStore.open(configuration, mode: .create)
        }
        #expect(error?.code == .unsupported && error?.message.contains("Cluster") == true)
    }
}

/// One cluster for all tests of a suite.
struct OneCluster: SuiteTrait, TestScoping {
    @TaskLocal static var url: String?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await SessionTesting.RedisCluster.with { cluster in
            try await Self.$url.withValue(cluster.url) { try await function() }
        }
    }
}

extension Trait where Self == OneCluster {
    /// One cluster for all tests of the suite.
    static var oneCluster: OneCluster { OneCluster() }
}
