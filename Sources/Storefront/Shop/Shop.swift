import Hummingbird
import Sessions
import SessionsHummingbird

/// The shop: which pages there are, and what stands before them.
struct Shop: Sendable {
    let node: ServiceNode
    let backing: SessionBacking
    let settings: SessionSettings
    let drain: DrainState

    /// The routes.
    func router() -> Router<ShopContext> {
        let router = Router(context: ShopContext.self)
        router.add(middleware: PageHeaders())
        // Needs no session, so it answers while the store is away.
        router.get("/health") { [drain, node] _, _ in
            Response(
                status: drain.isDraining ? .serviceUnavailable : .ok, headers: [.contentType: "text/plain"],
                body: .init(byteBuffer: ByteBuffer(string: "\(node.id) \(drain.isDraining ? "draining" : "up")\n")))
        }
        // What the session layer costs is measured against this route.
        router.get("/plain") { _, _ in "plain\n" }
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
