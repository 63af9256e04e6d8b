import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsPostgres

extension OnOneServer {
    /// What a real server tells of itself.
    @Suite struct FindingsTests {
        private static func examine(_ store: PostgresStore) async throws -> [String: Finding] {
            Dictionary(try await store.findings(at: noon).map { ($0.check, $0) }) { $1 }
        }

        @Test("A new store has all its indexes and its trigger; a server for tests keeps nothing safe")
        func newStore() async throws {
            let place = try Place()
            let found = try await Self.examine(try await place.open())
            #expect(
                found.mapValues(\.severity) == [
                    "tls": .fine, "password": .warning, "rights": .warning, "public": .fine, "version": .fine,
                    "connections": .fine, "clock": .fine, "fsync": .problem, "durability": .fine,
                    "replicas": .warning, "indexes": .fine, "finality": .fine, "dead-rows": .fine, "bloat": .fine,
                ], "\(found)")
            let made = try await place.server.run(
                "SELECT indexname FROM pg_indexes WHERE schemaname = '\(place.schema)' ORDER BY 1")
            #expect(made.split(separator: "\n").map(String.init) == Schema.indexes.sorted())
        }

        @Test("A missing index, a trigger that is off, and rights of everybody are found")
        func damaged() async throws {
            let place = try Place()
            let store = try await place.open()
            let schema = place.schema
            try await place.server.run(
                """
                DROP INDEX \(schema).sessions_user; ALTER TABLE \(schema).sessions DISABLE TRIGGER ended_for_good;
                GRANT SELECT (username) ON \(schema).sessions TO PUBLIC; GRANT DELETE ON \(schema).audit TO PUBLIC;
                ALTER TABLE \(schema).feed SET (autovacuum_enabled = false)
                """)
            let found = try await Self.examine(store)
            #expect(found["indexes"]?.severity == .problem)
            #expect(found["indexes"]?.message.contains("sessions_user") == true)
            #expect(found["finality"]?.severity == .problem)
            #expect(found["public"]?.message.contains("audit DELETE, sessions SELECT") == true)
            #expect(found["dead-rows"]?.message.contains("feed") == true)
        }

        @Test(
            "A role with what is documented for operators has no right too many, and is told what it could not look at")
        func leastPrivilege() async throws {
            let place = try Place()
            _ = try await place.open()
            let role = "ops_\(place.schema)"
            try await place.server.run("CREATE ROLE \(role) LOGIN PASSWORD 'pw'")
            try await place.server.run(PostgresStore.grants(toOperator: role, schema: place.schema))
            let store = try await place.open(.existing, user: role, password: "pw")
            let answers = try await store.use { try PostgresAnswers(asking: $0, time: .system) }
            #expect(answers.trust == nil && answers.rows?.isComplete == false)
            let found = try await Self.examine(store)
            #expect(found["rights"]?.severity == .fine && found["public"]?.severity == .fine)
            #expect(found["indexes"]?.severity == .fine && found["finality"]?.severity == .fine)
            #expect(found["fsync"]?.severity == .problem && found["replicas"]?.severity == .warning)
            // The password was asked for, whatever pg_hba.conf says to others.
            #expect(found["password"]?.severity == .fine)
        }

        @Test("What the rows of a table should take is known once it was analyzed")
        func sizes() async throws {
            let place = try Place()
            let store = try await place.open()
            for _ in 0..<50 { try await store.insert(someSession()) }
            try await place.server.run("ANALYZE \(place.schema).sessions")
            let answers = try await store.use { try PostgresAnswers(asking: $0, time: .system) }
            let rows = try #require(answers.rows)
            #expect(rows.count == 50 && rows.isComplete && (100...400).contains(rows.width))
        }
    }
}

/// What needs servers of its own.
@Suite struct StandbyFindingsTests {
    @Test("A primary knows its standby, and a standby that it is one")
    func standby() async throws {
        try await PostgresServer.with { primary in
            let store = try await PostgresStore.open(url: primary.url(), mode: .create)
            try await primary.withStandby { standby in
                func finding(_ store: PostgresStore) async throws -> Finding? {
                    try await store.findings(at: noon).first { $0.check == "replicas" }
                }
                try await Waiting.until("the standby is seen") {
                    try await finding(store)?.message.contains("1 standbys follow, but no commit waits") == true
                }
                try await Waiting.until("the standby has the store") {
                    (try? await PostgresStore.open(url: standby.url(), mode: .readOnly)) != nil
                }
                let copy = try await PostgresStore.open(url: standby.url(), mode: .readOnly)
                #expect(try await finding(copy)?.severity == .warning)
                try await primary.process.end(by: .kill)
                try await Waiting.until("the standby has lost its primary") {
                    try await finding(copy)?.severity == .problem
                }
            }
        }
    }
}
