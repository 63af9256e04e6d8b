internal import Crypto
internal import Sessions

extension KeyTransport {
    /// The content's key is wrapped by one that is agreed on as with ``ecdhES``.
    public static let ecdhESA256KW = KeyTransport(
        "ECDH-ES+A256KW", fits: { $0.canAgree },
        send: { key in
            let (secret, ephemeral) = try key.agreeAsSender()
            return try .wrapped(by: ConcatKDF.key(from: secret, for: "ECDH-ES+A256KW"), members: [ephemeral])
        },
        receive: { key, header, encryptedKey throws(TokenRefusal) in
            try unwrap(encryptedKey, by: try agree(key, header, for: "ECDH-ES+A256KW"))
        },
        makeKey: { .x25519(X25519Key(Curve25519.KeyAgreement.PrivateKey())) })
}
