import HTTPTypes
import Hummingbird
import Sessions
import SessionsHummingbird

/// The shop: which pages there are, and what stands before them.
struct Shop: Sendable {
    let node: ServiceNode
    let backing: SessionBacking
    let settings: SessionSettings
    let drain: DrainState
    var tokens: ShopTokens?

    /// The routes.
    func router() -> Router<ShopContext> {
        let router = Router(context: ShopContext.self)
        router.add(middleware: PageHeaders())
        // Needs no session, so it answers while the store is away.
        router.get("/health") { [self] _, _ in
            Response(
                status: health, headers: [.contentType: "text/plain"],
                body: .init(byteBuffer: ByteBuffer(string: "\(node.id) \(health == .ok ? "up" : "draining")\n")))
        }
        // What the session layer costs is measured against this route.
        router.get("/plain") { _, _ in "plain\n" }
        if let tokens {
            addAPI(tokens, to: router)
            return router
        }
        let pages = router.group()
            .add(middleware: ErrorPages(shop: self))
            .add(middleware: SessionMiddleware(node, settings: settings))
            .add(middleware: CSRFMiddleware())
        pages.get("/session") { _, context in context.session.isLive ? "session\n" : "none\n" }
        addShop(to: pages)
        addSigning(to: pages)
        addAdmin(to: pages)
        return router
    }

    /// What the balancer hears: 503, and it sends nobody; 404, and it sends nobody but those whose sessions are here.
    private var health: HTTPResponse.Status {
        if drain.isDraining { return .serviceUnavailable }
        return node.isDraining ? .notFound : .ok
    }

    /// A page, with what every page has.
    func page(_ title: String, _ context: ShopContext, status: HTTPResponse.Status = .ok, _ body: HTML) throws
        -> Response
    {
        let session = context.session
        let frame = PageFrame(
            title: title, node: node.id, backing: backing.name, user: session.user,
            things: (try? session.payload.count) ?? 0, proof: session.user == nil ? nil : try session.csrfToken(),
            record: session.record, madeBy: session.madeBy)
        return frame.response(status, body)
    }
}
