/// Who can hear what goes over a store's connections.
package enum LinkSafety: Sendable, Equatable {
    /// Encrypted, and the server's certificate is verified.
    case encrypted
    /// Encrypted, but whoever is in between can pretend to be the server.
    case unverified
    /// In plain text, but no byte leaves this machine.
    case local
    /// In plain text to an address that may be another machine's.
    case plaintext

    /// What is to be said about it.
    ///
    /// - Parameters:
    ///   - verify: how the certificate is verified: `leave verify=none out`.
    ///   - encrypt: how connections are encrypted: `write rediss://`.
    /// - Returns: the finding `tls`.
    package func finding(verify: String, encrypt: String) -> Finding {
        switch self {
        case .encrypted: Finding("tls", .fine, "the connection is encrypted, and the server's certificate is verified")
        case .local: Finding("tls", .fine, "the connection doesn't leave this machine")
        case .unverified:
            Finding(
                "tls", .warning, "the connection is encrypted, but the server's certificate is not verified",
                advice: "\(verify), and name the authority that signed it")
        case .plaintext:
            Finding(
                "tls", .problem, "the connection to another machine is not encrypted: sessions can be read and changed",
                advice: "turn TLS on at the server, and \(encrypt)")
        }
    }
}
