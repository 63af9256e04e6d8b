public import Hummingbird
internal import Logging
public import Sessions

/// Sessions by cookie, over a ``ServiceNode``.
///
/// ```swift
/// let router = Router(context: ShopContext.self)
/// router.get("/health") { _, _ in HTTPResponse.Status.ok }      // before it: needs no session
/// let shop = router.group().add(middleware: SessionMiddleware(node))
/// shop.get("/cart") { _, context in "\(try context.session.payload.items.count) things" }
/// ```
///
/// A second cookie, of the same name with `-version`, says which version of its state the client has seen: whichever node
/// answers, it never sees an older one. Without that cookie the state is read from the store.
///
/// The session is looked for before the handler begins, mostly in the memory of the node. Routes that need none belong
/// outside: they then work while the store is away.
///
/// | the cookie | the request | the client |
/// |---|---|---|
/// | none | goes on as nobody's | keeps what it has |
/// | a live session | goes on with it | keeps its cookie |
/// | revoked, expired, never issued | goes on as nobody's | is told to remove the cookie |
/// | malformed, oversized | goes on as nobody's, counted, nothing is looked up | is told to remove the cookie |
/// | two of the name | goes on as nobody's, counted, nothing is looked up | keeps both |
/// | a session that was handed over to another node | 307 to the same place | gets an affinity cookie that names the node |
/// | nobody can tell now | 503 with `Retry-After`, **never 401** | keeps its cookie |
public struct SessionMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let desk: SessionDesk

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - node: answers for the sessions; somebody must run it, or every request asks the store.
    ///   - settings: how sessions travel.
    public init(_ node: ServiceNode, settings: SessionSettings = SessionSettings()) {
        desk = SessionDesk(node, settings, versions: .cookie(beside: settings.cookie))
    }

    /// Looks for the session, lets the request go on with it, and tells the client what has changed.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let core = SessionCore(desk, fields: request.headers, peer: context.peer)
        do { try await core.open() } catch {
            if let response = core.redirection(after: error, of: request) { return response }
            // One for each request of an outage: the metrics tell of it, the log need not.
            context.logger.debug("no session can be looked up", metadata: ["error": "\(error)"])
            throw error
        }
        var context = context
        context.session = RequestSession(core)
        do {
            var response = try await next(request, context)
            response.headers.add(core.answerFields())
            return response
        } catch {
            let fields = core.answerFields()
            throw fields.isEmpty ? error : AnsweredError(error, fields)
        }
    }
}
