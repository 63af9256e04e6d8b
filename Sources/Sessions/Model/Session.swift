/// One signed-in or anonymous visitor's state, as the request path handles it.
public struct Session: Sendable, Equatable {
    /// Its identity on the server.
    public let id: IDHash
    /// Who signed in; `nil`: an anonymous visitor.
    ///
    /// Opaque bytes to us, text by custom.
    public var user: String?
    /// The tenant it belongs to, where there are several; cut-offs may name it.
    public var tenant: String?
    /// The client application it was issued to, where there are several; cut-offs may name it.
    public var client: String?
    /// Where it was last written, it could still be used; see ``standing(at:cutoffs:)`` for now.
    public var state: SessionState
    /// One higher with each write of the payload; the first is 1.
    public var version: Int64
    /// The position of the revocation feed when it was issued: a cut-off with a higher epoch refuses it.
    public var epoch: FeedPosition
    /// When the visitor came.
    public var created: Timestamp
    /// When somebody last signed in, or proved again who they are; `nil`: never.
    public var authenticated: Timestamp?
    /// When it was last used, to about a tenth of the idle time.
    public var seen: Timestamp
    /// When it ends by itself.
    public var deadlines: Deadlines
    /// The address it was last used from, as text.
    public var ip: String?
    /// The user agent it was last used with.
    ///
    /// Written by strangers.
    public var agent: String?
    /// The node that served it last.
    public var node: String?
    /// Who ended it, when and why; `nil` while nobody has.
    public var revocation: Revocation?
    /// The application's own state, sealed or plain; see ``PayloadSealer``.
    public var payload: Payload

    /// Makes a session that is live, new and never touched.
    ///
    /// - Parameters:
    ///   - id: the hash of a new ``SessionID``.
    ///   - user: who signed in, or `nil`.
    ///   - tenant: the tenant, where there are several.
    ///   - client: the client application, where there are several.
    ///   - created: now.
    ///   - lifetime: its deadlines follow from it.
    ///   - payload: the application's state.
    public init(
        id: IDHash, user: String? = nil, tenant: String? = nil, client: String? = nil, created: Timestamp,
        lifetime: Lifetime, payload: Payload = .empty
    ) {
        self.id = id
        self.user = user
        self.tenant = tenant
        self.client = client
        self.created = created
        self.payload = payload
        state = .live
        version = 1
        epoch = .start
        authenticated = user == nil ? nil : created
        seen = created
        deadlines = lifetime.deadlines(from: created)
    }

    /// How it stands at a moment: its recorded state, its deadlines and every cut-off that applies.
    public func standing(at now: Timestamp, cutoffs: Cutoffs) -> SessionState {
        state.standing(at: now, isCut: cutoffs.refuse(self), deadlines)
    }
}

/// Who ended a session, when and why.
public struct Revocation: Sendable, Equatable {
    /// When it was committed.
    public var at: Timestamp
    /// The operator, the service or the user themself: `ops/mira`, `sign-out`.
    public var by: String
    /// Why, in the words of whoever did it.
    public var reason: String?

    /// Makes a record of a revocation.
    public init(at: Timestamp, by: String, reason: String?) {
        self.at = at
        self.by = by
        self.reason = reason
    }
}
