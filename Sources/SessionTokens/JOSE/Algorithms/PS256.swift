internal import CryptoExtras

extension SignatureAlgorithm {
    /// RSA with PSS padding, SHA-256, and a salt as long as the hash.
    public static let ps256 = rsa("PS256", padding: .PSS)
}
