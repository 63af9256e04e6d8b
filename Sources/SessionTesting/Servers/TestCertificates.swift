internal import Foundation

/// An authority of a test's own, and what it signed: for a server at `localhost`, and for a client.
public struct TestCertificates: Sendable {
    /// The folder with the PEM files; every key may be read by everybody, for servers with a user of their own.
    public let folder: String

    /// The authority's certificate.
    public var authority: String { folder + "/ca.pem" }
    /// The server's certificate.
    public var server: String { folder + "/server.pem" }
    /// The server's key.
    public var serverKey: String { folder + "/server.key" }
    /// The client's certificate; its common name is `client`.
    public var client: String { folder + "/client.pem" }
    /// The client's key.
    public var clientKey: String { folder + "/client.key" }

    /// Makes them, with `openssl`; valid for two days.
    ///
    /// - Parameters:
    ///   - folder: the folder to put them in; it is made where it isn't there.
    ///   - names: what the server's certificate names, as openssl writes it.
    /// - Throws: ``Tool/Failure``.
    public init(in folder: String, names: String = "DNS:localhost,IP:127.0.0.1") async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await Tool.run(
            "openssl",
            Self.key
                + ["-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", folder + "/ca.key"]
                + ["-out", authority, "-addext", "basicConstraints=critical,CA:TRUE"])
        try await sign("server", names: names)
        try await sign("client", names: "DNS:client")
    }

    private static let key = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    private func sign(_ name: String, names: String) async throws {
        let (request, key) = ("\(folder)/\(name).csr", "\(folder)/\(name).key")
        let extensions = "\(folder)/\(name).ext"
        try Data("subjectAltName=\(names)".utf8).write(to: URL(fileURLWithPath: extensions))
        try await Tool.run("openssl", Self.key + ["-subj", "/CN=\(name)", "-keyout", key, "-out", request])
        try await Tool.run(
            "openssl",
            ["x509", "-req", "-days", "2", "-in", request, "-CA", authority, "-CAkey", "\(folder)/ca.key"]
                + ["-CAcreateserial", "-extfile", extensions, "-out", "\(folder)/\(name).pem"])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    }
}
