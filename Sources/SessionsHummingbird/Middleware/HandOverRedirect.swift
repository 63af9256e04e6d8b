internal import HTTPTypes
internal import HummingbirdCore
internal import Sessions

extension SessionCore {
    /// Sends a client after its session, where that was handed over to another node: the same request once more, with an
    /// affinity cookie that a balancer goes by.
    ///
    /// - Parameters:
    ///   - error: why the session can't be served here.
    ///   - request: the client's request.
    /// - Returns: `nil` where it is about something else, or where the client was sent there and came back: then the
    ///   balancer doesn't go by the cookie.
    func redirection(after error: any Error, of request: Request) -> Response? {
        guard let affinity = desk.settings.affinity,
            let elsewhere = (error as? SessionsError)?.cause as? HandOver.Elsewhere,
            case .one(let text) = FoundCookie(desk.settings.cookie.name, in: cookies),
            let id = SessionID(text: text)?.hash,
            affinity.read(cookies, for: id) != .made(by: elsewhere.node), Self.staysHere(request.uri.description)
        else { return nil }
        var response = Response(status: .temporaryRedirect, headers: [.location: request.uri.description])
        response.headers.add([affinity.field(for: id, at: elsewhere.node)])
        return response
    }

    /// Whether a target is a path of this host: `//elsewhere` would be another one.
    private static func staysHere(_ target: String) -> Bool {
        guard target.utf8.first == UInt8(ascii: "/") else { return false }
        let second = target.utf8.dropFirst().first
        return second != UInt8(ascii: "/") && second != UInt8(ascii: "\\")
    }
}
