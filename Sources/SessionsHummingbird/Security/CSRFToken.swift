internal import Crypto
internal import Sessions

/// The proof that a page of ours sent a form: a random nonce, and an HMAC-SHA256 over it under a secret that the client
/// sends in a cookie and no other site can read.
///
/// That secret is the session's id; for a visitor without a session, a key in a cookie of its own. So a proof is good for
/// one session alone, needs no place on the server and no key that nodes share, and tells nothing of the id.
enum CSRFToken {
    /// The cookie of visitors without a session.
    static let cookie = CookieForm(name: "__Host-csrf", sameSite: .lax, isHTTPOnly: true)
    /// The field of a form that has the proof.
    static let formField = "csrf"

    private static let nonceLength = 16
    private static let length = nonceLength + SHA256.byteCount

    /// Makes a proof.
    static func make(_ secret: SessionID) -> String {
        var generator = SystemRandomNumberGenerator()
        var nonce: [UInt8] = []
        while nonce.count < nonceLength {
            withUnsafeBytes(of: generator.next() as UInt64) { nonce.append(contentsOf: $0) }
        }
        let code = HMAC<SHA256>.authenticationCode(for: bound(nonce), using: key(secret))
        return Base64URL.encode(nonce + Array(code))
    }

    /// Whether a proof was made with the secret; compared in constant time.
    static func isValid(_ text: some StringProtocol, _ secret: SessionID) -> Bool {
        guard text.utf8.count == length * 4 / 3, let bytes = Base64URL.decode(text.utf8), bytes.count == length else {
            return false
        }
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes[nonceLength...], authenticating: bound(Array(bytes[..<nonceLength])), using: key(secret))
    }

    private static func bound(_ nonce: [UInt8]) -> [UInt8] { Array("sessiontop csrf 1".utf8) + nonce }

    private static func key(_ secret: SessionID) -> SymmetricKey { SymmetricKey(data: Array(secret.secretText.utf8)) }
}
