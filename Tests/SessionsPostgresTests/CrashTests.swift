import Foundation
import SessionTesting
import Sessions
import SessionsPostgres
import Subprocess
import Testing

@Suite("When the server dies") struct CrashTests {
    @Test("A server that is killed in the middle of work gives errors, and then the same store goes on")
    func killed() async throws {
        // Durable means on the disk: so here with fsync.
        try await PostgresServer.with(settings: ["fsync=on"]) { server in
            let store = try await PostgresStore.open(url: server.url(), mode: .create)
            let first = someSession()
            try await store.insert(first)
            let revoked = someSession()
            try await store.insert(revoked)
            _ = try await store.revoke(revoked.id, by: "x", reason: nil, at: noon)
            let written = try await killWhileWriting(store, server)
            #expect(written.failures > 0)

            let gone = await #expect(throws: SessionsError.self) { try await store.load(first.id, at: noon) }
            #expect(gone?.code == .unavailable)
            #expect(gone.map { "\($0)".contains(PostgresServer.password) } == false)
            try await server.restart()
            try await waitUntilItAnswers(store)
            for id in written.ids { #expect(try await store.load(id, at: noon)?.standing == .live) }
            #expect(try await store.load(revoked.id, at: noon)?.standing == .revoked)
            try await store.insert(someSession())
            _ = try await store.revoke(.everyone, order: Order(actor: "a", reason: nil, at: noon))
            #expect(try await store.statistics(at: noon).sessions == 0)
        }
    }

    @Test("A server that was stopped and started while nobody asked is not noticed by whoever asks next")
    func restartedWhileIdle() async throws {
        try await PostgresServer.with { server in
            let store = try await PostgresStore.open(url: server.url(), mode: .create)
            let session = someSession()
            try await store.insert(session)
            try await server.process.end(by: .interrupt)
            try await server.restart()
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
            try await store.insert(someSession())
        }
    }

    @Test("A server that stands still is given up at the deadline, and asked again when it goes on")
    func stopped() async throws {
        try await PostgresServer.with { server in
            var limits = PostgresStore.Limits()
            limits.statement = .seconds(1)
            limits.connecting = .seconds(30)
            limits.connections = 1
            let store = try await PostgresStore.open(url: server.url(), mode: .create, limits: limits)
            let session = someSession()
            try await store.insert(session)
            // The process that serves this connection, not the one that accepts new ones.
            let pid = try #require(
                pid_t(try await server.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'sessions'")))
            kill(pid, SIGSTOP)
            defer { kill(pid, SIGCONT) }
            let error = await #expect(throws: SessionsError.self) { try await store.load(session.id, at: noon) }
            #expect(error?.code == .unavailable)
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
        }
    }

    /// Inserts sessions until the server is killed; answers those that were said to be durable.
    private func killWhileWriting(
        _ store: PostgresStore, _ server: PostgresServer
    ) async throws -> (ids: [IDHash], failures: Int) {
        let (progress, hasWritten) = AsyncStream.makeStream(of: Void.self)
        async let killed: Void = {
            var count = 0
            for await _ in progress {
                count += 1
                if count == 50 { break }
            }
            try await server.process.end(by: .kill)
        }()
        let results = try await gather(4) { _ in
            var ids: [IDHash] = []
            while true {
                let session = someSession()
                do {
                    try await store.insert(session)
                    ids.append(session.id)
                    hasWritten.yield()
                } catch {
                    #expect((error as? SessionsError)?.code == .unavailable)
                    return ids
                }
            }
        }
        try await killed
        return (results.flatMap(\.self), results.count)
    }

    private func waitUntilItAnswers(_ store: PostgresStore) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                _ = try await store.changePosition()
                return
            } catch  where ContinuousClock.now < deadline {
                // The store leaves a server that refused alone for two seconds at most.
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
