internal import Crypto

extension SignatureAlgorithm {
    /// HMAC with SHA-256: whoever can verify can also sign.
    public static let hs256 = SignatureAlgorithm(
        "HS256", isSymmetric: true,
        fits: { if case .octets(let key) = $0 { key.secret.bitCount >= 256 } else { false } },
        sign: { key, message in
            guard case .octets(let key) = key else { return nil }
            return Array(key.code(of: message[...]))
        },
        verify: { key, signature, message in
            guard case .octets(let key) = key else { return false }
            return key.code(of: message) == signature
        },
        makeKey: { .octets(OctetKey(SymmetricKey(size: .bits256))) })
}

extension OctetKey {
    /// The code of a message.
    fileprivate func code(of message: ArraySlice<UInt8>) -> HMAC<SHA256>.MAC {
        var authenticator = authenticator
        message.withUnsafeBytes { authenticator.update(data: $0) }
        return authenticator.finalize()
    }
}
