import SessionTesting
import Subprocess
import Sessions
import Testing

@testable import sessiontop

/// Places that answer, and hold no sessions that anybody knows: not out of reach, and not taken for none.
@Suite("Stores without sessions", .serialized)
struct EmptyStoreTests {
    private func sessiontop(_ arguments: [String]) async throws -> Tool.Ended {
        try await Tool.end(BuiltProgram.path("sessiontop"), arguments)
    }

    /// Expects each command to say what to name, and to end with the status of unusable arguments.
    private func expectAdvice(_ url: String) async throws {
        let commands = [["list", url], ["stats", url], ["revoke", url, "--user", "alice", "--reason", "x", "--yes"]]
        for command in commands {
            let ended = try await sessiontop(command)
            #expect(ended.status == 64 && ended.output.isEmpty, "\(command): \(ended.notes)")
            #expect(ended.notes.contains("--layout") && ended.notes.contains("a service or a demo"), "\(ended.notes)")
        }
    }

    /// Expects that in a layout that is named nothing is listed, and that all is well.
    private func expectNone(_ url: String, layout: String) async throws {
        let named = try await sessiontop(["list", url, "--layout", layout, "--format", "json"])
        #expect(named.status == 0 && named.output.isEmpty, "\(named.notes)")
    }

    @Test("An empty Redis is no store yet, nor one of other keys; in a layout that is named it has no sessions")
    func redis() async throws {
        try await RedisServer.with { redis in
            try await expectAdvice(redis.url)
            #expect(try await sessiontop(["list", redis.url]).notes.contains("no keys"))
            try await expectNone(redis.url, layout: "flask-session")
            try await redis.cli("SET", "page:1", "cached")
            try await expectAdvice(redis.url)
            try await redis.process.end(by: .kill)
            #expect(try await sessiontop(["list", redis.url]).status == 69)
        }
    }

    @Test("An empty memcached is no store yet; in a layout that is named it has no sessions")
    func memcached() async throws {
        try await MemcachedServer.with { memcached in
            try await expectAdvice(memcached.url)
            try await expectNone(memcached.url, layout: "flask-session")
        }
    }

    @Test("An empty PostgreSQL is no store yet")
    func postgres() async throws {
        try await PostgresServer.with { try await expectAdvice($0.url()) }
    }

    @Test("What could be read has to be named otherwise; what isn't there, or gives no answer, is out of reach")
    func codes() async {
        func code(_ native: SessionsError.Code, _ foreign: SessionsError.Code) async -> SessionsError.Code? {
            let access = StoreAccess(isReadOnly: true, layout: nil, time: .system, variable: { _ in nil })
            let error = await #expect(throws: SessionsError.self) {
                _ = try await access.attach(
                    native: { throw SessionsError(native, "ours") },
                    foreign: { _ in throw SessionsError(foreign, "theirs") })
            }
            return error?.code
        }
        #expect(await code(.storeNotFound, .notAStore) == .usage)
        #expect(await code(.storeNotFound, .unsupported) == .usage)
        #expect(await code(.notAStore, .notAStore) == .usage)
        #expect(await code(.storeNotFound, .storeNotFound) == .storeNotFound)
        #expect(await code(.storeNotFound, .unavailable) == .unavailable)
        #expect(await code(.unavailable, .notAStore) == .unavailable)
    }
}
