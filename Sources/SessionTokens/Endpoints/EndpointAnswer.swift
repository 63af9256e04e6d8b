internal import Sessions

/// What an endpoint answers: for whichever HTTP layer mounts it.
public struct EndpointAnswer: Sendable, Equatable {
    /// A header of HTTP.
    public struct Header: Sendable, Equatable {
        /// The name, in small letters.
        public let name: String
        /// The value.
        public let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status of HTTP.
    public let status: Int
    /// The headers, in order.
    public let headers: [Header]
    /// The body, JSON; empty where there is none.
    public let body: [UInt8]

    init(_ status: Int, _ json: JSONValue?, also more: [Header] = []) {
        self.status = status
        var body: [UInt8] = []
        json?.write(to: &body)
        self.body = body
        let type = json == nil ? [] : [Header("content-type", "application/json")]
        headers = type + [.init("cache-control", "no-store")] + more
    }

    /// Nothing to say.
    static let done = EndpointAnswer(200, nil)
    /// RFC 7662, 2.2: nothing more is said of a token that isn't good.
    static let inactive = EndpointAnswer(200, ["active": .bool(false)])
    /// Nobody can tell now.
    static let unavailable = EndpointAnswer(
        503, ["error": "temporarily_unavailable"], also: [.init("retry-after", "1")])
    /// The client hasn't proved who it is.
    static let unauthorized = EndpointAnswer(
        401, ["error": "invalid_client"], also: [.init("www-authenticate", "Basic realm=\"tokens\"")])

    static func bad(_ error: String, _ description: String) -> EndpointAnswer {
        EndpointAnswer(400, ["error": .string(error), "error_description": .string(description)])
    }
}
