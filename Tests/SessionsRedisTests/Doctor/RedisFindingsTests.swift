import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// What real servers tell of themselves.
@Suite struct RedisFindingsTests {
    private static func severities(_ findings: [Finding]) -> [String: Finding.Severity] {
        Dictionary(findings.map { ($0.check, $0.severity) }) { max($0, $1) }
    }

    private static func withStore<Result>(
        _ url: String, mode: RedisStore.OpenMode = .create, _ body: (RedisStore) async throws -> Result
    ) async throws -> Result {
        let store = try await RedisStore.open(try RedisConfiguration(url: url), mode: mode)
        do {
            let result = try await body(store)
            await store.shutDown()
            return result
        } catch {
            await store.shutDown()
            throw error
        }
    }

    @Test("A server as Debian starts it for tests: open to its own machine, and nothing kept")
    func plain() async throws {
        try await SessionTesting.RedisServer.with { server in
            try await Self.withStore(server.url) { store in
                let found = Self.severities(try await store.findings(at: .now))
                #expect(
                    found == [
                        "tls": .fine, "password": .warning, "rights": .warning, "version": .fine, "eviction": .fine,
                        "memory": .warning, "connections": .fine, "clock": .fine, "recency": .fine,
                        "persistence": .problem, "saving": .fine, "replicas": .warning, "replication": .fine,
                    ])
                try await server.cli("CONFIG", "SET", "appendonly", "yes")
                try await server.cli("CONFIG", "SET", "maxmemory", "1gb")
                try await server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
                let after = Self.severities(try await store.findings(at: .now))
                #expect(after["persistence"] == .fine && after["fsync"] == .warning)
                #expect(after["eviction"] == .problem && after["memory"] == .fine)
            }
        }
    }

    @Test("A user with the rules of the documentation is told what it could not look at")
    func leastPrivilege() async throws {
        try await SessionTesting.RedisServer.with { server in
            try await Self.withStore(server.url) { _ in }
            let rules = RedisAccess.revoking().split(separator: " ").map(String.init)
            let words = ["ACL", "SETUSER", "ops", "on", ">secret"] + rules
            let admin = try RedisConfiguration(url: server.url).makeExecutor()
            _ = try await admin.send(RedisCommand(words: RedisCommand.words(words)))
            await admin.shutDown()
            try await Self.withStore("redis://ops:secret@127.0.0.1:\(server.port)", mode: .existing) { store in
                let findings = try await store.findings(at: .now)
                let found = Self.severities(findings)
                for check in ["password", "rights", "persistence"] {
                    #expect(found[check] == .unknown, "\(findings)")
                }
                #expect(found["eviction"] == .fine && found["clock"] == .fine)
            }
        }
    }

    @Test("A password, TLS and rights of its own are fine")
    func guarded() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = SessionTesting.RedisServer.Options()
            (options.certificates, options.password) = (certificates, "secret")
            try await SessionTesting.RedisServer.with(options) { server in
                let files = "cacert=\(certificates.authority)&cert=\(certificates.client)&key=\(certificates.clientKey)"
                let place = "rediss://default:secret@localhost:\(server.port)"
                try await Self.withStore("\(place)?\(files)") { store in
                    let found = Self.severities(try await store.findings(at: .now))
                    #expect(found["tls"] == .fine && found["password"] == .fine && found["rights"] == .warning)
                }
                let client = "cert=\(certificates.client)&key=\(certificates.clientKey)"
                try await Self.withStore("\(place)?\(client)&verify=none") { store in
                    let found = Self.severities(try await store.findings(at: .now))
                    #expect(found["tls"] == .warning)
                }
            }
        }
    }

    @Test("Each server of a cluster that holds copies is looked at by itself")
    func cluster() async throws {
        try await RedisCluster.with { cluster in
            let cache = try RedisSharedCache(try RedisConfiguration(url: cluster.url))
            let findings = try await cache.findings(at: .now)
            await cache.shutDown()
            #expect(findings.filter { $0.check == "eviction" }.count == 3)
            let named = cluster.servers.filter { server in
                findings.contains { $0.message.hasPrefix("127.0.0.1:\(server.port): ") }
            }
            #expect(named.count == 3)
        }
    }

    @Test("A server that doesn't answer is an error, not a finding")
    func away() async throws {
        let cache = try RedisSharedCache(try RedisConfiguration(url: "redis://127.0.0.1:1"))
        let error = await #expect(throws: SessionsError.self) { try await cache.findings(at: .now) }
        #expect(error?.code == .unavailable)
        await cache.shutDown()
    }
}

extension Timestamp {
    fileprivate static var now: Timestamp { TimeSource.system.wall() }
}
