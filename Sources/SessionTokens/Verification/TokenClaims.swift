public import Sessions

/// What a token says: the registered claims (RFC 7519, RFC 9068), those that tie it to the feed, and own ones.
public struct TokenClaims: Sendable {
    /// `iss`: who issued it.
    public var issuer: String?
    /// `sub`: whom it is about.
    public var subject: String?
    /// `aud`: for whom it is.
    public var audience: [String] = []
    /// `exp`: when it ends, to the millisecond.
    public var expires: Timestamp?
    /// `nbf`: from when on it holds.
    public var notBefore: Timestamp?
    /// `iat`: when it was issued.
    public var issued: Timestamp?
    /// `jti`: its id.
    public var id: String?
    /// `client_id`: the client application that it was issued to.
    public var client: String?
    /// `tenant`: the tenant that it belongs to.
    public var tenant: String?
    /// `sid`: the hash of the session or refresh family that it ends with.
    ///
    /// `nil`, too, where another issuer names its sessions otherwise.
    public var session: IDHash?
    /// `epoch`: the feed's position when it was issued.
    public var epoch: FeedPosition?
    /// `scope`: what it is good for.
    public var scope: [String] = []
    /// All other claims, in order.
    public var own: [JSONValue.Member] = []

    /// Claims about nobody yet.
    public init() {}

    /// Claims about somebody, for somebody.
    ///
    /// - Parameters:
    ///   - subject: whom the token is about.
    ///   - audience: for whom it is.
    ///   - client: the client application that it is issued to.
    ///   - tenant: the tenant that it belongs to.
    ///   - session: the session or refresh family that it ends with.
    ///   - epoch: the feed's position now.
    ///   - scope: what it is good for.
    ///   - own: other claims.
    public init(
        subject: String, audience: [String], client: String? = nil, tenant: String? = nil, session: IDHash? = nil,
        epoch: FeedPosition? = nil, scope: [String] = [], own: [JSONValue.Member] = []
    ) {
        (self.subject, self.audience, self.client, self.tenant) = (subject, audience, client, tenant)
        (self.session, self.epoch, self.scope, self.own) = (session, epoch, scope, own)
    }
}

extension TokenClaims {
    /// The claims as they stand in a token; times in whole seconds, rounded down.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue?) { if let value { members.append(.init(name, value)) } }
        add("iss", issuer.map { .string($0) })
        add("sub", subject.map { .string($0) })
        add("aud", audience.isEmpty ? nil : Self.oneOrMany(audience))
        add("exp", expires.map(Self.seconds))
        add("nbf", notBefore.map(Self.seconds))
        add("iat", issued.map(Self.seconds))
        add("jti", id.map { .string($0) })
        add("client_id", client.map { .string($0) })
        add("tenant", tenant.map { .string($0) })
        add("sid", session.map { .base64($0.bytes) })
        add("epoch", epoch.map { .integer($0.value) })
        add("scope", scope.isEmpty ? nil : .string(scope.joined(separator: " ")))
        return .object(members + own)
    }

    private static func oneOrMany(_ texts: [String]) -> JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map { .string($0) })
    }

    private static func seconds(_ moment: Timestamp) -> JSONValue {
        let (seconds, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
        return .integer(rest < 0 ? seconds - 1 : seconds)
    }
}
