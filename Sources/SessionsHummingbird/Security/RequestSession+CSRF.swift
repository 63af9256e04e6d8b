internal import Sessions
internal import Synchronization

extension RequestSession {
    /// A proof for a form of this page: put it into a hidden field `csrf`, or let scripts send it as `X-CSRF-Token`.
    ///
    /// A visitor without a session gets a cookie for it with this response.
    ///
    /// - Returns: 64 characters of base64url, other ones each time, good for as long as the session has its id.
    /// - Throws: `SessionsError` with `usage` where ``SessionMiddleware`` isn't mounted.
    public func csrfToken() throws -> String {
        let core = try mounted()
        return CSRFToken.make(core.live?.id ?? core.visitorKey())
    }

    /// Whether a proof was made for this client; ``CSRFMiddleware`` asks it for every request that changes something.
    ///
    /// - Throws: `SessionsError` with `usage` where ``SessionMiddleware`` isn't mounted.
    public func acceptsCSRFToken(_ text: some StringProtocol) throws -> Bool {
        let core = try mounted()
        if let live = core.live {
            if let id = live.id, CSRFToken.isValid(text, id) { return true }
            // Whoever opened a form before their first session began may send it still, but nobody who is signed in.
            guard live.served.user == nil else { return false }
        }
        return core.knownVisitorKey.map { CSRFToken.isValid(text, $0) } ?? false
    }
}

extension SessionCore {
    /// The key that the client sent.
    fileprivate var knownVisitorKey: SessionID? {
        if case .one(let text) = FoundCookie(CSRFToken.cookie.name, in: cookies) { SessionID(text: text) } else { nil }
    }

    /// The client's key, or one that it gets with this response.
    fileprivate func visitorKey() -> SessionID {
        if let known = knownVisitorKey { return known }
        return state.withLock { state in
            let key = state.changes.visitorKey ?? SessionID()
            state.changes.visitorKey = key
            return key
        }
    }
}
