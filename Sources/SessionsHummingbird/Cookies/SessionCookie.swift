internal import HTTPTypes
internal import Sessions

/// The cookie that carries a session's id.
///
/// Whatever is chosen here, it is `Secure`, `HttpOnly`, `Path=/` and without a `Domain`: it goes to this host alone, over
/// TLS, and no script reads it. Its value is the id and nothing else.
public struct SessionCookie: Sendable, Hashable {
    /// To which requests from other sites the client adds the cookie.
    ///
    /// There is no `None`: a session that other sites may use needs a token instead.
    public enum SameSite: String, Sendable, Hashable {
        /// To none but following a link here.
        case lax = "Lax"
        /// To none.
        case strict = "Strict"
    }

    /// How long the client keeps it.
    public enum Keeping: Sendable, Hashable {
        /// Until the client is closed; the server's deadlines hold all the same.
        case untilClosed
        /// Until the session's nearest deadline.
        ///
        /// Sent again whenever that has moved: by a use of the session, or by an operator's extend.
        case untilDeadline
    }

    /// Its name.
    public let name: String
    /// To which requests from other sites it is added.
    public let sameSite: SameSite
    /// How long the client keeps it.
    public let keeping: Keeping

    /// `__Host-session`, lax, kept until the client is closed.
    public static let host = SessionCookie(unchecked: "__Host-session", .lax, .untilClosed)

    /// Describes a cookie.
    ///
    /// - Parameters:
    ///   - name: one that begins with `__Host-` makes clients refuse it unless it has all the attributes, so that a
    ///     neighbouring host can't plant one.
    ///   - sameSite: to which requests from other sites it is added.
    ///   - keeping: how long the client keeps it.
    /// - Throws: `SessionsError` with `usage` for a name that no cookie can have.
    public init(name: String = "__Host-session", sameSite: SameSite = .lax, keeping: Keeping = .untilClosed) throws {
        guard CookieForm.isName(name) else {
            throw SessionsError(.usage, "a cookie can't be named so: use letters, digits, hyphens and underscores")
        }
        self.init(unchecked: name, sameSite, keeping)
    }

    private init(unchecked name: String, _ sameSite: SameSite, _ keeping: Keeping) {
        self.name = name
        self.sameSite = sameSite
        self.keeping = keeping
    }

    /// How it is written.
    var form: CookieForm { CookieForm(name: name, sameSite: sameSite, isHTTPOnly: true) }

    /// What sets it.
    func field(_ id: SessionID, until deadlines: Deadlines, at now: Timestamp) -> HTTPField {
        let deadline = keeping == .untilDeadline ? deadlines.nearest?.moment : nil
        return form.field(id.secretText, lifetime: deadline.map { $0 - now })
    }
}
