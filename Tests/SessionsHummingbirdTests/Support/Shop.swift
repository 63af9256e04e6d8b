import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import SessionTesting
import Sessions
import SessionsHummingbird
import Testing

/// What the test's shop keeps of a visitor.
struct Cart: Codable, SessionPayload, Equatable {
    var items: [String: Int] = [:]
    var note = ""
}

struct ShopContext: SessionRequestContext {
    var coreContext: CoreRequestContextStorage
    var session = RequestSession<Cart>()
    let peer: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = try? SocketAddress(ipAddress: "127.0.0.1", port: 40_000)
    }
}

/// A node over a memory store that a test can break, on a clock that a test moves, and a small shop on it.
struct Shop {
    let time = ManualTime()
    let memory: MemoryStore
    let store: ScriptedStore
    let sealer: PayloadSealer
    var policy = NodePolicy()
    var settings = SessionSettings()

    init() throws {
        memory = MemoryStore(time: time.source)
        store = ScriptedStore(memory)
        sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        settings.time = time.source
    }

    var attacks: AttackCounters { settings.attacks }

    func node(_ name: String = "web-1") -> ServiceNode {
        ServiceNode(id: name, store: store, policy: policy, sealer: sealer, time: time.source)
    }

    /// Runs the shop on a node while a test goes on.
    ///
    /// The node isn't run, so each request asks the store, unless the test runs it.
    func open(
        _ node: ServiceNode? = nil, _ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await Application(router: router(node ?? self.node())).test(.router, test)
    }

    /// Runs the shop for one browser.
    func visit(
        _ node: ServiceNode? = nil, _ test: @escaping @Sendable (Browser) async throws -> Void
    ) async throws {
        try await open(node) { try await test(Browser($0)) }
    }

    /// Runs a node while a test goes on: it has polled the feed once when `body` begins.
    func withRunning<Result>(_ node: ServiceNode, _ body: () async throws -> Result) async throws -> Result {
        let task = Task { try await node.run() }
        await time.waitForSleepers(2)
        defer { task.cancel() }
        return try await body()
    }

    /// Lets time pass in steps of the poll's interval, and the node's loops with it.
    func pass(_ duration: Duration) async {
        var left = duration
        while left > .zero {
            let step = min(left, policy.pollInterval)
            time.advance(by: step)
            await time.waitForSleepers(2)
            left -= step
        }
    }

    /// The one session that the browser's cookie names, as the store has it.
    func stored(_ browser: Browser) async throws -> LoadedSession? {
        let id = try #require(SessionID(text: browser["__Host-session"] ?? ""))
        return try await memory.load(id.hash, at: time.now)
    }

    func router(_ node: ServiceNode) -> Router<ShopContext> {
        let router = Router(context: ShopContext.self)
        router.get("/health") { _, _ in "well" }
        let shop = router.group().add(middleware: SessionMiddleware(node, settings: settings))
        Self.addCart(to: shop)
        Self.addSigning(to: shop)
        let guarded = shop.group().add(middleware: CSRFMiddleware())
        guarded.get("/form") { _, context in try context.session.csrfToken() }
        guarded.post("/form") { request, context in "taken" }
        return router
    }

    private static func addCart(to shop: RouterGroup<ShopContext>) {
        shop.get("/cart") { _, context in
            let cart = try context.session.payload
            return cart.items.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
        shop.post("/cart/:item") { _, context in
            let item = context.parameters.get("item") ?? ""
            try await context.session.update { $0.items[item, default: 0] += 1 }
            return "added"
        }
        shop.post("/nothing") { _, context in
            try await context.session.update { _ in }
            return "nothing"
        }
        shop.post("/note") { request, context in
            let note = String(buffer: try await request.body.collect(upTo: 4096))
            try await context.session.update { $0.note = note }
            return try context.session.payload.note
        }
    }

    private static func addSigning(to shop: RouterGroup<ShopContext>) {
        shop.get("/me") { _, context in try context.session.requireUser() }
        shop.get("/made-by") { _, context in context.session.madeBy ?? "unknown" }
        shop.post("/sign-in/:user") { _, context in
            let user = context.parameters.get("user") ?? ""
            try await context.session.signIn(user, payload: try context.session.payload)
            return "welcome"
        }
        shop.post("/sign-in-and-fail") { _, context -> String in
            try await context.session.signIn("alice")
            throw HTTPError(.badGateway, message: "the mail server is away")
        }
        shop.post("/sign-in-and-break") { _, context -> String in
            try await context.session.signIn("alice")
            throw CancellationError()
        }
        shop.post("/renew") { _, context in
            try await context.session.renew(reauthenticated: true)
            return "renewed"
        }
        shop.post("/sign-out") { _, context in
            try await context.session.signOut()
            return "bye"
        }
        shop.post("/switch-to/:user") { _, context in
            let user = context.parameters.get("user") ?? ""
            try await context.session.signOut()
            try await context.session.signIn(user)
            return "welcome"
        }
        shop.post("/everywhere") { _, context in
            try await context.session.signOutEverywhere()
            return "bye, all"
        }
    }
}
