public import HTTPTypes
public import Hummingbird
public import Sessions

extension SessionsError.Code {
    /// The session has ended while the request was served: revoked, or a deadline has come.
    ///
    /// Nothing was written.
    public static let sessionEnded = Self("sessionEnded")
    /// Somebody else saved the session again and again while a change was tried.
    public static let saveConflict = Self("saveConflict")
    /// A request that changes something has no proof that a page of ours sent it.
    public static let forgedRequest = Self("forgedRequest")
    /// The application can't read its own state, or can't write it.
    public static let payloadUnreadable = Self("payloadUnreadable")
    /// Somebody has to sign in first.
    public static let notSignedIn = Self("notSignedIn")
}

/// How an error of the library is answered where nobody has handled it.
///
/// 503 with `Retry-After` where nobody could tell: **never 401**, so that clients keep their cookies. Neither the message
/// nor its cause is told: they are for the log.
extension SessionsError: HTTPResponseError {
    /// After so many seconds a client may try again, where the store gave no answer.
    public static let retryAfter = 2

    /// 401, 403, 409, 500 or 503.
    public var status: HTTPResponse.Status {
        switch code {
        case .notSignedIn, .sessionEnded: .unauthorized
        case .forgedRequest: .forbidden
        case .saveConflict: .conflict
        case .usage, .invalidLifetime, .unsupported, .payloadUnreadable, .idExists: .internalServerError
        default: .serviceUnavailable
        }
    }

    /// The status, with a line of plain text.
    public func response(from request: Request, context: some RequestContext) -> Response {
        let status = status
        var fields: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        if status == .serviceUnavailable { fields[.retryAfter] = "\(Self.retryAfter)" }
        let text = "\(status.code) \(status.reasonPhrase)\n"
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
