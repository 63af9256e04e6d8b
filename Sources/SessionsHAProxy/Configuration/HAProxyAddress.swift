/// Where the runtime API is.
public enum HAProxyAddress: Sendable, Hashable, CustomStringConvertible {
    /// A socket in the file system.
    case unixSocket(String)
    /// A port.
    case host(String, port: Int)

    /// As people write it.
    public var description: String {
        switch self {
        case .unixSocket(let path): path
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
