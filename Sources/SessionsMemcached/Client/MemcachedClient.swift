internal import NIOCore
internal import NIOPosix
internal import Sessions
internal import SessionsTransport

/// Several servers as one: each key has one server, and no other ever gets it.
///
/// Where a server is away, its keys fail. Dealing them out to the others meanwhile would leave copies behind that come
/// back, out of date, when the others' turn is over.
struct MemcachedClient: Sendable {
    /// The ways to the servers, in the configuration's order.
    let lanes: [MemcachedLane]
    /// Has seen the connections.
    let witness: LinkWitness
    private let ring: KetamaRing

    /// Checks the configuration and reads the files for TLS; connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: the servers, and how to talk to them.
    ///   - time: the clock that waits are measured with.
    ///   - group: the event loops that work for it.
    /// - Throws: `SessionsError` with `usage` where the configuration can't be used.
    init(
        _ configuration: MemcachedConfiguration, time: TimeSource,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws {
        try configuration.check()
        let witness = LinkWitness(tls: configuration.tls)
        self.witness = witness
        let connector = try MemcachedConnector(configuration, group: group, witness: witness)
        lanes = configuration.servers.map { address in
            MemcachedLane(to: address, time: time) { try await connector.connect(to: address) }
        }
        ring = KetamaRing(configuration.servers)
    }

    /// The way to a key's server.
    func lane(of key: MemcachedKey) -> MemcachedLane { lanes[part(of: key)] }

    /// The place of a key's server among the lanes.
    func part(of key: MemcachedKey) -> Int { ring.owner(of: key) }

    /// What the servers are, as they said last: `memcached 1.6.18`; without the versions that nobody knows yet.
    var software: String {
        let versions = Set(lanes.compactMap(\.version)).sorted()
        return (["memcached"] + [versions.joined(separator: ", ")]).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
