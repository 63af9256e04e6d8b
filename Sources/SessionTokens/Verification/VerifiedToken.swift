public import Sessions

/// A token whose every rule held when it was looked at.
///
/// Cheap to copy.
public struct VerifiedToken: Sendable {
    private final class Storage: Sendable {
        let claims: TokenClaims
        let json: JSONValue
        let type, algorithm: String
        let keyID: String?
        let wasEncrypted: Bool
        let expires, issued: Timestamp
        let marks: TokenMarks

        init(
            _ claims: consuming TokenClaims, _ json: consuming JSONValue, _ header: JOSEHeader, algorithm: String,
            wasEncrypted: Bool
        ) {
            (type, keyID, self.wasEncrypted) = (header.type ?? "", header.keyID, wasEncrypted)
            expires = claims.expires ?? Timestamp(milliseconds: .min)
            issued = claims.issued ?? Timestamp(milliseconds: .min)
            let issuer = claims.issuer ?? ""
            marks = TokenMarks(
                denial: claims.id.map { TokenDenial(issuer: issuer, tokenID: $0) }, session: claims.session,
                epoch: claims.epoch ?? .start, issued: issued, user: claims.subject, client: claims.client,
                tenant: claims.tenant)
            self.algorithm = algorithm
            self.json = json
            self.claims = claims
        }
    }

    private let storage: Storage

    init(
        _ claims: consuming TokenClaims, _ json: consuming JSONValue, _ header: JOSEHeader, algorithm: String,
        wasEncrypted: Bool
    ) {
        storage = Storage(claims, json, header, algorithm: algorithm, wasEncrypted: wasEncrypted)
    }

    /// The claims, typed.
    public var claims: TokenClaims { storage.claims }
    /// The claims as they stand in the token.
    public var json: JSONValue { storage.json }
    /// Who issued it.
    public var issuer: String { storage.claims.issuer ?? "" }
    /// Whom it is about.
    public var subject: String { storage.claims.subject ?? "" }
    /// `exp`: from then on, and a leeway more, it is refused.
    public var expires: Timestamp { storage.expires }
    /// `iat`: when it was issued, by the issuer's clock.
    public var issued: Timestamp { storage.issued }
    /// `typ`, in small letters and without `application/`.
    public var type: String { storage.type }
    /// The algorithm of the key that signed it.
    public var algorithm: String { storage.algorithm }
    /// The `kid` of that key, where the token says it.
    public var keyID: String? { storage.keyID }
    /// Whether it came encrypted.
    public var wasEncrypted: Bool { storage.wasEncrypted }
    /// What it is denied by, see ``denialHash(issuer:id:)``; `nil`: it has no `jti`.
    public var denialHash: IDHash? { storage.marks.denial?.key }
    /// What revocation goes by.
    var marks: TokenMarks { storage.marks }

    /// The value of a claim, by its name.
    public subscript(name: String) -> JSONValue? { storage.json[name] }

    /// What stands for a token in the feed: see `TokenDenial`.
    public static func denialHash(issuer: String, id: String) -> IDHash {
        TokenDenial(issuer: issuer, tokenID: id).key
    }
}
