package import Sessions

/// The parts of a URL that names a server, and what is wrong with them, in words without its secrets.
package struct URLText: Sendable {
    private let server: String

    /// Makes one.
    ///
    /// - Parameter server: what is named, for messages: `Redis`.
    package init(of server: String) { self.server = server }

    /// The URL can't be used, because of this.
    package func unusable(_ what: String) -> SessionsError {
        SessionsError(.usage, "the \(server) URL can't be used: \(what)")
    }

    /// Decodes what is percent-encoded.
    ///
    /// - Throws: `SessionsError` with `usage` for what isn't UTF-8, or holds a zero.
    package func decoded(_ text: some StringProtocol) throws -> String {
        guard let bytes = PercentEncoding.decode(Array(text.utf8)[...]) else {
            throw unusable("% must be followed by two hexadecimal digits: write the sign itself as %25")
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw unusable("what is percent-encoded must be UTF-8")
        }
        return text
    }
}
