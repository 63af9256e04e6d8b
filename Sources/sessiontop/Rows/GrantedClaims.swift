import Sessions

/// The claims that the access tokens of a refresh family get, beside those that each has of its own.
enum GrantedClaims {
    /// Reads them.
    ///
    /// - Parameters:
    ///   - data: the family's payload, masked or not.
    ///   - detail: the family.
    /// - Returns: an object; `nil`: the payload says nothing of claims.
    static func json(in data: JSONValue, of detail: SessionDetail) -> JSONValue? {
        guard let grant = data["data"], let audience = grant["audience"], case .array(let scope)? = grant["scope"],
            case .object(let own)? = grant["claims"]
        else { return nil }
        let scopes = scope.compactMap { if case .string(let text) = $0 { text } else { nil } }
        var members: [JSONValue.Member] = [
            .init("sub", .text(detail.row.user ?? detail.client)), .init("aud", audience),
            .init("client_id", .text(detail.client)),
        ]
        if !scopes.isEmpty { members.append(.init("scope", .string(scopes.joined(separator: " ")))) }
        return .object(members + own)
    }
}
