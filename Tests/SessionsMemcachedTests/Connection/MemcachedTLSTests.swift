import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

/// TLS with memcached's own (-Z).
@Suite(.timeLimit(.minutes(1))) struct MemcachedTLSTests {
    private func send(_ url: String) async throws -> MemcachedReply {
        var configuration = try MemcachedConfiguration(url: url)
        (configuration.connectLimit, configuration.commandLimit) = (.seconds(10), .seconds(10))
        return try await MemcachedClient(configuration, time: .system).lanes[0].send(.noop).0
    }

    @Test("A server's certificate must be signed by the authority that is trusted")
    func certificates() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = MemcachedServer.Options()
            options.certificates = certificates
            try await MemcachedServer.with(options) { server async throws in
                let port = server.port
                let authority = "cacert=\(certificates.authority)"
                #expect(try await send("\(server.url)?\(authority)") == .outcome(.noop))
                #expect(try await send("memcacheds://127.0.0.1:\(port)?\(authority)") == .outcome(.noop))
                #expect(try await send("\(server.url)?verify=none") == .outcome(.noop))
                let error = await expect(.unavailable) { try await send(server.url) }
                #expect(error?.message.contains("no encrypted connection") == true, "\(error?.description ?? "")")
                #expect(error?.description.contains(".cc") == false, "\(error?.description ?? "")")
                let plain = await expect(.unavailable) { try await send("memcached://127.0.0.1:\(port)") }
                #expect(plain?.message.contains("write memcacheds://") == true, "\(plain?.description ?? "")")
            }
        }
    }

    @Test("A server's certificate must have the server's name, or the one that was given")
    func names() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = MemcachedServer.Options()
            // Of the right authority, but for the name "client" and no address.
            options.arguments = ["-Z", "-o", "ssl_chain_cert=\(certificates.client),ssl_key=\(certificates.clientKey)"]
            try await MemcachedServer.with(options) { server async throws in
                for host in ["localhost", "127.0.0.1"] {
                    let url = "memcacheds://\(host):\(server.port)?cacert=\(certificates.authority)"
                    await expect(.unavailable) { try await send(url) }
                    await expect(.unavailable) { try await send("\(url)&servername=elsewhere") }
                    #expect(try await send("\(url)&servername=client") == .outcome(.noop))
                    #expect(try await send("\(url)&verify=ca") == .outcome(.noop))
                }
            }
        }
    }

    @Test("A server that wants a client's certificate gets it, and refuses who has none")
    func clientCertificates() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            var options = MemcachedServer.Options()
            (options.certificates, options.needsClientCertificate) = (certificates, true)
            try await MemcachedServer.with(options) { server async throws in
                let url = "\(server.url)?cacert=\(certificates.authority)"
                #expect(
                    try await send("\(url)&cert=\(certificates.client)&key=\(certificates.clientKey)")
                        == .outcome(.noop))
                await expect(.unavailable) { try await send(url) }
            }
        }
    }

    @Test("A key that doesn't belong to its certificate is refused before anything is connected")
    func wrongKey() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder)
            let url = "memcacheds://127.0.0.1:1?cert=\(certificates.client)&key=\(certificates.serverKey)"
            await expect(.usage) { try await send(url) }
            await expect(.usage) { try await send("memcacheds://127.0.0.1:1?cert=\(certificates.client)") }
        }
    }

    @Test("A server that doesn't speak TLS is said to be none")
    func plainServer() async throws {
        try await MemcachedServer.with { server async throws in
            let error = await expect(.unavailable) { try await send("memcacheds://127.0.0.1:\(server.port)") }
            #expect(error?.message.contains("check that it speaks TLS") == true, "\(error?.description ?? "")")
        }
    }
}
