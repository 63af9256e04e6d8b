/// Where a read was answered.
public enum Tier: String, Sendable, CaseIterable {
    /// In the memory of the process.
    case l1
    /// In the shared cache.
    case l2
    /// In the database.
    case database
}

/// What a node says to a request that carries an id.
public enum Answer: Sendable {
    /// The session is live: serve the request.
    case live(ServedSession)
    /// The session has ended, or never was (`nil`): answer 401, and clear the cookie.
    case refused(SessionState?)
    /// The text hasn't the shape of an id of ours: answer 401. Nothing was looked up.
    case suspicious
    /// Nobody can tell now: answer 503, never 401, so that clients keep their cookies.
    case unavailable(SessionsError)
}

/// A session as a request is served from it.
public struct ServedSession: Sendable {
    let copy: SessionCopy
    /// Where it was found.
    public let tier: Tier

    /// The session; its payload is opened.
    public var session: Session { copy.session }
    /// Its identity on the server.
    public var id: IDHash { copy.session.id }
    /// Who signed in; `nil`: an anonymous visitor.
    public var user: String? { copy.session.user }
    /// The version that a save replaces.
    public var version: Int64 { copy.session.version }
    /// The application's state.
    public var payload: [UInt8] { copy.session.payload.bytes }

    /// The session as a save has left it, for whoever goes on with it in the same request.
    ///
    /// - Parameters:
    ///   - payload: what was saved.
    ///   - version: as the save told it.
    /// - Returns: the session with both.
    public func saved(_ payload: [UInt8], version: Int64) -> ServedSession {
        var session = copy.session
        session.payload = Payload(bytes: payload)
        session.version = version
        return ServedSession(copy: SessionCopy(session, isStray: copy.isStray), tier: tier)
    }
}

/// A session that was just made, with the id for its client.
public struct NewSession: Sendable {
    /// The secret for the client's cookie.
    public let id: SessionID
    /// The session.
    ///
    /// Its epoch is no later than the store's; a user's is no earlier than any cut-off that was set before it was asked for.
    public let served: ServedSession
}

/// A session with its payload opened, as it lies in the memory of the process: never changed, shared by one reference.
final class SessionCopy: Sendable {
    let session: Session
    /// Whether another node is the first choice for it.
    let isStray: Bool

    init(_ session: Session, isStray: Bool = false) {
        self.session = session
        self.isStray = isStray
    }

    /// What it takes in memory, roughly.
    var byteCount: Int {
        let texts = [session.user, session.tenant, session.client, session.ip, session.agent, session.node]
        return texts.reduce(512 + session.payload.bytes.count) { $0 + ($1?.utf8.count ?? 0) }
    }
}
