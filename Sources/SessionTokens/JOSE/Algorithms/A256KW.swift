internal import Crypto
internal import Sessions

extension KeyTransport {
    /// A fresh key for each token, wrapped by one that both sides have (RFC 3394).
    public static let a256KW = KeyTransport(
        "A256KW", fits: { $0.octets(byteCount: 32) != nil },
        send: { key in
            guard let key = key.octets(byteCount: 32) else { throw JWKMembers.notForEncryption }
            return try .wrapped(by: key)
        },
        receive: { key, _, encryptedKey throws(TokenRefusal) in
            guard let key = key.octets(byteCount: 32) else { throw .notDecrypted }
            return try unwrap(encryptedKey, by: key)
        },
        makeKey: { .octets(OctetKey(SymmetricKey(size: .bits256))) })

    /// Unwraps a content key of 256 bits.
    static func unwrap(_ encryptedKey: [UInt8], by key: SymmetricKey) throws(TokenRefusal) -> SymmetricKey {
        guard encryptedKey.count == 40, let contentKey = try? AES.KeyWrap.unwrap(encryptedKey, using: key) else {
            throw .notDecrypted
        }
        return contentKey
    }
}

extension KeyTransport.SentKey {
    /// A fresh content key, wrapped.
    static func wrapped(by key: SymmetricKey, members: [JSONValue.Member] = []) throws -> KeyTransport.SentKey {
        let contentKey = SymmetricKey(size: .bits256)
        let encryptedKey = Array(try AES.KeyWrap.wrap(contentKey, using: key))
        return KeyTransport.SentKey(contentKey: contentKey, encryptedKey: encryptedKey, members: members)
    }
}
