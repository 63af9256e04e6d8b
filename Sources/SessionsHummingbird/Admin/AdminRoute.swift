internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Sessions

/// One thing that the API does: the router and the description are both made from it.
struct AdminRoute: Sendable {
    /// A parameter in the path or the query.
    struct Parameter: Sendable {
        let name: String
        let place: String
        let meaning: String

        static func path(_ name: String, _ meaning: String) -> Parameter {
            Parameter(name: name, place: "path", meaning: meaning)
        }

        static func query(_ name: String, _ meaning: String) -> Parameter {
            Parameter(name: name, place: "query", meaning: meaning)
        }
    }

    let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/v1/sessions/{id}`.
    let path: String
    let summary: String
    var parameters: [Parameter] = []
    /// The members of the JSON object that is sent; empty: no body is.
    var body: [(name: String, meaning: String)] = []
    /// Whether it changes something.
    var changes = false
    let answer: @Sendable (AdminCall) async throws -> AdminReply
}

/// A request that has been let in.
struct AdminCall: Sendable {
    let api: AdminAPI
    let path: Parameters
    let query: Parameters
    /// What was sent; an empty object where nothing was.
    let body: JSONFields

    func text(_ name: String) throws -> String {
        guard let value = path[Substring(name)] ?? query[Substring(name)] else { throw JSONFields.malformed(name) }
        return String(value)
    }

    /// A whole number of the query that is not below zero; `nil`: it isn't there.
    func number(_ name: Substring) throws -> Int64? {
        guard let text = query[name] else { return nil }
        guard let number = Int64(text), number >= 0 else { throw JSONFields.malformed(String(name)) }
        return number
    }

    /// The moment that is asked about: now, where nothing is said.
    func moment() throws -> Timestamp {
        guard let text = query["at"] else { return api.time.wall() }
        guard let moment = Timestamp(rfc3339: text) else { throw JSONFields.malformed("at") }
        return moment
    }

    /// How many are asked for: all that one answer may hold, where nothing is said.
    func limit() throws -> Int {
        let wanted = try number("limit") ?? Int64(AdminAPI.pageLimit)
        return Int(min(max(1, wanted), Int64(AdminAPI.pageLimit)))
    }
}

/// What is answered.
enum AdminReply: Sendable {
    case json(JSONValue)
    /// Lines of JSON, until whoever asked goes away.
    case stream(@Sendable (inout any ResponseBodyWriter) async throws -> Void)
}
