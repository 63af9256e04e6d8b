import HTTPTypes
import Hummingbird
import Sessions

/// Answers errors with a page that says what to do; the status, the cookies and everything else stay as they are.
struct ErrorPages: RouterMiddleware {
    typealias Context = ShopContext

    let shop: Shop

    func handle(
        _ request: Request, context: ShopContext, next: (Request, ShopContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as any HTTPResponseError {
            let plain = try error.response(from: request, context: context)
            let frame = PageFrame(title: Self.title(plain.status), node: shop.node.id, backing: shop.backing.name)
            var page = frame.response(plain.status, Self.advice(plain.status))
            for field in plain.headers where field.name != .contentType && field.name != .contentLength {
                page.headers.append(field)
            }
            return page
        }
    }

    private static func title(_ status: HTTPResponse.Status) -> String {
        switch status {
        case .unauthorized: "Please sign in"
        case .forbidden: "That was refused"
        case .notFound: "There is no such page"
        case .conflict: "Somebody was faster"
        case .serviceUnavailable: "Back in a moment"
        default: status.reasonPhrase
        }
    }

    private static func advice(_ status: HTTPResponse.Status) -> HTML {
        switch status {
        case .unauthorized: "<p>Your session has ended. <a href=\"/sign-in\">Sign in</a> to go on.</p>"
        case .forbidden: "<p>The form was not one of ours, or is too old. Load the page again.</p>"
        case .conflict: "<p>Your basket was changed elsewhere at the same time. Try again.</p>"
        case .serviceUnavailable: "<p>We can't look up your session just now. You stay signed in: try again.</p>"
        default: "<p><a href=\"/\">To the shop</a></p>"
        }
    }
}
