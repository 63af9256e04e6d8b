internal import HTTPTypes
public import Hummingbird
internal import SessionTokens
public import Sessions

/// The session that a bearer token ends with, so that handlers have `context.session` as they have it by cookie.
///
/// Mount it after ``BearerMiddleware``, for tokens of `TokenService.access(boundTo:)`. No cookie is read or written, so no
/// proofs of forms are needed. Whoever signs in or begins a session here gets a new one, which no client has an id of: do
/// that where the token is issued.
///
/// Each response says in `Session-Version` which version of the state it shows, where the request didn't. A client that
/// sends the field back is served from the node's memory, and never sees an older state, whichever node answers; for all
/// others the state is read from the store.
///
/// A session that has ended is answered 401 `invalid_token`, as its token is; where nobody can tell, 503.
public struct TokenSessionMiddleware<Context: TokenRequestContext & SessionRequestContext>: RouterMiddleware {
    private let desk: SessionDesk

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - node: answers for the sessions.
    ///   - settings: trusted proxies, clocks and metrics; cookies don't matter.
    public init(_ node: ServiceNode, settings: SessionSettings = SessionSettings()) {
        desk = SessionDesk(node, settings, versions: .header)
    }

    /// Looks for the session, and lets the request go on with it.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let id = try context.requireToken().claims.session else {
            throw BearerError(.unauthorized, "invalid_token")
        }
        let core = SessionCore(desk, fields: request.headers, peer: context.peer)
        try await core.open(id, clientHolds: nil)
        guard core.live != nil else { throw BearerError(.unauthorized, "invalid_token") }
        var context = context
        context.session = RequestSession(core)
        do {
            var response = try await next(request, context)
            if let version = core.versionField { response.headers[version.name] = version.value }
            return response
        } catch let error as SessionsError where error.code == .sessionEnded {
            throw BearerError(.unauthorized, "invalid_token")
        }
    }
}
