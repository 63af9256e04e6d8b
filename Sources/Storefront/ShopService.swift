import Crypto
import Hummingbird
import Logging
import ServiceLifecycle
import Sessions
import SessionsHummingbird
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// The shop and what it stands on, until it is told to stop.
struct ShopService {
    private let options: Storefront
    private let backing: SessionBacking
    private let node: ServiceNode
    private let settings: SessionSettings
    private let drain = DrainState()
    private let logger: Logger

    /// Opens the store and everything else that the options name.
    ///
    /// - Throws: `SessionsError` where something can't be opened.
    init(_ options: Storefront) async throws {
        self.options = options
        backing = try await SessionBacking(options)
        node = ServiceNode(
            id: options.node, store: backing.store, policy: NodePolicy(lifetime: .office),
            sealer: PayloadSealer(keys: backing.keys, namespace: "default"), cache: backing.cache)
        var settings = SessionSettings()
        settings.trustedProxies = try TrustedProxies(options.proxy)
        settings.affinity = try AffinityCookie(node: options.node, key: backing.affinityKey)
        if options.remember { settings.cookie = try SessionCookie(keeping: .untilDeadline) }
        self.settings = settings
        var logger = Logger(label: "storefront")
        logger.logLevel = .notice
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT; then the balancer gets its time, requests under way are answered, and the node says
    /// goodbye.
    func run() async throws {
        let shop = Shop(node: node, backing: backing, settings: settings, drain: drain)
        let application = Application(
            router: shop.router(),
            configuration: .init(address: .hostname(options.host, port: options.port)),
            onServerRunning: { [options] _ in
                print("Storefront \(options.node) serves http://\(options.host):\(options.port)")
                fflush(nil)
            },
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    NodeService(node), application,
                    DrainService(node, state: drain, for: .milliseconds(Int64(options.drain * 1000))),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
