internal import Sessions

/// Where a node's admin API listens, and whom it lets in.
///
/// Without anything said it listens on the loopback, and lets in whoever is on the machine. On any other address it
/// refuses to start without TLS and credentials: a client's certificate, a token, or both.
public struct AdminConfiguration: Sendable {
    /// The server's side of TLS.
    public struct TLS: Sendable, Equatable {
        /// A PEM file of the server's certificate and its chain.
        public var certificateFile: String
        /// A PEM file of its key.
        public var keyFile: String
        /// A PEM file of the authorities whose clients are let in: then each client needs a certificate; `nil`: none does.
        public var clientAuthorityFile: String?

        /// Makes one.
        public init(certificateFile: String, keyFile: String, clientAuthorityFile: String? = nil) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.clientAuthorityFile = clientAuthorityFile
        }
    }

    /// The address to listen on: an IP address, or `localhost`.
    public var host: String
    /// The port; 0: any that is free.
    public var port: Int
    /// TLS; `nil`: none, for the loopback alone.
    public var tls: TLS?
    /// The token that clients must show; `nil`: none.
    public var token: AdminToken?

    /// Makes a configuration.
    public init(host: String = "127.0.0.1", port: Int = 9180, tls: TLS? = nil, token: AdminToken? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
        self.token = token
    }

    /// Whether nobody but this machine can connect.
    var isLoopback: Bool { host == "[::1]" || IPAddress.isLoopback(host: host) }

    /// Refuses what would let strangers in.
    ///
    /// - Throws: `SessionsError` with `usage`.
    func check() throws {
        guard !isLoopback else { return }
        guard let tls else {
            throw SessionsError(
                .usage, "the admin API can't listen on \(host) without TLS: give a certificate, or listen on 127.0.0.1")
        }
        guard tls.clientAuthorityFile != nil || token != nil else {
            throw SessionsError(
                .usage,
                "the admin API can't listen on \(host) for everybody: give it a token, or an authority for clients")
        }
    }
}
