import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization

/// A client that keeps cookies, as far as these tests need one.
final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let jar = Mutex<[String: String]>([:])

    init(_ client: any TestClientProtocol) { self.client = client }

    /// A cookie's value.
    subscript(name: String) -> String? {
        get { jar.withLock { $0[name] } }
        set { jar.withLock { $0[name] = newValue } }
    }

    @discardableResult
    func get(_ path: String, _ fields: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, path, fields)
    }

    @discardableResult
    func post(_ path: String, _ fields: HTTPFields = [:], body: String = "") async throws -> TestResponse {
        try await send(.post, path, fields, body: body)
    }

    /// Sends exactly this as the cookies, and keeps none of those that come.
    @discardableResult
    func get(_ path: String, cookies: String) async throws -> TestResponse {
        try await client.execute(uri: path, method: .get, headers: [.cookie: cookies])
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields, body: String? = nil
    ) async throws -> TestResponse {
        var fields = fields
        let cookies = jar.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted() }
        if !cookies.isEmpty { fields[.cookie] = cookies.joined(separator: "; ") }
        let response = try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
        for cookie in response.headers[values: .setCookie] { take(cookie) }
        return response
    }

    private func take(_ cookie: String) {
        let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = pair.count == 2 ? String(pair[1]) : ""
        self[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : value
    }
}

extension TestResponse {
    /// The body as text.
    var text: String { String(buffer: body) }

    /// The `Set-Cookie` fields of one cookie.
    func cookies(_ name: String = "__Host-session") -> [String] {
        headers[values: .setCookie].filter { $0.hasPrefix("\(name)=") }
    }
}
