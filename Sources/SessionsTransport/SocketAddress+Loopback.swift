package import NIOCore
internal import Sessions

extension SocketAddress {
    /// Whether it stays on this machine: a socket of the file system, or one of the machine's own addresses.
    package var isLoopback: Bool {
        guard let ipAddress else { return true }
        return IPAddress(ipAddress)?.isLoopback ?? false
    }
}
