internal import HTTPTypes
public import Hummingbird
internal import Logging
public import SessionTokens

/// Lets requests go on that have a good bearer token (RFC 6750), and says so in the context.
///
/// ```swift
/// let api = router.group("api").add(middleware: BearerMiddleware(tokens))
/// api.get("me") { _, context in try context.requireToken().subject }
/// ```
///
/// The token stands in the field `Authorization` and nowhere else: what is in an address lands in logs. Nothing is looked up,
/// but for a key that isn't known yet.
///
/// | the request | is answered |
/// |---|---|
/// | no token, or another scheme | 401, and no reason: it has not been tried |
/// | two fields `Authorization` | 400 `invalid_request`, counted |
/// | a token that breaks a rule, is revoked or has run out | 401 `invalid_token`; what no client of ours sends is counted |
/// | a token without the scope that the route demands | 403 `insufficient_scope` |
/// | nobody can tell now whether it is revoked | 503 with `Retry-After`, **never 401** |
public struct BearerMiddleware<Context: TokenRequestContext>: RouterMiddleware {
    private let tokens: TokenService
    private let demand: TokenDemand
    private let settings: BearerSettings
    private let metrics: TokenMetrics

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - tokens: verifies; somebody must run its follower, or every request asks the feed.
    ///   - demand: what these routes need besides the policy.
    ///   - settings: where is counted.
    public init(_ tokens: TokenService, demanding demand: TokenDemand = .none, settings: BearerSettings = .init()) {
        (self.tokens, self.demand, self.settings) = (tokens, demand, settings)
        metrics = TokenMetrics(settings.metrics)
    }

    /// Verifies the token, and lets the request go on with it.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let text = try bearer(request.headers[values: .authorization])
        var context = context
        do throws(TokenRefusal) {
            context.token = try await tokens.verify(text, demanding: demand)
        } catch {
            metrics.count(error)
            if let attack = Attack(error.code) { settings.attacks.count(attack) }
            context.logger.debug("a token was refused", metadata: ["code": "\(error.code)"])
            throw BearerError(error, demanding: demand)
        }
        metrics.countAccepted()
        return try await next(request, context)
    }

    /// The one token of a request.
    private func bearer(_ fields: [String]) throws -> String {
        guard fields.count <= 1 else {
            settings.attacks.count(.ambiguousToken)
            metrics.countMissing()
            throw BearerError(.badRequest, "invalid_request")
        }
        let parts = (fields.first ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            metrics.countMissing()
            throw BearerError(.unauthorized, nil)
        }
        return String(parts[1])
    }
}
