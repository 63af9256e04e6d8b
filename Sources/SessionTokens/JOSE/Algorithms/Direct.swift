internal import Crypto

extension KeyTransport {
    /// Both sides have the content's key already.
    public static let direct = KeyTransport(
        "dir", fits: { $0.octets(byteCount: 32) != nil },
        send: { key in
            guard let key = key.octets(byteCount: 32) else { throw JWKMembers.notForEncryption }
            return SentKey(contentKey: key)
        },
        receive: { key, _, encryptedKey throws(TokenRefusal) in
            guard let key = key.octets(byteCount: 32), encryptedKey.isEmpty else { throw .notDecrypted }
            return key
        },
        makeKey: { .octets(OctetKey(SymmetricKey(size: .bits256))) })
}

extension KeyMaterial {
    /// The symmetric key, where it is one of just so many bytes.
    func octets(byteCount: Int) -> SymmetricKey? {
        if case .octets(let key) = self, key.secret.bitCount == byteCount * 8 { key.secret } else { nil }
    }
}

extension JWKMembers {
    static var notForEncryption: any Error {
        unusable("tokens can't be encrypted to this key: take one of another kty, or of 32 bytes")
    }
}
