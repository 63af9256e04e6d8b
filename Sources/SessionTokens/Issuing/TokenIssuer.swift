public import Sessions

/// Issues access tokens: fills in who, when, how long and a new id, then signs.
public struct TokenIssuer: Sendable {
    /// `iss`.
    public let issuer: String
    /// From `iat` to `exp`.
    public let lifetime: Duration
    private let signer: TokenSigner
    private let time: TimeSource
    private let makeID: @Sendable () -> String

    /// Makes an issuer.
    ///
    /// - Parameters:
    ///   - issuer: `iss`.
    ///   - signer: the keys and the type.
    ///   - lifetime: how long tokens live: from 1 s to 24 h, in whole seconds. Minutes are right.
    ///   - time: the clocks.
    ///   - makeID: makes the `jti`; of one's own only in tests.
    /// - Throws: ``SessionsError`` with `usage` for an empty issuer, or another lifetime.
    public init(
        issuer: String, signer: TokenSigner, lifetime: Duration = .seconds(300), time: TimeSource = .system,
        makeID: @escaping @Sendable () -> String = newID
    ) throws {
        guard (1...TokenLimits.nameByteCount).contains(issuer.utf8.count) else {
            throw SessionsError(.usage, "an issuer has 1 to \(TokenLimits.nameByteCount) bytes")
        }
        guard lifetime >= .seconds(1), lifetime <= TokenPolicy.longestLifetime else {
            throw SessionsError(.usage, "a token lives from 1 s to 24 h: use refresh tokens for longer")
        }
        (self.issuer, self.signer, self.time, self.makeID) = (issuer, signer, time, makeID)
        self.lifetime = .seconds(lifetime.components.seconds)
    }

    /// Issues a token now.
    ///
    /// - Parameter claims: with a subject and an audience; `iss`, `iat`, `exp` and `jti` are set here, whatever they are.
    /// - Returns: the token, and its claims.
    /// - Throws: ``SessionsError`` with `usage` where they lack a subject or an audience, an own claim has the name of a
    ///   typed one or comes twice, or the token would be too long.
    public func issue(_ claims: TokenClaims) throws -> IssuedToken { try issue(claims, at: time.wall()) }

    /// The `iat` of a token that is issued at a moment: whole seconds.
    static func issued(at moment: Timestamp) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds / 1000 * 1000)
    }

    /// The same for a token that is issued by what was decided at a moment.
    func issue(_ claims: TokenClaims, at moment: Timestamp) throws -> IssuedToken {
        var claims = claims
        let now = Self.issued(at: moment)
        (claims.issuer, claims.issued, claims.expires, claims.id) = (issuer, now, now + lifetime, makeID())
        guard claims.subject?.isEmpty == false, !claims.audience.isEmpty else {
            throw SessionsError(.usage, "a token needs a subject and an audience")
        }
        guard claims.scope.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: " ")) }) else {
            throw SessionsError(.usage, "a scope is a word without spaces: give each by itself")
        }
        let json = claims.json
        guard case .object(let members) = json, Set(members.map { Array($0.name.utf8) }).count == members.count,
            !claims.own.contains(where: { TypedClaim($0.name.utf8) != nil })
        else { throw SessionsError(.usage, "an own claim has the name of a typed one, or comes twice: rename it") }
        // What can't be read back as it is, no verifier takes.
        var payload: [UInt8] = []
        json.write(to: &payload)
        guard let read = try? TokenPayload(payload) else {
            throw SessionsError(.usage, "the claims are nested deeper than \(TokenLimits.depth): claim less")
        }
        if let misfit = read.misfits.first { throw SessionsError(.usage, TokenPayload.says(misfit)) }
        return IssuedToken(secretText: try signer.sign(json), claims: claims)
    }

    /// A new `jti`: 128 bits from the system's generator, in base64url.
    @Sendable public static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        let words: [UInt64] = [generator.next(), generator.next()]
        return Base64URL.encode(words.withUnsafeBytes { Array($0) })
    }
}

/// A token that was just issued.
public struct IssuedToken: Sendable, CustomStringConvertible, CustomReflectable {
    /// The token: for its holder alone, never for a log or a screen.
    public let secretText: String
    /// What it says.
    public let claims: TokenClaims

    /// A mask: a token is never printed by accident.
    public var description: String { "IssuedToken(masked)" }

    /// A mask, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
