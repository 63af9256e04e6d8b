/// How a connection is encrypted: TLS 1.2 or later.
public struct ClientTLS: Sendable, Equatable {
    /// What of the server's certificate is verified.
    public enum Verification: String, Sendable, CaseIterable {
        /// Its chain and the server's name.
        case full
        /// Its chain alone: where a cluster's nodes have addresses that no certificate names.
        case chain = "ca"
        /// Nothing: whoever is in between can read and change everything.
        case none
    }

    /// A PEM file of the authorities to trust; `nil`: the system's.
    public var authorityFile: String?
    /// A PEM file of this client's certificate and its chain.
    public var certificateFile: String?
    /// A PEM file of this client's key.
    public var keyFile: String?
    /// The name that the server's certificate must have; `nil`: the host of the address.
    ///
    /// A certificate that names the address itself, by its number, is taken as well.
    public var serverName: String?
    /// What is verified.
    public var verification = Verification.full

    /// Trusts the system's authorities, and verifies everything.
    public init() {}
}
