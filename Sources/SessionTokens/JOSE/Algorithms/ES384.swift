internal import Crypto

extension SignatureAlgorithm {
    /// ECDSA on P-384 with SHA-384.
    ///
    /// Both spellings of a signature, (r, s) and (r, n−s), hold: so a token is denied by its `jti`, never by its text.
    public static let es384 = SignatureAlgorithm(
        "ES384",
        fits: { if case .p384 = $0 { true } else { false } },
        sign: { key, message in
            guard case .p384(let key) = key else { return nil }
            return try key.signing?.signature(for: message).rawRepresentation.map { $0 }
        },
        verify: { key, signature, message in
            guard case .p384(let key) = key,
                let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.verifying.isValidSignature(signature, for: SHA384.digest(of: message))
        },
        makeKey: { .p384(try P384Key(secret: P384.Signing.PrivateKey().rawRepresentation.map { $0 })) })
}
