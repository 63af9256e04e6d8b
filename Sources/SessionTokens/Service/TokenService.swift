public import Sessions

/// Access tokens that can be revoked, and refresh tokens beside them: issuer, families, verifier and follower as one.
///
/// ```swift
/// let service = try TokenService(
///     id: "web-03", issuer: issuer, policy: policy, keys: keys, store: store, sealer: sealer)
/// group.addTask { try await service.follower.run() }
/// …
/// let pair = try await service.signIn(user: "alice", client: "app", audience: ["https://api"], scope: ["read"])
/// …
/// let token = try await service.verify(bearer)     // throws TokenRefusal: 401, or 503 where nobody can tell
/// ```
///
/// A value: make one for a process, and give it to whoever needs it.
public struct TokenService: Sendable {
    /// Issues access tokens.
    public let issuer: TokenIssuer
    /// Keeps refresh tokens; of a family that it ends the access tokens are refused here at once.
    public let families: RefreshFamilies
    /// Verifies access tokens, revocation included, by what is at hand.
    public let verifier: TokenVerifier
    /// Follows the feed; somebody has to run it.
    public let follower: RevocationFollower
    /// Verifies everything but revocation.
    let plainVerifier: TokenVerifier
    let store: any SessionStore
    let time: TimeSource

    /// Makes a service.
    ///
    /// - Parameters:
    ///   - id: the name of this process among the nodes of the store; its follower appends ` tokens`.
    ///   - issuer: issues access tokens.
    ///   - policy: what is demanded of a token that is verified here.
    ///   - keys: the issuer's public keys.
    ///   - decryptionKeys: this service's own, for tokens that are encrypted to it.
    ///   - store: where families are, and whose feed is followed.
    ///   - sealer: seals what families remember.
    ///   - refresh: how refresh tokens are treated.
    ///   - lease: δ.
    ///   - time: the clocks.
    ///   - auditLog: gets an entry for each reuse of a refresh token.
    /// - Throws: ``SessionsError`` with `usage` where the policy refuses what the issuer issues: by another name, or for
    ///   living too long.
    public init(
        id: String, issuer: TokenIssuer, policy: TokenPolicy, keys: TokenKeys,
        decryptionKeys: JSONWebKeySet? = nil, store: any SessionStore, sealer: PayloadSealer,
        refresh: RefreshPolicy = RefreshPolicy(), lease: Duration = .seconds(2), time: TimeSource = .system,
        auditLog: (any SessionDirectory)? = nil
    ) throws {
        guard issuer.issuer.hasBytes(of: policy.issuer), issuer.lifetime <= policy.lifetime else {
            throw SessionsError(
                .usage,
                "the policy refuses what the issuer issues: give both the same name, and the policy the longer life"
            )
        }
        self.issuer = issuer
        self.store = store
        self.time = time
        let follower = RevocationFollower(
            id: "\(id) tokens", store: store, policy: FollowerPolicy(for: policy, lease: lease), time: time)
        var families = RefreshFamilies(
            store: store, sealer: sealer, policy: refresh, accessLife: issuer.lifetime, time: time, node: id,
            auditLog: auditLog)
        families.whenEnded = { follower.noteDenied($0) }
        self.follower = follower
        self.families = families
        verifier = TokenVerifier(
            policy: policy, keys: keys, decryptionKeys: decryptionKeys, revocations: follower, time: time)
        plainVerifier = TokenVerifier(policy: policy, keys: keys, decryptionKeys: decryptionKeys, time: time)
    }

    /// Verifies a token: form, keys, signature and claims, and then whether it was revoked.
    ///
    /// Unlike ``verifier`` it waits where that helps: for a key that isn't known yet, and for the feed where the lease on it
    /// has run out.
    ///
    /// - Parameters:
    ///   - token: the bytes that came; any may.
    ///   - demand: what this request needs besides the policy.
    /// - Returns: the token, with its claims.
    /// - Throws: the first reason against it; `revocationUnknown` is a 503, every other a 401.
    public func verify(
        _ token: [UInt8], demanding demand: TokenDemand = .none
    ) async throws(TokenRefusal) -> VerifiedToken {
        let verified = try await plainVerifier.verifyLookingUpKeys(token, demanding: demand)
        guard verified.expires - verified.issued <= follower.policy.longestToken else {
            throw TokenRefusal.outlivesDenials
        }
        if let refusal = TokenRefusal(await follower.judge(TokenMarks(verified))) { throw refusal }
        return verified
    }

    /// The same for a text.
    public func verify(
        _ token: String, demanding demand: TokenDemand = .none
    ) async throws(TokenRefusal) -> VerifiedToken {
        try await verify(Array(token.utf8), demanding: demand)
    }
}
