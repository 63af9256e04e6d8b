import SessionTesting
import Sessions
import Testing

@Suite struct MemoryStoreTests {
    private static let fixture = StoreFixture { time, body in
        let store = MemoryStore(time: time)
        try await body(store, store)
    }

    @Test("The memory store keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("Refresh families keep their contract on the memory store", arguments: RefreshConformance.clauses)
    func refresh(_ clause: RefreshConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }
}
