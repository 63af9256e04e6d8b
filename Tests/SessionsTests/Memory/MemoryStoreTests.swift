import SessionTesting
import Sessions
import Testing

@Suite struct MemoryStoreTests {
    private static let fixture = StoreFixture { body in
        let store = MemoryStore()
        try await body(store, store)
    }

    @Test("The memory store keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }
}
