import ServiceLifecycle
import Sessions
import SessionsNodes

/// Carries out the drains that an operator orders: sessions go to the other instances' admin APIs.
struct MemorySharing: Service {
    private let sticky: StickyNode
    private let peers: NodePeers

    /// Takes an instance and its peers.
    ///
    /// - Parameters:
    ///   - sticky: the instance.
    ///   - peers: the others, each as `NAME=PORT` of an admin API on the loopback.
    /// - Throws: `SessionsError` with `usage` for a peer in another form.
    init(_ sticky: StickyNode, peers: [String]) throws {
        self.sticky = sticky
        var addresses: [String: NodeAddress] = [:]
        for peer in peers {
            let parts = peer.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let port = Int(parts[1]), (1...65_535).contains(port) else {
                throw SessionsError(.usage, "--peer \(peer): write NAME=PORT, such as web-02=9181")
            }
            addresses[String(parts[0])] = NodeAddress(host: "127.0.0.1", port: port, isEncrypted: false)
        }
        self.peers = try NodePeers(addresses, NodesConfiguration(addresses: []))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await sticky.run(peers.transfer) }
    }
}
