public import Sessions

/// A family of refresh tokens, as it stands.
public struct RefreshFamily: Sendable, Equatable {
    /// Its identity, as sessions have one: what access tokens carry as `sid`, and what an operator sees and revokes.
    public let id: IDHash
    /// Who signed in; `nil`: the client itself.
    public let user: String?
    /// The client application that it was issued to.
    public let client: String
    /// The tenant, where there are several.
    public let tenant: String?
    /// The feed's position at the sign-in: the epoch of access tokens, because whatever cuts one off ends the other.
    public let epoch: FeedPosition
    /// The number of its latest token; the first is 1.
    public let generation: Int
    /// When the request came that this answers: the `iat` of the access token that goes with it.
    public let asked: Timestamp
    /// When it ends by itself.
    public let deadlines: Deadlines
    /// The application's own: the scope that was granted, for one.
    public let data: JSONValue
}

/// What became of a refresh token that was presented.
public enum RefreshOutcome: Sendable {
    /// It was exchanged: the successor is for the client, and an access token may be issued.
    ///
    /// Where the same token was exchanged a moment ago, the successor is the same.
    case exchanged(RefreshFamily, successor: RefreshToken)
    /// It wasn't: `invalid_grant`, and the client has to sign in again.
    case refused(Refusal)

    /// Why a refresh token was not exchanged.
    public enum Refusal: Sendable, Equatable {
        /// It is no token of ours.
        case unknown
        /// Its family has ended, or a family or session that it was derived from.
        case ended(SessionState)
        /// It was issued to another client.
        case wrongClient
        /// It had been exchanged before: its family has been ended now, and somebody should be told.
        case reused(RefreshReuse)
    }
}
