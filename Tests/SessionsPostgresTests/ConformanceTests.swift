import SessionTesting
import Sessions
import SessionsPostgres
import Testing

extension OnOneServer {
    @Suite struct ConformanceTests {
        /// Two handles on one schema, each with connections of its own, as two nodes have them.
        private static let fixture = StoreFixture { time, body in
            let place = try Place()
            try await body(try await place.open(time: time), try await place.open(.existing, time: time))
        }

        @Test("The PostgreSQL store keeps the contract of stores", arguments: StoreConformance.clauses)
        func contract(_ clause: StoreConformance.Clause) async throws {
            try await clause.check(Self.fixture)
        }

        @Test("Refresh families keep their contract on PostgreSQL", arguments: RefreshConformance.clauses)
        func refresh(_ clause: RefreshConformance.Clause) async throws {
            try await clause.check(Self.fixture)
        }
    }
}
