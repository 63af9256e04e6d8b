public import SessionsTransport

/// Where memcached is, and how to talk to it.
///
/// Its description has the password masked.
public struct MemcachedConfiguration: Sendable, Equatable {
    /// The servers that share the keys, each once.
    ///
    /// All clients must name them alike: keys are dealt out by their names.
    public var servers: [MemcachedAddress]
    /// The user, for servers with a file of users (`-Y`).
    public var user: String?
    /// The user's password.
    public var password: String?
    /// How connections are encrypted; `nil`: they aren't.
    public var tls: ClientTLS?
    /// Whether a connection that isn't encrypted may go to an address that isn't loopback.
    public var allowsPlaintext = false
    /// How long it may take to connect, TLS and signing in included.
    public var connectLimit = Duration.seconds(1)
    /// How long a command may take, from the call to the reply; a connection that is slower is closed.
    public var commandLimit = Duration.milliseconds(500)

    /// Makes a configuration with everything else as it is by default.
    ///
    /// - Parameter servers: the servers that share the keys.
    public init(servers: [MemcachedAddress]) { self.servers = servers }
}

/// Where one server listens, and how much of the keys it takes.
public struct MemcachedAddress: Hashable, Sendable, CustomStringConvertible {
    /// The port that memcached has unless told otherwise.
    public static let defaultPort = 11211

    /// A host's name or address.
    public var host: String
    /// Its port.
    public var port: Int
    /// Its share of the keys, beside the others' weights: 1 to 1000.
    public var weight: Int

    /// Makes an address.
    public init(host: String, port: Int = MemcachedAddress.defaultPort, weight: Int = 1) {
        (self.host, self.port, self.weight) = (host, port, weight)
    }

    /// The host and the port as a URL has them.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
