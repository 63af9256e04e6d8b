public import Sessions

/// Verifies tokens: form, keys, signature, claims, and the feed.
///
/// A value: make one, and give it to whoever needs it. The work is bounded by the length of a token, and never leaves the
/// process, but for ``verifyLookingUpKeys(_:demanding:)-(String,_)``.
public struct TokenVerifier: Sendable {
    /// What every token is examined by.
    final class Rules: Sendable {
        let policy: TokenPolicy
        let keys: TokenKeys
        let decryptionKeys: JSONWebKeySet?
        let revocations: (any TokenRevocations)?
        let time: TimeSource
        let headers = HeaderMemory()
        /// What the policy names, so that it needn't be made for each token.
        let likely: TokenPayload.Likely
        /// What the policy says of times, in milliseconds: each token is compared with them.
        let leeway, lifetime: Int64

        init(
            _ policy: TokenPolicy, _ keys: TokenKeys, _ decryptionKeys: JSONWebKeySet?,
            _ revocations: (any TokenRevocations)?, _ time: TimeSource
        ) {
            (self.policy, self.keys, self.decryptionKeys) = (policy, keys, decryptionKeys)
            (self.revocations, self.time) = (revocations, time)
            likely = TokenPayload.Likely(issuer: policy.issuer, audience: [policy.audience])
            (leeway, lifetime) = (policy.leeway.wholeMilliseconds, policy.lifetime.wholeMilliseconds)
        }
    }

    let rules: Rules
    /// What is demanded.
    public var policy: TokenPolicy { rules.policy }
    /// The issuer's keys.
    public var keys: TokenKeys { rules.keys }
    var revocations: (any TokenRevocations)? { rules.revocations }

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - policy: what is demanded.
    ///   - keys: the issuer's keys.
    ///   - decryptionKeys: this service's own, for tokens that are encrypted to it.
    ///   - revocations: tells what was revoked; `nil`: tokens live until they expire.
    ///   - time: the clocks.
    public init(
        policy: TokenPolicy, keys: TokenKeys, decryptionKeys: JSONWebKeySet? = nil,
        revocations: (any TokenRevocations)? = nil, time: TimeSource = .system
    ) {
        rules = Rules(policy, keys, decryptionKeys, revocations, time)
    }

    /// Verifies a token by the keys at hand.
    ///
    /// - Parameters:
    ///   - token: the bytes that came; any may.
    ///   - demand: what this request needs besides the policy.
    /// - Returns: the token, with its claims.
    /// - Throws: the first reason against it.
    public func verify(_ token: [UInt8], demanding demand: TokenDemand = .none) throws(TokenRefusal) -> VerifiedToken {
        var examination = TokenExamination(self, demand, stopsAtFirst: true)
        return try verify(token, by: &examination)
    }

    private func verify(
        _ token: [UInt8], by examination: inout TokenExamination
    ) throws(TokenRefusal) -> VerifiedToken {
        guard let verified = try examination.examine(token) else {
            throw examination.findings.refusals.first ?? TokenRefusal(.malformed, "it can't be read")
        }
        if let refusal = revocations?.refusal(of: verified) { throw refusal }
        return verified
    }

    /// The same for a text.
    public func verify(_ token: String, demanding demand: TokenDemand = .none) throws(TokenRefusal) -> VerifiedToken {
        try verify(Array(token.utf8), demanding: demand)
    }

    /// Verifies a token, and asks the keys' source where the `kid` that signed it isn't known: once, not for each token.
    ///
    /// - Parameters:
    ///   - token: the bytes that came; any may.
    ///   - demand: what this request needs besides the policy.
    /// - Returns: the token, with its claims.
    /// - Throws: the first reason against it.
    public func verifyLookingUpKeys(
        _ token: [UInt8], demanding demand: TokenDemand = .none
    ) async throws(TokenRefusal) -> VerifiedToken {
        var examination = TokenExamination(self, demand, stopsAtFirst: true)
        do { return try verify(token, by: &examination) } catch {
            guard let id = examination.missingKeyID, await keys.lookUp(id) else { throw error }
        }
        return try verify(token, demanding: demand)
    }

    /// The same for a text.
    public func verifyLookingUpKeys(
        _ token: String, demanding demand: TokenDemand = .none
    ) async throws(TokenRefusal) -> VerifiedToken {
        try await verifyLookingUpKeys(Array(token.utf8), demanding: demand)
    }

    /// Looks at a token as a whole, and gathers every reason against it.
    ///
    /// Slower than ``verify(_:demanding:)-([UInt8],_)``, and for people: requests are decided by that one.
    public func diagnose(_ token: [UInt8], demanding demand: TokenDemand = .none) -> TokenDiagnosis {
        var examination = TokenExamination(self, demand, stopsAtFirst: false)
        let verified: VerifiedToken?
        do throws(TokenRefusal) { verified = try examination.examine(token) } catch {
            // It gathers: nothing is thrown.
            return TokenDiagnosis(refusals: [error], decoded: examination.decoded, verified: nil)
        }
        var refusals = examination.findings.refusals
        if let verified, let refusal = revocations?.refusal(of: verified) { refusals.append(refusal) }
        return TokenDiagnosis(
            refusals: refusals, decoded: examination.decoded, verified: refusals.isEmpty ? verified : nil)
    }
}

/// What is to be said about a token.
public struct TokenDiagnosis: Sendable {
    /// Every reason against it, in the order of the rules; empty: it holds.
    public let refusals: [TokenRefusal]
    /// What could be decoded of it: true only where ``verified`` is there.
    public let decoded: DecodedToken
    /// The token, where it holds.
    public let verified: VerifiedToken?
}
