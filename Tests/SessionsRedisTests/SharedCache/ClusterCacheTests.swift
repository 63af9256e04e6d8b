import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// The shared cache on a cluster: its keys lie on three servers.
@Suite(.oneCluster) struct ClusterCacheTests {
    private static let fixture = SharedCacheFixture { body in
        let url = try #require(OneCluster.cluster).url
        try await SharedCacheTests.lend(RedisConfiguration(url: url), body)
    }

    @Test("The cache on a cluster keeps the contract of shared caches", arguments: SharedCacheConformance.clauses)
    func contract(_ clause: SharedCacheConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }
}
