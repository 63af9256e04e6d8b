import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

/// What real servers tell of themselves.
@Suite struct MemcachedFindingsTests {
    private static let now = TimeSource.system.wall()

    private static func examine(_ url: String, password: String? = nil) async throws -> [String: Finding.Severity] {
        var configuration = try MemcachedConfiguration(url: url)
        // A machine that is busy with other tests answers late.
        (configuration.connectLimit, configuration.commandLimit) = (.seconds(30), .seconds(30))
        let findings = try await MemcachedSharedCache(configuration).findings(at: now)
        return Dictionary(findings.map { ($0.check, $0.severity) }) { max($0, $1) }
    }

    @Test("A server as it is by default: nobody is asked who they are")
    func plain() async throws {
        try await MemcachedServer.with { server in
            let found = try await Self.examine(server.url)
            #expect(
                found == [
                    "tls": .fine, "password": .warning, "rights": .fine, "cas": .fine, "eviction": .fine,
                    "memory": .fine, "lru-crawler": .fine, "connections": .fine, "clock": .fine,
                ])
        }
    }

    @Test("Users, a crawler that is off, a client that may stop it, and no memory left")
    func settings() async throws {
        var options = MemcachedServer.Options()
        options.users = ["ann": "secret"]
        options.arguments = ["-A", "-M", "-o", "no_lru_crawler"]
        try await MemcachedServer.with(options) { server in
            let found = try await Self.examine("memcached://ann:secret@127.0.0.1:\(server.port)")
            #expect(found["password"] == .fine && found["rights"] == .warning)
            #expect(found["lru-crawler"] == .warning && found["eviction"] == .warning)
        }
    }

    @Test("A server that wants a client's certificate asks who they are")
    func certificates() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = MemcachedServer.Options()
            (options.certificates, options.needsClientCertificate) = (certificates, true)
            try await MemcachedServer.with(options) { server in
                let client = "cert=\(certificates.client)&key=\(certificates.clientKey)"
                let url = "\(server.url)?cacert=\(certificates.authority)&\(client)"
                let found = try await Self.examine(url)
                #expect(found["tls"] == .fine && found["password"] == .fine)
                let careless = try await Self.examine("\(server.url)?verify=none&\(client)")
                #expect(careless["tls"] == .warning)
            }
        }
    }

    @Test("A copy that was thrown out is told, by the server that did it")
    func evictions() async throws {
        try await MemcachedServer.with { roomy in
            var options = MemcachedServer.Options()
            options.arguments = ["-m", "2", "-o", "no_slab_reassign"]
            try await MemcachedServer.with(options) { small in
                let url = "memcached://127.0.0.1:\(roomy.port),127.0.0.1:\(small.port)"
                let cache = try MemcachedSharedCache(MemcachedConfiguration(url: url))
                for _ in 0..<60 {
                    let key = freshKey()
                    let lease = try await eventually { try await cache.lease(key) }
                    _ = try await cache.fill(
                        key, with: copy(1, byteCount: 200_000), holding: lease, for: .seconds(600))
                }
                let findings = try await cache.findings(at: Self.now)
                let eviction = findings.filter { $0.check == "eviction" }
                #expect(eviction.count == 2)
                let thrown = try #require(eviction.first { $0.severity == .warning })
                #expect(thrown.message.hasPrefix("127.0.0.1:\(small.port): "))
            }
        }
    }
}
