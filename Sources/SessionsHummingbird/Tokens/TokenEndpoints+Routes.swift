internal import HTTPTypes
public import Hummingbird
internal import NIOCore
public import SessionTokens

extension TokenEndpoints {
    /// Mounts the endpoints under POST: `introspect` (RFC 7662) and `revoke` (RFC 7009).
    ///
    /// - Parameter routes: a router or a group of it, without sessions by cookie.
    public func addRoutes(to routes: some RouterMethods<some RequestContext>) {
        routes.post("introspect") { request, _ in try await answer(request, introspect) }
        routes.post("revoke") { request, _ in try await answer(request, revoke) }
    }

    private func answer(
        _ request: Request, _ endpoint: ([UInt8], String?) async -> EndpointAnswer
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: TokenForm.byteLimit)
        return await endpoint(Array(body.readableBytesView), request.headers[.authorization]).response
    }
}

extension EndpointAnswer {
    /// The answer as a response.
    public var response: Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        return Response(
            status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
