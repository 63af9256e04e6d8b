public import SessionsTransport

/// Where a Redis or Valkey is, and how to talk to it.
///
/// Its description has the passwords masked.
public struct RedisConfiguration: Sendable {
    /// How many servers there are, and who says which one is asked.
    public enum Topology: Sendable, Equatable {
        /// One server.
        case server(RedisAddress)
        /// The primary that these sentinels know by this name.
        case sentinel([RedisAddress], name: String)
        /// A cluster, found through any of these.
        case cluster([RedisAddress])
    }

    /// How many servers there are, and who says which one is asked.
    public var topology: Topology
    /// The database's number; a cluster has 0 alone.
    public var database = 0
    /// The user of the access control list; `nil`: the default one.
    public var user: String?
    /// The password; `nil`: none is sent.
    public var password: String?
    /// The user that the sentinels know, who have users of their own.
    public var sentinelUser: String?
    /// The password for the sentinels.
    public var sentinelPassword: String?
    /// How connections are encrypted; `nil`: they aren't.
    public var tls: ClientTLS?
    /// Whether a connection that isn't encrypted may go to an address that isn't loopback.
    public var allowsPlaintext = false
    /// The name of the connections in CLIENT LIST.
    public var clientName = "sessiontop"
    /// Whether reads leave the keys' idle times alone (CLIENT NO-TOUCH; Redis 7.2, Valkey 8): operators only look.
    public var keepsIdleTimes = false
    /// How long it may take to connect, TLS included.
    public var connectLimit = Duration.seconds(3)
    /// How long a command may take, from the call to the reply; a connection that is slower is closed.
    public var commandLimit = Duration.seconds(2)

    /// Whether it is a cluster.
    var isCluster: Bool { if case .cluster = topology { true } else { false } }

    /// Makes a configuration with everything else as it is by default.
    public init(_ topology: Topology) { self.topology = topology }
}

/// Where one server listens.
public enum RedisAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host's name or address, and a port.
    case host(String, port: Int)
    /// A Unix socket's path.
    case unixSocket(String)

    /// The host; `nil`: a Unix socket has none.
    var hostName: String? { if case .host(let host, _) = self { host } else { nil } }

    /// The address as a URL would have it.
    public var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}
