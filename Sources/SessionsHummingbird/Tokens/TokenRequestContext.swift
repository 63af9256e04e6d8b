public import Hummingbird
public import SessionTokens
internal import Sessions

/// A request's context that has a bearer token in it.
///
/// ```swift
/// struct APIContext: TokenRequestContext {
///     var coreContext: CoreRequestContextStorage
///     var token: VerifiedToken?
///
///     init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
/// }
/// ```
public protocol TokenRequestContext: RequestContext {
    /// The token, every rule of which held; `nil` where no ``BearerMiddleware`` has looked.
    var token: VerifiedToken? { get set }
}

extension TokenRequestContext {
    /// The token.
    ///
    /// - Returns: the token.
    /// - Throws: `SessionsError` with `usage` where ``BearerMiddleware`` isn't mounted.
    public func requireToken() throws -> VerifiedToken {
        guard let token else {
            throw SessionsError(.usage, "the request has no token: add BearerMiddleware before this route")
        }
        return token
    }
}
