import SessionTokens
import Sessions
import Synchronization

/// The demo's fleet: service nodes of the library that serve synthetic requests, in one process, on one store.
///
/// Whatever a screen shows of it comes out of the store, where the nodes publish what they count. ``run(for:)`` runs it;
/// ``summary()`` tells how it went.
final class DemoFleet: Sendable {
    /// What is needed of a store: requests, and what the nodes have published.
    typealias Store = any SessionStore & SessionDirectory

    struct State: Sendable {
        var crowd: Crowd
        var apps: AppCrowd
        var balancer: Balancer
        var tally = Tally()
        var audit: RevocationAudit
        var generator: SeededGenerator
    }

    /// What it is like.
    let options: DemoOptions
    /// The names of its nodes.
    let names: [String]
    let store: Store
    /// The shared cache that its nodes ask before the store.
    let cache: (any SharedCache)?
    let sealer: PayloadSealer
    /// Issues and verifies the tokens of apps.
    let tokenService: TokenService
    /// What cuts the cache and the store off, when the options say so.
    let outages: (cache: Outage, store: Outage)
    let time: TimeSource
    let state: Mutex<State>

    /// Makes a fleet that doesn't run yet, under names that are reserved for it in the store.
    ///
    /// - Parameters:
    ///   - options: what it is like.
    ///   - store: where its sessions are, perhaps along with others'. Nobody else may choose names there meanwhile.
    ///   - cache: a shared cache in front of the store; `nil`: none.
    ///   - sealer: seals and opens their payloads.
    ///   - time: the clocks.
    /// - Throws: ``SessionsError`` for options that can't be, and where the store gives no answer.
    init(
        _ options: DemoOptions, store: Store, cache: (any SharedCache)? = nil, sealer: PayloadSealer,
        time: TimeSource = .system
    ) async throws {
        try options.validate()
        self.options = options
        outages = (cache: Outage(of: "shared cache"), store: Outage(of: "database"))
        let (cacheOutage, storeOutage) = outages
        self.store = options.rehearsal == .database ? OutageStore(store: store, outage: storeOutage) : store
        self.cache = options.rehearsal == .l2 ? cache.map { OutageCache(cache: $0, outage: cacheOutage) } : cache
        self.sealer = sealer
        self.time = time
        names = try await Self.reserveNames(options, in: store, time: time)
        let position = try await store.cutoffs().position
        var generator = SeededGenerator(seed: options.seed)
        let population = Population(userCount: options.users, using: &generator)
        let now = time.monotonic()
        let crowd = Crowd(population: population, start: now, using: &generator)
        tokenService = try Self.tokenService(
            names[0], store: self.store, log: self.store, sealer: sealer, lease: options.policy.lease, time: time)
        let own = Set(names + [tokenService.follower.id])
        let audit = RevocationAudit(after: position, lease: options.policy.lease, own: own, at: now)
        let rest = generator.split()
        let apps = AppCrowd(userCount: options.users, using: &generator)
        state = Mutex(
            State(crowd: crowd, apps: apps, balancer: Balancer(names: names), audit: audit, generator: rest))
    }

    /// A first report of each node keeps its name from others.
    private static func reserveNames(_ options: DemoOptions, in store: Store, time: TimeSource) async throws -> [String]
    {
        let now = time.wall()
        let names = NodeNames.free(options.nodes, beside: try await store.nodes(), at: now)
        for name in names {
            let lease = options.policy.lease
            try await store.publish(NodeReport(id: name, started: now, heartbeat: now, applied: .start, lease: lease))
        }
        return names
    }

    /// Runs the fleet: first ``DemoOptions/preload`` sessions are made, then the clients come.
    ///
    /// - Parameter duration: for so long; `nil`: until the task is cancelled. Then the nodes stop in good order.
    /// - Throws: ``SessionsError`` where sessions can't be made beforehand.
    func run(for duration: Duration? = nil) async throws {
        try await preload()
        await withTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { await self.keepAlive(name) } }
            group.addTask { await self.keepAuditing() }
            group.addTask { await self.keepFailing() }
            group.addTask { await self.keepStealingAccounts() }
            group.addTask { try? await self.tokenService.follower.run() }
            await sendRequests(for: duration)
            group.cancelAll()
        }
    }

    /// Sleeps; `false`: the task was cancelled.
    @discardableResult
    func pause(for duration: Duration) async -> Bool {
        do { try await time.sleep(time.monotonic() + duration) } catch { return false }
        return !Task.isCancelled
    }
}
