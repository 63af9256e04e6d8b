internal import Crypto

/// A secret that both sides have.
struct OctetKey: Sendable {
    let secret: SymmetricKey
    /// What a code of HMAC begins with, made ready: half of the work for a short message.
    let authenticator: HMAC<SHA256>

    init(_ secret: SymmetricKey) {
        self.secret = secret
        authenticator = HMAC(key: secret)
    }
}
