/// What a request did that no client of ours does.
public enum Attack: String, Sendable, CaseIterable {
    /// A session cookie that has not the shape of an id.
    case malformedCookie
    /// A session cookie, or all cookies together, longer than they can be.
    case oversizedCookie
    /// Two session cookies: neither is taken.
    case ambiguousCookie
    /// An id that was never issued: fixation, or a guess.
    ///
    /// A session that was purged long ago looks the same.
    case unknownSession
    /// The id of a session that was ended: a replay after sign-out, or a client that was revoked and comes back.
    case endedSession
    /// An affinity cookie that no node wrote for this session.
    case forgedAffinity
    /// A request that changes something, without the proof that a page of ours sent it.
    case forgedRequest
    /// A bearer token that can't be read.
    case malformedToken
    /// A bearer token that is longer than any can be.
    case oversizedToken
    /// Two bearer tokens: neither is taken.
    case ambiguousToken
    /// A bearer token whose signature, key, algorithm, issuer or audience isn't what it must be.
    case forgedToken
    /// A bearer token that was revoked.
    case endedToken
}
