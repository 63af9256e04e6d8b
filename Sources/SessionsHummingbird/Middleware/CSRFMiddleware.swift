internal import HTTPTypes
public import Hummingbird
internal import Sessions

/// Refuses requests that change something and have no proof that a page of ours sent them: 403.
///
/// Mount it after ``SessionMiddleware``. The proof is ``RequestSession/csrfToken()``, in the header `X-CSRF-Token` or in
/// the field `csrf` of a form that is sent as `application/x-www-form-urlencoded`. The cookie's `SameSite` refuses most of
/// such requests before; this holds for old clients, too, and for sign-in forms.
public struct CSRFMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    /// The longest form that is looked through, in bytes.
    public static var longestForm: Int { 64 * 1024 }

    /// Makes the middleware.
    public init() {}

    /// Lets a request go on that changes nothing, or has the proof.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard ![.get, .head, .options, .trace].contains(request.method) else { return try await next(request, context) }
        var request = request
        let proof = try await Self.proof(of: &request)
        guard let proof, try context.session.acceptsCSRFToken(proof) else {
            context.session.core?.desk.settings.attacks.count(.forgedRequest)
            throw SessionsError(
                .forgedRequest, "the request has no proof that a page of ours sent it: load the page again")
        }
        return try await next(request, context)
    }

    private static func proof(of request: inout Request) async throws -> String? {
        if let proof = request.headers[.csrfToken] { return proof }
        guard let type = request.headers[.contentType], type.hasPrefix("application/x-www-form-urlencoded") else {
            return nil
        }
        let body = try await request.collectBody(upTo: longestForm)
        let name = "\(CSRFToken.formField)="
        // Neither the name nor a proof has a character that forms escape.
        let field = body.readableBytesView.split(separator: UInt8(ascii: "&")).first { $0.starts(with: name.utf8) }
        return field.map { String(decoding: $0.dropFirst(name.utf8.count), as: UTF8.self) }
    }
}
