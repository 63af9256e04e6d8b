/// What stays on this machine: it decides what may go without encryption.
extension IPAddress {
    /// Whether it is this machine's own: of 127.0.0.0/8, or `::1`.
    package var isLoopback: Bool { isIPv4 ? bits >> 24 == 127 : bits == 1 }

    /// Whether a host, as somebody wrote it, is this machine for certain: `localhost`, or an address of its own.
    package static func isLoopback(host: some StringProtocol) -> Bool {
        host == "localhost" || IPAddress(String(host))?.isLoopback ?? false
    }
}
