import SessionTesting
import Testing

@Suite(.serialized) struct MemcachedStoreConformanceTests {
    @Test("The memcached store keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(OwnMemcached.fixture(servers: 1))
    }

    @Test("Refresh families keep their contract on memcached", arguments: RefreshConformance.clauses)
    func refresh(_ clause: RefreshConformance.Clause) async throws {
        try await clause.check(OwnMemcached.fixture(servers: 1))
    }
}

@Suite(.serialized) struct TwoMemcachedsConformanceTests {
    @Test("Two servers that share the keys keep the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(OwnMemcached.fixture(servers: 2))
    }
}
