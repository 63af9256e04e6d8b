import SessionTesting
import Sessions
import SessionsHummingbird
import SessionsNodes
import SessionsTransport
import Testing

@Suite("Nodes over TLS")
struct NodesTLSTests {
    private static let token = "correct-horse-battery-staple"

    /// What of a client's credentials is right.
    private struct Attempt {
        var trusts = true
        var hasCertificate = true
        var token: String? = NodesTLSTests.token
    }

    @Test("With the authority, the client's certificate and the token it works; without any of them it does not")
    func credentials() async throws {
        try await ScratchFolder.with { folder in
            let certificates = try await TestCertificates(in: folder)
            let token = try AdminToken(Self.token)
            let fleet = try AdminFleet()
            try await fleet.start("web-01") { configuration in
                configuration.token = token
                configuration.tls = AdminConfiguration.TLS(
                    certificateFile: certificates.server, keyFile: certificates.serverKey,
                    clientAuthorityFile: certificates.authority)
            }
            _ = try await fleet["web-01"].node.begin(user: "alice")
            func open(_ attempt: Attempt) async throws -> NodesDirectory {
                var configuration = NodesConfiguration(addresses: fleet.addresses)
                if attempt.trusts { configuration.tls.authorityFile = certificates.authority }
                if attempt.hasCertificate {
                    (configuration.tls.certificateFile, configuration.tls.keyFile) =
                        (certificates.client, certificates.clientKey)
                }
                configuration.token = attempt.token
                return try await NodesDirectory.open(configuration)
            }
            #expect(try await open(Attempt()).allRows().map(\.user) == ["alice"])
            for attempt in [
                Attempt(trusts: false), Attempt(hasCertificate: false), Attempt(token: nil), Attempt(token: "wrong"),
            ] {
                await #expect(throws: SessionsError.self) { try await open(attempt) }
            }
            await fleet.stop()
        }
    }
}
