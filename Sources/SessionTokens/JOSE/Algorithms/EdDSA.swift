internal import Crypto

extension SignatureAlgorithm {
    /// Ed25519 (RFC 8037): short, fast, and nothing to choose wrongly.
    public static let edDSA = SignatureAlgorithm(
        "EdDSA",
        fits: { if case .ed25519 = $0 { true } else { false } },
        sign: { key, message in
            guard case .ed25519(let key) = key else { return nil }
            return try key.privateKey.map { Array(try $0.signature(for: message)) }
        },
        verify: { key, signature, message in
            guard case .ed25519(let key) = key else { return false }
            return key.publicKey.isValidSignature(signature, for: message)
        },
        makeKey: { .ed25519(Ed25519Key(Curve25519.Signing.PrivateKey())) })
}
