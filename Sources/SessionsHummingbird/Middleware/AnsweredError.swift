internal import HTTPTypes
internal import Hummingbird

/// An error of a handler, with what the client must hear of its session all the same: a handler that fails after a
/// sign-in has signed somebody in.
struct AnsweredError: HTTPResponseError {
    private let error: any Error
    private let fields: [HTTPField]

    init(_ error: any Error, _ fields: [HTTPField]) {
        self.error = error
        self.fields = fields
    }

    var status: HTTPResponse.Status { (error as? any HTTPResponseError)?.status ?? .internalServerError }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response =
            try (error as? any HTTPResponseError)?.response(from: request, context: context)
            ?? Response(status: .internalServerError)
        response.headers.add(fields)
        return response
    }
}

extension AnsweredError: CustomStringConvertible {
    /// What went wrong, without the fields: an id may stand in them.
    var description: String { "\(error)" }
}
