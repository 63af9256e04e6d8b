import CoreMetrics
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SessionTesting
import SessionTokens
import Sessions
import SessionsHummingbird

/// A request with a token, and with a session where the token ends with one.
struct TokenContext: TokenRequestContext, SessionRequestContext {
    var coreContext: CoreRequestContextStorage
    var session = RequestSession<Cart>()
    var token: VerifiedToken?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

/// An API over tokens, on a store that a test can break and a clock that a test moves.
struct TokenShop: Sendable {
    let time = ManualTime()
    let store: ScriptedStore
    let tokens: TokenService
    let node: ServiceNode
    let settings: BearerSettings
    private let sessions: SessionSettings

    var attacks: AttackCounters { settings.attacks }

    init(metrics: any MetricsFactory = NOOPMetricsHandler.instance) throws {
        store = ScriptedStore(MemoryStore(time: time.source))
        settings = BearerSettings(attacks: AttackCounters(metrics: metrics), metrics: metrics)
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        let key = try JSONWebKey.generate(.edDSA)
        let issuer = try TokenIssuer(issuer: "shop", signer: try TokenSigner(key: key), time: time.source)
        tokens = try TokenService(
            id: "web-1", issuer: issuer, policy: try TokenPolicy(issuer: "shop", audience: "api"),
            keys: TokenKeys(try JSONWebKeySet([key.publicKey ?? key])), store: store, sealer: sealer, time: time.source)
        node = ServiceNode(id: "web-1", store: store, policy: NodePolicy(), sealer: sealer, time: time.source)
        var sessions = SessionSettings()
        sessions.time = time.source
        self.sessions = sessions
    }

    /// A token that ends with no session.
    func token(_ user: String, scope: [String] = [], epoch: FeedPosition = .start) throws -> String {
        try tokens.access(subject: user, epoch: epoch, client: "app", audience: ["api"], scope: scope).secretText
    }

    /// Runs the API for a client, with its follower.
    func visit(_ test: @escaping @Sendable (TokenClient, TokenShop) async throws -> Void) async throws {
        let following = Task { try await tokens.follower.run() }
        defer { following.cancel() }
        await time.waitForSleepers()
        try await Application(router: router()).test(.router) { try await test(TokenClient(client: $0), self) }
    }

    /// Runs the node, too, which then answers from memory: it has polled the feed once when `body` begins.
    func withRunningNode(_ body: () async throws -> Void) async throws {
        let running = Task { try await node.run() }
        defer { running.cancel() }
        await time.waitForSleepers(3)
        try await body()
    }

    /// Lets time pass in steps, and the follower with it.
    func pass(_ duration: Duration) async {
        var left = duration
        while left > .zero {
            let step = min(left, .milliseconds(500))
            time.advance(by: step)
            await time.waitForSleepers()
            left -= step
        }
    }

    /// Lets time pass, by little, while something waits for the follower to read the feed.
    func whileTimePasses<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let ticking = Task {
            while !Task.isCancelled {
                time.advance(by: .milliseconds(1))
                await time.waitForSleepers()
                await Task.yield()
            }
        }
        defer { ticking.cancel() }
        return try await body()
    }

    private func router() -> Router<TokenContext> {
        let router = Router(context: TokenContext.self)
        TokenEndpoints(tokens) { $0.form["client_id"] }.addRoutes(to: router.group("oauth"))
        let api = router.group().add(middleware: BearerMiddleware(tokens, settings: settings))
        api.get("/me") { _, context in try context.requireToken().subject }
        router.group().add(
            middleware: BearerMiddleware(tokens, demanding: TokenDemand(scope: ["read"]), settings: settings)
        ).get("/read") { _, context in try context.requireToken().subject }
        let carts = api.group().add(middleware: TokenSessionMiddleware(node, settings: sessions))
        carts.get("/cart") { _, context in Self.text(try context.session.payload) }
        carts.post("/cart/:item") { _, context in
            let item = context.parameters.get("item") ?? ""
            try await context.session.update { $0.items[item, default: 0] += 1 }
            return Self.text(try context.session.payload)
        }
        carts.post("/renew") { _, context in
            try await context.session.renew()
            return "renewed"
        }
        return router
    }

    private static func text(_ cart: Cart) -> String {
        cart.items.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}

/// A client that shows a token.
struct TokenClient: Sendable {
    let client: any TestClientProtocol

    @discardableResult
    func get(_ path: String, _ token: String) async throws -> TestResponse {
        try await get(path, [.authorization: "Bearer \(token)"])
    }

    @discardableResult
    func get(_ path: String, _ fields: HTTPFields) async throws -> TestResponse {
        try await client.execute(uri: path, method: .get, headers: fields)
    }

    func post(_ path: String, _ token: String) async throws -> TestResponse {
        try await client.execute(uri: path, method: .post, headers: [.authorization: "Bearer \(token)"])
    }
}
