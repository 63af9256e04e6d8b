internal import Sessions

/// What a service demands of tokens.
///
/// Whatever it says, these hold: only algorithms of this library, the algorithm is the key's, `iss`, `aud`, `sub`, `exp` and
/// `iat` are there, `typ` is named, the leeway is 300 s at most, and no token lives longer than 24 h.
public struct TokenPolicy: Sendable {
    /// The greatest leeway.
    public static let greatestLeeway = Duration.seconds(300)
    /// The longest that a token may live: as long as denials are remembered.
    public static let longestLifetime = Duration.seconds(86_400)
    /// Claims that every token has.
    static let alwaysRequired: [TypedClaim] = [.issuer, .subject, .audience, .expires, .issued]

    /// Who must have issued it: `iss`, compared by bytes.
    public let issuer: String
    /// For whom it must be: one of `aud`, compared by bytes.
    public let audience: String
    /// The `typ` that are accepted, in small letters and without `application/`.
    public let types: [String]
    /// The signature algorithms that are accepted, of a key that has them.
    public let algorithms: Set<SignatureAlgorithm>
    /// How the keys of encrypted tokens may travel.
    public let transports: Set<KeyTransport>
    /// How far clocks may be apart.
    public let leeway: Duration
    /// The longest that a token may live, from `iat` to `exp`.
    public let lifetime: Duration
    /// Claims that must be there besides those that always must.
    public let requiredClaims: [String]
    /// Whether tokens that aren't encrypted are refused.
    public let requiresEncryption: Bool

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - issuer: who must have issued a token.
    ///   - audience: for whom it must be.
    ///   - types: the `typ` that are accepted, at least one: `at+jwt` (RFC 9068) and, where it is wanted, `JWT`.
    ///   - algorithms: the signature algorithms that are accepted: by default those with a public key.
    ///   - transports: how the keys of encrypted tokens may travel.
    ///   - leeway: how far clocks may be apart, at most 300 s.
    ///   - lifetime: the longest that a token may live, at most 24 h.
    ///   - requiredClaims: by default `jti`, which a token can be denied by.
    ///   - requiresEncryption: whether tokens that aren't encrypted are refused.
    /// - Throws: ``SessionsError`` with `usage` for an empty name, no type, no algorithm, a leeway or a lifetime beyond
    ///   its bound.
    public init(
        issuer: String, audience: String, types: [String] = ["at+jwt"],
        algorithms: some Sequence<SignatureAlgorithm> = SignatureAlgorithm.asymmetric,
        transports: some Sequence<KeyTransport> = KeyTransport.all, leeway: Duration = .seconds(60),
        lifetime: Duration = longestLifetime, requiredClaims: [String] = ["jti"], requiresEncryption: Bool = false
    ) throws {
        (self.issuer, self.audience, self.types) = (issuer, audience, types.map(MediaType.spelled))
        (self.algorithms, self.transports) = (Set(algorithms), Set(transports))
        (self.leeway, self.lifetime) = (leeway, lifetime)
        (self.requiredClaims, self.requiresEncryption) = (requiredClaims, requiresEncryption)
        guard !issuer.isEmpty, !audience.isEmpty, !types.isEmpty, types.allSatisfy({ !$0.isEmpty }),
            !self.algorithms.isEmpty
        else { throw SessionsError(.usage, "a token policy needs an issuer, an audience, a type and an algorithm") }
        guard (.zero...Self.greatestLeeway).contains(leeway) else {
            throw SessionsError(.usage, "the leeway is from 0 to 300 s: mend the clocks instead")
        }
        guard lifetime > .zero, lifetime <= Self.longestLifetime else {
            throw SessionsError(.usage, "a token's life is at most 24 h: use refresh tokens for longer")
        }
    }
}

/// What one request demands besides the policy: it can only ask for more.
public struct TokenDemand: Sendable {
    /// The scopes that the token must have, compared by bytes.
    public var scope: [String]
    /// Claims that must be there.
    public var claims: [String]
    /// Whether it must be encrypted.
    public var isEncrypted: Bool

    /// Makes a demand.
    public init(scope: [String] = [], claims: [String] = [], isEncrypted: Bool = false) {
        (self.scope, self.claims, self.isEncrypted) = (scope, claims, isEncrypted)
    }

    /// Nothing besides the policy.
    public static let none = TokenDemand()
}
