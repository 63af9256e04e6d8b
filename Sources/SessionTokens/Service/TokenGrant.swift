internal import Sessions

/// What was granted at sign-in: kept with the family, and put into each of its access tokens.
struct TokenGrant: Sendable, Equatable {
    var audience: [String]
    var scope: [String]
    var own: [JSONValue.Member]

    /// As a family keeps it.
    var json: JSONValue {
        [
            "audience": .array(audience.map { .string($0) }), "scope": .array(scope.map { .string($0) }),
            "claims": .object(own),
        ]
    }

    init(audience: [String], scope: [String], own: [JSONValue.Member]) {
        (self.audience, self.scope, self.own) = (audience, scope, own)
    }

    /// Reads what a family keeps; `nil` where that is something else.
    init?(_ json: JSONValue) {
        guard let audience = Self.texts(json["audience"]), let scope = Self.texts(json["scope"]),
            case .object(let own)? = json["claims"]
        else { return nil }
        self.init(audience: audience, scope: scope, own: own)
    }

    private static func texts(_ json: JSONValue?) -> [String]? {
        guard case .array(let elements)? = json else { return nil }
        let texts = elements.compactMap { element in if case .string(let text) = element { text } else { nil } }
        return texts.count == elements.count ? texts : nil
    }
}
