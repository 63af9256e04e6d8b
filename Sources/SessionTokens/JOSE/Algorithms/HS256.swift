internal import Crypto

extension SignatureAlgorithm {
    /// HMAC with SHA-256: whoever can verify can also sign.
    public static let hs256 = SignatureAlgorithm(
        "HS256", isSymmetric: true,
        fits: { if case .octets(let key) = $0 { key.bitCount >= 256 } else { false } },
        sign: { key, message in
            guard case .octets(let key) = key else { return nil }
            return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        },
        verify: { key, signature, message in
            guard case .octets(let key) = key else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: message, using: key)
        },
        makeKey: { .octets(SymmetricKey(size: .bits256)) })
}
