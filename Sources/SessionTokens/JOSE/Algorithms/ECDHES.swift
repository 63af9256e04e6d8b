internal import Crypto
internal import Sessions

extension KeyTransport {
    /// The content's key is agreed on with a key that lives for this token alone: X25519, P-256 or P-384.
    public static let ecdhES = KeyTransport(
        "ECDH-ES", fits: { $0.canAgree },
        send: { key in
            let (secret, ephemeral) = try key.agreeAsSender()
            let contentKey = ConcatKDF.key(from: secret, for: ContentEncryption.a256GCM.name)
            return SentKey(contentKey: contentKey, members: [ephemeral])
        },
        receive: { key, header, encryptedKey throws(TokenRefusal) in
            guard encryptedKey.isEmpty else { throw .notDecrypted }
            return try agree(key, header, for: ContentEncryption.a256GCM.name)
        },
        makeKey: { .x25519(X25519Key(Curve25519.KeyAgreement.PrivateKey())) })

    /// The key that both sides agree on, as the recipient finds it.
    static func agree(
        _ key: KeyMaterial, _ header: JOSEHeader, for algorithm: String
    ) throws(TokenRefusal) -> SymmetricKey {
        guard let ephemeral = header.ephemeralKey, let theirs = try? JSONWebKey(json: ephemeral).material,
            let secret = try? key.agreeAsRecipient(theirs)
        else {
            throw TokenRefusal(.badEphemeralKey, "epk is missing, or is no point of the key's curve")
        }
        return ConcatKDF.key(from: secret, for: algorithm, partyU: header.partyU, partyV: header.partyV)
    }
}
