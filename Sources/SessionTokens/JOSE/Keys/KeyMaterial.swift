internal import Crypto
internal import Sessions

/// What a key is made of, by its type.
enum KeyMaterial: Sendable {
    /// Signs: EdDSA.
    case ed25519(Ed25519Key)
    /// Agrees on a key.
    case x25519(X25519Key)
    /// Signs and agrees.
    case p256(P256Key)
    /// Signs and agrees.
    case p384(P384Key)
    /// Signs.
    case rsa(RSAKey)
    /// A secret that both sides have.
    case octets(OctetKey)
}

extension KeyMaterial {
    /// Whether one secret does both halves of the work.
    var isSymmetric: Bool { if case .octets = self { true } else { false } }

    /// Whether the secret part is there.
    var isPrivate: Bool {
        switch self {
        case .ed25519(let key): key.privateKey != nil
        case .x25519(let key): key.privateKey != nil
        case .p256(let key): key.signing != nil
        case .p384(let key): key.signing != nil
        case .rsa(let key): key.privateKey != nil
        case .octets: true
        }
    }

    /// The members of the JWK that its thumbprint is taken over, in the order of RFC 7638.
    var publicMembers: [JSONValue.Member] {
        switch self {
        case .ed25519(let key): Self.octetPair("Ed25519", Array(key.publicKey.rawRepresentation))
        case .x25519(let key): Self.octetPair("X25519", Array(key.publicKey.rawRepresentation))
        case .p256(let key): Self.point("P-256", Array(key.verifying.rawRepresentation))
        case .p384(let key): Self.point("P-384", Array(key.verifying.rawRepresentation))
        case .rsa(let key):
            [.init("e", .base64(key.exponent)), .init("kty", "RSA"), .init("n", .base64(key.modulus))]
        case .octets(let key): [.init("k", .base64(key.secret.withUnsafeBytes { Array($0) })), .init("kty", "oct")]
        }
    }

    /// The members of the secret part, but for that of a symmetric key.
    var privateMembers: [JSONValue.Member] {
        switch self {
        case .ed25519(let key): Self.secret(key.privateKey.map { Array($0.rawRepresentation) })
        case .x25519(let key): Self.secret(key.privateKey.map { Array($0.rawRepresentation) })
        case .p256(let key): Self.secret(key.signing.map { Array($0.rawRepresentation) })
        case .p384(let key): Self.secret(key.signing.map { Array($0.rawRepresentation) })
        case .rsa(let key): key.secrets.map { .init($0.name, .base64($0.bytes)) }
        case .octets: []
        }
    }

    private static func octetPair(_ curve: String, _ x: [UInt8]) -> [JSONValue.Member] {
        [.init("crv", .string(curve)), .init("kty", "OKP"), .init("x", .base64(x))]
    }

    private static func point(_ curve: String, _ point: [UInt8]) -> [JSONValue.Member] {
        let half = point.count / 2
        return [
            .init("crv", .string(curve)), .init("kty", "EC"), .init("x", .base64(point[..<half])),
            .init("y", .base64(point[half...])),
        ]
    }

    private static func secret(_ bytes: [UInt8]?) -> [JSONValue.Member] {
        bytes.map { [.init("d", .base64($0))] } ?? []
    }
}

extension JSONValue {
    /// Bytes as base64url.
    static func base64(_ bytes: some Collection<UInt8>) -> JSONValue { .string(Base64URL.encode(bytes)) }
}
