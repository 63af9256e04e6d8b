internal import HTTPTypes
internal import Hummingbird
internal import SessionTokens
internal import Sessions

/// Why a request with a bearer token, or without one, does not go on: what RFC 6750, section 3, lets be told.
struct BearerError: HTTPResponseError {
    let status: HTTPResponse.Status
    private let error: String?
    private let scope: [String]

    init(_ status: HTTPResponse.Status, _ error: String?, scope: [String] = []) {
        (self.status, self.error, self.scope) = (status, error, scope)
    }

    init(_ refusal: TokenRefusal, demanding demand: TokenDemand) {
        switch refusal.code {
        case .revocationUnknown: self.init(.serviceUnavailable, nil)
        case .scopeMissing: self.init(.forbidden, "insufficient_scope", scope: demand.scope)
        default: self.init(.unauthorized, "invalid_token")
        }
    }

    /// Which rule was broken is for the log: whoever forges tokens learns nothing.
    func response(from request: Request, context: some RequestContext) -> Response {
        var fields: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if status == .serviceUnavailable {
            fields[.retryAfter] = "\(SessionsError.retryAfter)"
        } else {
            fields[.wwwAuthenticate] = challenge
        }
        let body: JSONValue = ["error": .string(error ?? status.reasonPhrase)]
        var bytes: [UInt8] = []
        body.write(to: &bytes)
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private var challenge: String {
        let parts = [error.map { "error=\"\($0)\"" }, scope.isEmpty ? nil : "scope=\"\(plainScope)\""]
        let words = parts.compactMap { $0 }.joined(separator: ", ")
        return words.isEmpty ? "Bearer" : "Bearer \(words)"
    }

    /// A scope is of the application's choice; what can't stand between quotes is left out.
    private var plainScope: String {
        let words = scope.joined(separator: " ").unicodeScalars.filter {
            (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "\\"
        }
        return String(String.UnicodeScalarView(words))
    }
}
