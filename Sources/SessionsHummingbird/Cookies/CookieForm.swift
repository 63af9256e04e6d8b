internal import HTTPTypes

/// How a cookie of ours is written: always `Secure`, always for the whole host and for no other.
struct CookieForm: Sendable, Hashable {
    let name: String
    let sameSite: SessionCookie.SameSite
    /// Whether scripts of the page can't read it.
    let isHTTPOnly: Bool

    /// What is sent to set it.
    ///
    /// - Parameters:
    ///   - value: characters of base64url, hyphens and dots alone: everything we put there.
    ///   - lifetime: how long the client keeps it; `nil`: until it is closed.
    /// - Returns: a `Set-Cookie` field.
    func field(_ value: String, lifetime: Duration? = nil) -> HTTPField {
        let age = lifetime.map { "; Max-Age=\(max(0, $0.components.seconds))" } ?? ""
        return HTTPField(name: .setCookie, value: "\(name)=\(value)\(attributes)\(age)")
    }

    /// What is sent to remove it.
    var removal: HTTPField {
        HTTPField(
            name: .setCookie, value: "\(name)=\(attributes); Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    }

    private var attributes: String {
        "; Path=/; Secure\(isHTTPOnly ? "; HttpOnly" : ""); SameSite=\(sameSite.rawValue)"
    }

    /// Whether a text can be a cookie's name: a token of RFC 9110, section 5.6.2.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { tokenCharacters.contains($0) }
    }

    private static let tokenCharacters = Set(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
}
