internal import HTTPTypes
internal import Sessions

/// How a client tells which version of its session's state it has seen, so that no node serves it an older one.
///
/// The number is nothing secret and nothing that is trusted: a client that makes one up only has its own session read
/// from the database.
enum SeenVersion: Sendable, Equatable {
    /// Nobody needs to tell: the node asks the store for every request.
    case untold
    /// In a cookie beside the session's.
    case cookie(name: String)
    /// In the field `Session-Version`, for clients that keep no cookies.
    case header

    /// The cookie beside a session's cookie.
    static func cookie(beside cookie: SessionCookie) -> SeenVersion { .cookie(name: "\(cookie.name)-version") }

    /// What a client says it has seen.
    ///
    /// - Parameters:
    ///   - fields: the request's.
    ///   - cookies: the values of its `Cookie` fields.
    /// - Returns: the version; `nil`: nothing that can be read.
    func read(_ fields: HTTPFields, _ cookies: [String]) -> Int64? {
        switch self {
        case .untold: nil
        case .cookie(let name):
            if case .one(let text) = FoundCookie(name, in: cookies) { Self.number(text) } else { nil }
        case .header: fields[.sessionVersion].flatMap { Self.number($0) }
        }
    }

    /// How new the state has to be that such a client is served from.
    func freshness(for seen: Int64?) -> Freshness { self == .untold ? .anyCopy : seen.map { .seen($0) } ?? .latest }

    /// What tells the client which version it sees now.
    func field(_ version: Int64) -> HTTPField? {
        switch self {
        case .untold: nil
        case .cookie(let name): Self.form(name).field("\(version)")
        case .header: HTTPField(name: .sessionVersion, value: "\(version)")
        }
    }

    /// What makes the client forget it.
    var removal: HTTPField? { if case .cookie(let name) = self { Self.form(name).removal } else { nil } }

    private static func form(_ name: String) -> CookieForm {
        CookieForm(name: name, sameSite: .lax, isHTTPOnly: true)
    }

    private static func number(_ text: String) -> Int64? {
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}

extension HTTPField.Name {
    /// `Session-Version`.
    static let sessionVersion = HTTPField.Name("Session-Version") ?? .cacheControl
}
