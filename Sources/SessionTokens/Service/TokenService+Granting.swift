public import Sessions

/// An access token, and the refresh token beside it.
public struct TokenPair: Sendable {
    /// The access token.
    public let access: IssuedToken
    /// The refresh token, for the client alone.
    public let refresh: RefreshToken
    /// The family that both end with.
    public let family: RefreshFamily
}

extension TokenService {
    /// What became of a refresh.
    public enum Refreshed: Sendable {
        /// New tokens.
        case issued(TokenPair)
        /// None: `invalid_grant`.
        case refused(RefreshOutcome.Refusal)
        /// None, and the token was not exchanged: more was asked for than had been granted. `invalid_scope`.
        case scopeNotGranted
    }

    /// Signs somebody in, or a client by itself: once they have proved who they are.
    ///
    /// - Parameters:
    ///   - user: who signed in; `nil`: the client itself.
    ///   - client: the client application.
    ///   - tenant: the tenant, where there are several.
    ///   - audience: for whom the access tokens are.
    ///   - scope: what they are good for.
    ///   - own: other claims of theirs.
    ///   - parent: what the family is derived from: see ``RefreshFamilies/issue(user:client:tenant:data:parent:request:)``.
    ///   - request: who sent the request.
    /// - Returns: both tokens.
    /// - Throws: ``SessionsError`` as the family's issue does, and with `usage` where the claims can't be issued.
    public func signIn(
        user: String?, client: String, tenant: String? = nil, audience: [String], scope: [String] = [],
        own: [JSONValue.Member] = [], parent: IDHash? = nil, request: RequestInfo = RequestInfo()
    ) async throws -> TokenPair {
        let grant = TokenGrant(audience: audience, scope: scope, own: own)
        let issued = try await families.issue(
            user: user, client: client, tenant: tenant, data: grant.json, parent: parent, request: request)
        return TokenPair(
            access: try access(of: issued.family, grant), refresh: issued.token, family: issued.family)
    }

    /// Exchanges a refresh token for new tokens.
    ///
    /// A reuse is known here at once; elsewhere when the feed has told it.
    ///
    /// - Parameters:
    ///   - text: from the client, of any form.
    ///   - client: the client application, once it has proved who it is.
    ///   - scope: what the access token is to be good for, no more than was granted; `nil`: all of it.
    ///   - request: who sent the request.
    /// - Returns: the tokens, or why there are none.
    /// - Throws: ``SessionsError`` as the exchange does.
    public func refresh(
        _ text: some StringProtocol, client: String, scope: [String]? = nil, request: RequestInfo = RequestInfo()
    ) async throws -> Refreshed {
        if let scope, let family = try await families.family(of: text) {
            guard let granted = TokenGrant(family.data)?.scope, Set(scope).isSubset(of: granted) else {
                return .scopeNotGranted
            }
        }
        switch try await families.refresh(text, client: client, request: request) {
        case .exchanged(let family, let successor):
            guard var grant = TokenGrant(family.data) else {
                throw SessionsError(.corrupt, "a refresh family doesn't say what was granted: end it")
            }
            grant.scope = scope ?? grant.scope
            return .issued(TokenPair(access: try access(of: family, grant), refresh: successor, family: family))
        case .refused(let refusal): return .refused(refusal)
        }
    }

    /// Issues an access token that ends with a session: revoking one revokes the other.
    ///
    /// - Parameters:
    ///   - session: a live session, such as `ServiceNode` has served.
    ///   - audience: for whom the token is.
    ///   - scope: what it is good for.
    ///   - own: its other claims.
    /// - Returns: the token.
    /// - Throws: ``SessionsError`` with `usage` where nobody has signed in, or the claims can't be issued.
    public func access(
        boundTo session: Session, audience: [String], scope: [String] = [], own: [JSONValue.Member] = []
    ) throws -> IssuedToken {
        guard let user = session.user else {
            throw SessionsError(.usage, "a token is about somebody: nobody has signed in to this session")
        }
        // Whatever cuts off the token has ended the session, too: the epochs are the same.
        return try issuer.issue(
            TokenClaims(
                subject: user, audience: audience, client: session.client, tenant: session.tenant, session: session.id,
                epoch: session.epoch, scope: scope, own: own))
    }

    /// The epoch for a token that ends with no session: to be read *before* it is decided whether one is issued.
    ///
    /// A cut-off that comes while that is being decided is then later than the token, and refuses it.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`.
    public func epoch() async throws -> FeedPosition { try await store.feed(after: .start, limit: 0).end }

    /// Issues an access token that ends with no session: it can be denied by its `jti`, and cut off.
    ///
    /// - Parameters:
    ///   - subject: whom it is about.
    ///   - epoch: from ``epoch()``, read before it was decided.
    ///   - client: the client application.
    ///   - tenant: the tenant, where there are several.
    ///   - audience: for whom it is.
    ///   - scope: what it is good for.
    ///   - own: its other claims.
    /// - Returns: the token.
    /// - Throws: ``SessionsError`` with `usage` where the claims can't be issued.
    public func access(
        subject: String, epoch: FeedPosition, client: String? = nil, tenant: String? = nil, audience: [String],
        scope: [String] = [], own: [JSONValue.Member] = []
    ) throws -> IssuedToken {
        try issuer.issue(
            TokenClaims(
                subject: subject, audience: audience, client: client, tenant: tenant, epoch: epoch, scope: scope,
                own: own))
    }

    private func access(of family: RefreshFamily, _ grant: TokenGrant) throws -> IssuedToken {
        try issuer.issue(
            TokenClaims(
                subject: family.user ?? family.client, audience: grant.audience, client: family.client,
                tenant: family.tenant, session: family.id, epoch: family.epoch, scope: grant.scope, own: grant.own),
            at: family.asked)
    }
}
