import Sessions

/// An entry of the audit log as a file has it: with all that its hash is over.
struct AuditLine: Sendable {
    /// The entry.
    let entry: AuditEntry

    /// The members, in order; what isn't known is `null`.
    var members: [JSONValue.Member] {
        [
            .init("number", .integer(entry.number)),
            .init("at", .time(entry.at)),
            .init("actor", .string(entry.actor)),
            .init("action", .string(entry.action.rawValue)),
            .init("target", .string(entry.target)),
            .init("count", .integer(entry.count)),
            .init("result", .string(entry.result)),
            .init("reason", .text(entry.reason)),
            .init("outcomesDigest", .string(Hex.encode(entry.outcomesDigest))),
            .init("previous", .string(Hex.encode(entry.previous))),
            .init("hash", .string(Hex.encode(entry.hash))),
        ]
    }

    /// The members' names.
    static let names = [
        "number", "at", "actor", "action", "target", "count", "result", "reason", "outcomesDigest", "previous", "hash",
    ]
}
