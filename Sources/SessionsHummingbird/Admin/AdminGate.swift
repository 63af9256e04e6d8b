internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Sessions

/// Lets in whom the configuration says, and nobody's browser.
struct AdminGate: Sendable {
    let configuration: AdminConfiguration

    /// Refuses a request; `nil`: it may come in.
    func refusal(of request: Request) -> AdminFailure? {
        // A page in a browser may send requests to this machine, under a name of its own choice: neither is let through.
        if request.headers[.origin] != nil || request.headers.contains(Self.fetchSite) {
            return AdminFailure(.forbidden, .refused, "browsers aren't served: use sessiontop or curl")
        }
        if configuration.isLoopback, configuration.tls == nil, !isLocal(request.head.authority) {
            return AdminFailure(.forbidden, .refused, "the host of the request isn't this machine's loopback")
        }
        if let token = configuration.token, !shows(token, request) {
            return AdminFailure(.unauthorized, .refused, "the admin API wants a bearer token: see SESSIONTOP_PASSWORD")
        }
        return nil
    }

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin

    private func isLocal(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return false }
        if authority.hasPrefix("[") { return authority.prefix { $0 != "]" } == "[::1" }
        return IPAddress.isLoopback(host: authority.prefix { $0 != ":" })
    }

    private func shows(_ token: AdminToken, _ request: Request) -> Bool {
        let shown = request.headers[values: .authorization]
        guard shown.count == 1, let value = shown.first else { return token.admits("") }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return token.admits("") }
        return token.admits(parts[1])
    }
}

/// Why a request was not done, as it is answered.
struct AdminFailure: Error {
    let status: HTTPResponse.Status
    let error: SessionsError

    init(_ status: HTTPResponse.Status, _ code: SessionsError.Code, _ message: String) {
        self.status = status
        error = SessionsError(code, message)
    }

    init(_ thrown: any Error) {
        switch thrown {
        case let failure as AdminFailure: self = failure
        case let error as SessionsError:
            self.init(Self.status(of: error.code), error.code, error.message)
        default:
            // What else is thrown may quote anything.
            self.init(.internalServerError, .unavailable, "the node could not answer: see its log")
        }
    }

    private static func status(of code: SessionsError.Code) -> HTTPResponse.Status {
        switch code {
        case .corrupt, .usage: .badRequest
        case .refused, .readOnly: .forbidden
        case .unsupported: .notImplemented
        case .unavailable, .busy, .draining: .serviceUnavailable
        default: .internalServerError
        }
    }

    /// The answer: the code and the message, never a cause.
    var response: Response {
        let body: JSONValue = [
            "error": ["code": .string(error.code.description), "message": .string(error.message)]
        ]
        var response = AdminListener.response(body)
        response.status = status
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
