import SessionTesting
import Sessions
import SessionsSQLite
import Testing

@Suite struct ConformanceTests {
    /// Two handles on one file, each with connections of its own, as two processes have them.
    private static let fixture = StoreFixture { time, body in
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create, time: time)
            let other = try SQLiteStore.open(path: folder.file("s.db"), mode: .existing, time: time)
            try await body(store, other)
        }
    }

    @Test("The SQLite store keeps the contract of stores", arguments: StoreConformance.clauses)
    func contract(_ clause: StoreConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }

    @Test("Refresh families keep their contract on SQLite", arguments: RefreshConformance.clauses)
    func refresh(_ clause: RefreshConformance.Clause) async throws {
        try await clause.check(Self.fixture)
    }
}
