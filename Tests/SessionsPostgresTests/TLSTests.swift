import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

/// PostgreSQL over TLS, and what is refused without it.
@Suite struct TLSTests {
    private static func safety(_ url: String) async throws -> LinkSafety {
        let settings = try ConnectionSettings(url: url, password: nil, isReadOnly: false)
        let connection = try await Connection.open(settings.servers, patience: .seconds(30)) { _ in }
        let safety = try await connection.run(for: .seconds(30)) { $0.safety }
        await connection.close()
        return safety
    }

    private static func failure(_ url: String) async -> SessionsError? {
        do {
            _ = try await PostgresStore.open(url: url, mode: .create)
            return nil
        } catch { return error as? SessionsError }
    }

    @Test("A certificate must be of the authority that is trusted, and name the server")
    func certificates() async throws {
        try await ScratchFolder.with { folder async throws in
            let ours = try await TestCertificates(in: folder + "/ours")
            let others = try await TestCertificates(in: folder + "/others")
            try await PostgresServer.with(certificates: ours) { server in
                func url(_ host: String, _ parameters: String) -> String {
                    server.url().replacing("@127.0.0.1:", with: "@\(host):") + "?" + parameters
                }
                let full = "sslmode=verify-full&sslrootcert=\(ours.authority)"
                for host in ["localhost", "127.0.0.1"] {
                    let store = try await PostgresStore.open(url: url(host, full), mode: .create)
                    let session = someSession()
                    try await store.insert(session)
                    #expect(try await store.load(session.id, at: noon)?.session == session)
                    let safety = try await Self.safety(url(host, full))
                    #expect(safety == .encrypted)
                }
                let wrong = url("localhost", "sslmode=verify-full&sslrootcert=\(others.authority)")
                let refusal = await Self.failure(wrong)
                #expect(refusal?.code == .unavailable && refusal?.message.contains("certificate") == true)
                #expect(refusal?.message.contains(PostgresServer.password) == false)
                // Where every byte stays on this machine, an unverified certificate takes nothing away.
                for mode in ["require", "disable"] {
                    let safety = try await Self.safety(url("localhost", "sslmode=\(mode)"))
                    #expect(safety == .local)
                }
            }
        }
    }

    @Test("A certificate with another name is refused under verify-full, and taken under verify-ca")
    func names() async throws {
        try await ScratchFolder.with { folder async throws in
            let certificates = try await TestCertificates(in: folder, names: "DNS:elsewhere.example")
            try await PostgresServer.with(certificates: certificates) { server in
                let root = "sslrootcert=\(certificates.authority)"
                let refusal = await Self.failure("\(server.url())?sslmode=verify-full&\(root)")
                #expect(refusal?.code == .unavailable)
                let safety = try await Self.safety("\(server.url())?sslmode=verify-ca&\(root)")
                #expect(safety == .encrypted)
            }
        }
    }

    @Test("A server that has no TLS is refused where it was asked for")
    func withoutTLS() async throws {
        try await PostgresServer.with { server in
            for mode in ["require", "verify-full"] {
                let refusal = await Self.failure("\(server.url())?sslmode=\(mode)")
                #expect(refusal?.code == .unavailable, "\(mode)")
            }
        }
    }

    @Test(
        "Plain text to another machine is refused before a password is sent, unless the URL asks for it",
        arguments: [
            ("", false), ("sslmode=prefer", true), ("sslmode=allow", true), ("sslmode=disable", true),
        ])
    func plaintext(parameters: String, isAllowed: Bool) async throws {
        // Asks for a password in plain text, which libpq would send at once.
        let server = try PlaintextPostgres()
        let url = "postgres://ann:s3cret@localhost:\(server.port)/d?\(parameters)"
        let settings = try ConnectionSettings(url: url, password: nil, isReadOnly: false)
        let isElsewhere: @Sendable (Link) -> Bool = { _ in false }
        let failure = await #expect(throws: PostgresFailure.self) {
            try await onThread {
                _ = try Link.connect(settings.servers[0], until: .now + .seconds(30), isPrivate: isElsewhere)
            }
        }
        #expect((failure?.kind == .plaintext) != isAllowed)
        #expect(server.heard().contains("s3cret") == isAllowed)
        let error = SessionsError.translating(PostgresFailure(.plaintext), at: settings.shown) as? SessionsError
        #expect(error?.code == .refused && error?.message.contains("sslmode=verify-full") == true)
    }
}
