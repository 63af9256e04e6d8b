public import Sessions

/// A token whose every rule held when it was looked at.
///
/// Cheap to copy.
public struct VerifiedToken: Sendable {
    private final class Storage: Sendable {
        let payload: TokenPayload
        let type, algorithm: String
        let keyID: String?
        let wasEncrypted: Bool
        let denial: TokenDenial?

        init(_ payload: consuming TokenPayload, _ header: JOSEHeader, algorithm: String, wasEncrypted: Bool) {
            (type, keyID, self.wasEncrypted) = (header.type ?? "", header.keyID, wasEncrypted)
            denial = payload.claims.id.map { [issuer = payload.claims.issuer] in
                TokenDenial(issuer: issuer ?? "", tokenID: $0)
            }
            self.algorithm = algorithm
            self.payload = payload
        }
    }

    private let storage: Storage

    init(_ payload: consuming TokenPayload, _ header: JOSEHeader, algorithm: String, wasEncrypted: Bool) {
        storage = Storage(payload, header, algorithm: algorithm, wasEncrypted: wasEncrypted)
    }

    /// The claims, typed.
    public var claims: TokenClaims { storage.payload.claims }
    /// The claims as they stand in the token; they are read anew each time.
    public var json: JSONValue { storage.payload.json }
    /// The claims, with what stands in the token.
    var payload: TokenPayload { storage.payload }
    /// Who issued it.
    public var issuer: String { storage.payload.claims.issuer ?? "" }
    /// Whom it is about.
    public var subject: String { storage.payload.claims.subject ?? "" }
    /// `exp`: from then on, and a leeway more, it is refused.
    public var expires: Timestamp { storage.payload.claims.expires ?? Timestamp(milliseconds: .min) }
    /// `iat`: when it was issued, by the issuer's clock.
    public var issued: Timestamp { storage.payload.claims.issued ?? Timestamp(milliseconds: .min) }
    /// `typ`, in small letters and without `application/`.
    public var type: String { storage.type }
    /// The algorithm of the key that signed it.
    public var algorithm: String { storage.algorithm }
    /// The `kid` of that key, where the token says it.
    public var keyID: String? { storage.keyID }
    /// Whether it came encrypted.
    public var wasEncrypted: Bool { storage.wasEncrypted }
    /// What it is denied by, see ``denialHash(issuer:id:)``; `nil`: it has no `jti`.
    public var denialHash: IDHash? { storage.denial?.key }
    /// What revocation goes by.
    var marks: TokenMarks {
        // Each by itself: a copy of all claims would count references that nobody needs.
        TokenMarks(
            denial: storage.denial, session: storage.payload.claims.session,
            epoch: storage.payload.claims.epoch ?? .start, issued: issued, user: storage.payload.claims.subject,
            client: storage.payload.claims.client, tenant: storage.payload.claims.tenant)
    }

    /// The value of a claim, by its name.
    public subscript(name: String) -> JSONValue? {
        if let own = storage.payload.claims.own.first(where: { $0.name.hasBytes(of: name) }) { return own.value }
        return TypedClaim(name.utf8) == nil ? nil : json[name]
    }

    /// What stands for a token in the feed: see `TokenDenial`.
    public static func denialHash(issuer: String, id: String) -> IDHash {
        TokenDenial(issuer: issuer, tokenID: id).key
    }
}
