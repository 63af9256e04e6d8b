import Foundation
import SessionTesting
import Sessions
import SessionsPostgres
import Subprocess
import Testing

@Suite("With a standby") struct FailoverTests {
    private func withBoth(
        _ body: (_ primary: PostgresServer, _ standby: PostgresServer) async throws -> Void
    ) async throws {
        try await PostgresServer.with { primary in
            try await primary.withStandby { standby in
                // From here on a commit has reached both when it returns.
                try await primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
                try await primary.run("SELECT pg_reload_conf()")
                try await body(primary, standby)
            }
        }
    }

    @Test("Where the primary dies the same store goes on with the standby that took over, and nothing comes back")
    func failover() async throws {
        try await withBoth { primary, standby in
            let store = try await PostgresStore.open(
                url: "postgres://postgres@127.0.0.1:\(standby.port),127.0.0.1:\(primary.port)/postgres", mode: .create,
                password: PostgresServer.password)
            let (kept, ended) = (someSession(), someSession())
            for session in [kept, ended] { try await store.insert(session) }
            let revoked = try await store.revoke(ended.id, by: "x", reason: nil, at: noon)
            let position = try await store.changePosition()

            try await primary.process.end(by: .kill)
            let error = await #expect(throws: SessionsError.self) { try await store.insert(someSession()) }
            #expect(error?.code == .unavailable)
            try await standby.run("SELECT pg_promote()")
            let late = someSession()
            try await retry { try await store.insert(late) }

            #expect(try await store.load(kept.id, at: noon)?.standing == .live)
            #expect(try await store.load(ended.id, at: noon)?.standing == .revoked)
            #expect(try await store.feed(after: .start, limit: 9).end == revoked.position)
            let changes = try await store.changes(after: position, limit: 9)
            #expect(!changes.mustReload && changes.rows.map(\.id) == [late.id])
        }
    }

    @Test("A standby can be read, says what it can't do, and never tells changes that it can't know to be complete")
    func reading() async throws {
        try await withBoth { primary, standby in
            let session = someSession()
            let store = try await PostgresStore.open(url: primary.url(), mode: .create)
            try await store.insert(session)
            // Its copy is complete on the disk; until it is applied it can't be read.
            let reader = try await retry { try await PostgresStore.open(url: standby.url(), mode: .readOnly) }
            try await retry { try #require(try await reader.load(session.id, at: noon)?.standing == .live) }
            #expect(try await reader.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
            #expect(try await reader.statistics(at: noon).sessions == 1)
            #expect(!reader.capabilities.changes.isPossible && !reader.capabilities.revoke.isPossible)
            let position = try await store.changePosition()
            #expect(try await reader.changes(after: position, limit: 9).mustReload)

            let writer = try await PostgresStore.open(url: standby.url(), mode: .operating)
            let error = await #expect(throws: SessionsError.self) { try await writer.insert(someSession()) }
            #expect(error?.code == .readOnly)
            #expect(!writer.capabilities.revoke.isPossible)
        }
    }

    @Test("A store that was opened on a primary answers nothing from a standby that its address comes to lead to")
    func readdressed() async throws {
        try await withBoth { primary, standby in
            // One address, which leads to either: as a virtual IP or a service's name does.
            try await ScratchFolder.with { folder in
                let address = "\(folder)/.s.PGSQL.5432"
                let url = "host=\(folder) port=5432 user=postgres dbname=postgres"
                try FileManager.default.createSymbolicLink(atPath: address, withDestinationPath: primary.socket)
                let store = try await PostgresStore.open(url: url, mode: .create)
                let session = someSession()
                try await store.insert(session)
                let reader = try await retry { try await PostgresStore.open(url: standby.url(), mode: .readOnly) }
                try await retry { try #require(try await reader.load(session.id, at: noon)?.standing == .live) }

                try FileManager.default.removeItem(atPath: address)
                try FileManager.default.createSymbolicLink(atPath: address, withDestinationPath: standby.socket)
                let clients = "FROM pg_stat_activity WHERE application_name = 'sessions'"
                try await primary.run("SELECT pg_terminate_backend(pid) \(clients)")
                try await Waiting.until("the primary has lost its clients") {
                    try await primary.run("SELECT count(*) \(clients)") == "0"
                }
                for _ in 0..<2 {
                    let error = await #expect(throws: SessionsError.self) {
                        try await store.feed(after: .start, limit: 9)
                    }
                    #expect(error?.code == .unavailable && error?.message.contains("standby") == true)
                }
                await #expect(throws: SessionsError.self) { try await store.cutoffs() }
                await #expect(throws: SessionsError.self) { try await store.load(session.id, at: noon) }
                for mode in [PostgresStore.OpenMode.create, .existing] {
                    let refused = await #expect(throws: SessionsError.self) {
                        try await PostgresStore.open(url: url, mode: mode)
                    }
                    #expect(refused?.code == .unavailable && refused?.message.contains("standby") == true)
                }
                for mode in [PostgresStore.OpenMode.operating, .readOnly] {
                    let looker = try await PostgresStore.open(url: url, mode: mode)
                    #expect(try await looker.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
                }

                try await standby.run("SELECT pg_promote()")
                _ = try await retry { try await store.feed(after: .start, limit: 9) }
                #expect(try await store.revoke(session.id, by: "x", reason: nil, at: noon).outcome == .revoked)
            }
        }
    }

    /// Tries until it succeeds, for half a minute at most.
    private func retry<Result>(_ work: () async throws -> Result) async throws -> Result {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do { return try await work() } catch  where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
