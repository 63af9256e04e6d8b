import Sessions

/// An entry of the audit log as a file has it: with all that its hash is over.
struct AuditLine: Sendable {
    /// The entry.
    let entry: AuditEntry

    /// What a member is made of.
    private typealias Field = (name: String, value: @Sendable (AuditEntry) -> JSONValue)

    private static let fields: [Field] = [
        ("number", { .integer($0.number) }),
        ("at", { .time($0.at) }),
        ("actor", { .string($0.actor) }),
        ("action", { .string($0.action.rawValue) }),
        ("target", { .string($0.target) }),
        ("count", { .integer($0.count) }),
        ("result", { .string($0.result) }),
        ("reason", { .text($0.reason) }),
        ("outcomesDigest", { .string(Hex.encode($0.outcomesDigest)) }),
        ("previous", { .string(Hex.encode($0.previous)) }),
        ("hash", { .string(Hex.encode($0.hash)) }),
    ]

    /// The members, in order; what isn't known is `null`.
    var members: [JSONValue.Member] { Self.fields.map { JSONValue.Member($0.name, $0.value(entry)) } }

    /// The members' names.
    static let names = fields.map { $0.name }
}
