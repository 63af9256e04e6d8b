internal import Crypto
internal import CryptoExtras

extension SignatureAlgorithm {
    /// RSA with PKCS #1 v1.5 padding and SHA-256: for those who can't do better yet.
    public static let rs256 = rsa("RS256", padding: .insecurePKCS1v1_5)

    /// An algorithm over RSA keys, with SHA-256.
    static func rsa(_ name: String, padding: _RSA.Signing.Padding) -> SignatureAlgorithm {
        SignatureAlgorithm(
            name,
            fits: { if case .rsa = $0 { true } else { false } },
            sign: { key, message in
                guard case .rsa(let key) = key else { return nil }
                let digest = SHA256.hash(data: message)
                return try key.privateKey?.signature(for: digest, padding: padding).rawRepresentation.map { $0 }
            },
            verify: { key, signature, message in
                guard case .rsa(let key) = key, signature.count == key.byteCount else { return false }
                return key.publicKey.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.digest(of: message),
                    padding: padding)
            },
            makeKey: { .rsa(try RSAKey.generate()) })
    }
}

extension HashFunction {
    /// The digest of a message: generic over collections it takes longer than the hash.
    static func digest(of message: ArraySlice<UInt8>) -> Digest {
        var function = Self()
        message.withUnsafeBytes { function.update(bufferPointer: $0) }
        return function.finalize()
    }
}
