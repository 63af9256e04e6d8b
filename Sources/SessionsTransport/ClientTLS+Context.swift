internal import NIOCore
package import NIOSSL
internal import Sessions

extension ClientTLS {
    /// Reads the files, and makes what all connections share.
    ///
    /// - Throws: `SessionsError` with `usage` where a file can't be used.
    package func makeContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification =
            switch verification {
            case .full: .fullVerification
            case .chain: .noHostnameVerification
            case .none: .none
            }
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw SessionsError(.usage, "a client's certificate and its key go together: give cert and key")
        }
        if let authorityFile {
            let authorities = try Self.reading(authorityFile, "certificates") {
                try NIOSSLCertificate.fromPEMFile(authorityFile)
            }
            configuration.trustRoots = .certificates(authorities)
        }
        if let certificateFile, let keyFile {
            configuration.certificateChain = try Self.reading(certificateFile, "certificates") {
                try NIOSSLCertificate.fromPEMFile(certificateFile).map { .certificate($0) }
            }
            configuration.privateKey = try Self.reading(keyFile, "a key") {
                .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem))
            }
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw SessionsError(.usage, "TLS can't be used as it is set: see that the key belongs to the certificate")
        }
    }

    /// The name that the certificate of a server at a host must have; `nil`: its address.
    package func name(forHost host: String) -> String? {
        if let serverName { return serverName }
        // An address can't stand where a name is announced; it is compared with the connection's own.
        return (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }

    private static func reading<Result>(_ path: String, _ what: String, _ read: () throws -> Result) throws -> Result {
        do {
            return try read()
        } catch {
            throw SessionsError(
                .usage, "\(path) can't be used: it must be a PEM file of \(what) that this user may read", cause: error)
        }
    }
}
