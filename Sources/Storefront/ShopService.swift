import Crypto
import Hummingbird
import Logging
import ServiceLifecycle
import SessionTokens
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
    private let sticky: StickyNode?
    private let tokens: ShopTokens?
    private let logger: Logger

    /// Opens the store and everything else that the options name.
    ///
    /// - Throws: `SessionsError` where something can't be opened.
    init(_ options: Storefront) async throws {
        self.options = options
        backing = try await SessionBacking(options)
        let sealer = PayloadSealer(keys: backing.keys, namespace: "default")
        let policy = backing.memory == nil ? NodePolicy(lifetime: .office) : .sticky(lifetime: .office)
        node = ServiceNode(
            id: options.node, store: backing.store, policy: policy, sealer: sealer, cache: backing.cache)
        sticky = backing.memory.map { [node] in StickyNode(node, store: $0) }
        tokens = options.mode == .token ? try ShopTokens(options, backing.store, sealer) : nil
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
        let shop = Shop(node: node, backing: backing, settings: settings, drain: drain, tokens: tokens)
        let application = Application(
            router: shop.router(),
            configuration: .init(address: .hostname(options.host, port: options.port)),
            onServerRunning: { [options] _ in
                print("Storefront \(options.node) serves http://\(options.host):\(options.port)")
                fflush(nil)
            },
            logger: logger)
        let stopping = DrainService(node, state: drain, for: .milliseconds(Int64(options.drain * 1000)))
        let group = ServiceGroup(
            configuration: .init(
                services: [NodeService(node)] + (try more()) + [application, stopping],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    /// What runs beside it in other modes than by cookie.
    private func more() throws -> [any Service] {
        if let tokens { return [FollowerService(tokens.service.follower), tokens] }
        guard let sticky else { return [] }
        let sharing = try MemorySharing(sticky, peers: options.peer)
        guard options.admin > 0 else { return [sharing] }
        return [sharing, AdminListener(AdminAPI(sticky), AdminConfiguration(port: options.admin))]
    }
}
