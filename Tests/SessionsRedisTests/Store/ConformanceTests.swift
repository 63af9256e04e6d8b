import SessionTesting
import Sessions
import SessionsRedis
import Testing

@Suite(.oneRedis) struct StoreConformanceTests {
    /// Two handles on one database, each with connections of its own, as two processes have them.
    private static let fixture = StoreFixture { time, body in
        try await OneRedis.withStore(time: time) { store, configuration async throws in
            let other = try await RedisStore.open(configuration, mode: .existing, time: time)
            do { try await body(store, other) } catch {
                await other.shutDown()
                throw error
            }
            await other.shutDown()
        }
    }

    @Test("The Redis store keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("Refresh families keep their contract on Redis", arguments: RefreshConformance.clauses)
    func refresh(_ clause: RefreshConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }
}
