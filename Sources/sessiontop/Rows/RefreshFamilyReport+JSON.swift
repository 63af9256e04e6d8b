import Sessions

extension RefreshFamilyReport {
    /// A family as `inspect` prints it: how often it was rotated, what it was derived from, who was given its last tokens.
    func json(revocation: Revocation?, at now: Timestamp) -> JSONValue {
        [
            "rotations": .integer(max(0, generation - 1)), "rotated": .time(rotated),
            "parents": .array(parents.map { .string("\($0.handle)") }),
            "children": .array(children.map { .string("\($0.handle)") }), "reuse": .text(revocation?.reuse),
            "accessTokens": exposure.json(at: now), "given": .array(uses.reversed().map(\.json)),
        ]
    }
}

extension RefreshFamilyReport.Use {
    fileprivate var json: JSONValue {
        ["generation": .integer(generation), "at": .time(at), "ip": .text(ip), "agent": .text(agent)]
    }
}

extension TokenExposure {
    /// How many access tokens verify at services that don't follow the feed, and when the last of them dies there.
    func json(at now: Timestamp) -> JSONValue {
        let count = count(at: now)
        return ["living": .integer(count), "lastDies": .time(count > 0 ? end : nil)]
    }
}
