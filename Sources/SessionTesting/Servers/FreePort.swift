#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import Synchronization

/// Ports of the loopback that nobody listens on.
public enum FreePort {
    /// Below those that kernels give to connections, which would take a port from a server that is restarted.
    private static let range = 20_000..<32_000
    private static let taken = Mutex<Set<Int>>([])

    /// Finds one that this process hasn't been given yet.
    ///
    /// Another process may take it before it is used: whoever starts a server on it sees that it doesn't answer.
    public static func take() -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: range)
            if taken.withLock({ $0.insert(port).inserted }), hold(port) != nil { return port }
        }
        return hold(0) ?? 0
    }

    /// Binds a socket to a port for a moment; 0 is any port.
    ///
    /// - Returns: the port; `nil`: it isn't free.
    private static func hold(_ port: Int) -> Int? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
