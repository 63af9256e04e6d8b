public import Sessions

/// All that revocation goes by in a token, made ready for looking up.
///
/// Made once for a token, from claims whose signature was verified.
public struct TokenMarks: Sendable, Hashable {
    /// The token itself, by `iss` and `jti`; `nil`: it has no `jti`, and can't be denied by itself.
    public var denial: TokenDenial?
    /// The session or refresh family that it is bound to: its `sid`; `nil`: none.
    public var session: IDHash?
    /// The feed's position when it was issued; a token without one is as old as the feed.
    public var epoch: FeedPosition
    /// When it was issued by its own word, `iat`; looked at only where the store went back in time.
    public var issued: Timestamp?
    /// Its `sub`, `client_id` and `tenant`: what cut-offs name.
    public var user: String?, client: String?, tenant: String?

    /// Makes one.
    public init(
        denial: TokenDenial?, session: IDHash? = nil, epoch: FeedPosition, issued: Timestamp? = nil,
        user: String? = nil, client: String? = nil, tenant: String? = nil
    ) {
        self.denial = denial
        self.session = session
        self.epoch = epoch
        self.issued = issued
        self.user = user
        self.client = client
        self.tenant = tenant
    }
}

/// What revocation says of a token whose signature and claims are in order.
public enum TokenVerdict: Sendable, Hashable {
    /// Nobody has revoked it, as far as anybody knew δ ago.
    case valid
    /// It was revoked: 401.
    case denied(Reason)
    /// Nobody can tell now, because the feed can't be read: 503, never 401, and never served.
    case cannotTell

    /// By what a token was revoked.
    public enum Reason: String, Sendable {
        /// It itself, by its `jti`.
        case token
        /// The session or refresh family that it is bound to has ended.
        case session
        /// A cut-off covers it: of its user, client or tenant, or of everyone.
        case cutoff
        /// The store was restored from a backup older than it: what revoked it may be lost.
        case lostPast
    }
}
