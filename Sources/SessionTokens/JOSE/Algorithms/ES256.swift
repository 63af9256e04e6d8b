internal import Crypto

extension SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    ///
    /// Both spellings of a signature, (r, s) and (r, n−s), hold: so a token is denied by its `jti`, never by its text.
    public static let es256 = SignatureAlgorithm(
        "ES256",
        fits: { if case .p256 = $0 { true } else { false } },
        sign: { key, message in
            guard case .p256(let key) = key else { return nil }
            return try key.signing?.signature(for: message).rawRepresentation.map { $0 }
        },
        verify: { key, signature, message in
            guard case .p256(let key) = key,
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.verifying.isValidSignature(signature, for: SHA256.digest(of: message))
        },
        makeKey: { .p256(try P256Key(secret: P256.Signing.PrivateKey().rawRepresentation.map { $0 })) })
}
