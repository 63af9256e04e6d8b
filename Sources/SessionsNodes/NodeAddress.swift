/// Where a node's admin API listens.
public struct NodeAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IP address; an IPv6 address without its brackets.
    public var host: String
    /// The port.
    public var port: Int
    /// Whether it speaks TLS.
    public var isEncrypted: Bool

    /// Makes an address.
    public init(host: String, port: Int, isEncrypted: Bool) {
        (self.host, self.port, self.isEncrypted) = (host, port, isEncrypted)
    }

    /// The address as a URL: `https://web-01:9180`.
    public var description: String { "\(isEncrypted ? "https" : "http")://\(authority)" }

    /// Host and port, as a request names them.
    var authority: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
