import Screen
import Sessions

/// Which tokens `token revoke` revokes.
enum DenialTarget: Sendable, Equatable {
    /// One.
    case token(TokenDenial)
    /// All of a client or a tenant.
    case scope(CutoffScope)

    /// Reads the options.
    ///
    /// - Throws: ``SessionsError`` with `usage` where they name nothing, or more than one thing.
    init(jti: String?, issuer: String?, client: String?, tenant: String?) throws {
        let given = [jti, issuer, client, tenant].compactMap { $0 }
        guard given.allSatisfy({ !$0.isEmpty }) else { throw Self.unclear }
        switch (jti, issuer, client, tenant) {
        case (let jti?, let issuer?, nil, nil): self = .token(TokenDenial(issuer: issuer, tokenID: jti))
        case (nil, nil, let client?, nil): self = .scope(.client(client))
        case (nil, nil, nil, let tenant?): self = .scope(.tenant(tenant))
        default: throw Self.unclear
        }
    }

    private static let unclear = SessionsError(
        .usage, "say which tokens: --jti ID --issuer ISSUER, or --client ID, or --tenant NAME")

    /// Revokes them, with an entry in the audit log.
    func revoke(in directory: any SessionDirectory, order: Order) async throws -> RevokeReceipt {
        switch self {
        case .token(let denial): try await directory.deny([denial], order: order)
        case .scope(let scope): try await directory.cutOff(scope, order: order)
        }
    }

    /// Whether it is one token.
    var isOne: Bool { if case .token = self { true } else { false } }

    /// For people, escaped.
    var description: String {
        switch self {
        case .token(let denial): "the \(denial.description.replacing(":", with: " "))"
        case .scope(let scope): "everything of the \(scope.kind) \(Escaping.text(scope.key))"
        }
    }

    /// As the audit log has it.
    var auditName: String {
        switch self {
        case .token(let denial): denial.description
        case .scope(let scope): "\(scope.kind):\(scope.key)"
        }
    }

    /// What somebody types who agrees.
    var agreement: String {
        switch self {
        case .token: "y"
        case .scope(let scope): Escaping.text(scope.key)
        }
    }
}

/// The line that `token revoke` prints.
struct TokenOutcome: Sendable {
    private let target: DenialTarget
    private let outcome: String
    private let detail: String

    /// It was revoked.
    static func done(_ target: DenialTarget) -> TokenOutcome {
        let detail = target.isOne ? "denied from now on" : "whatever was issued before is refused"
        return TokenOutcome(target: target, outcome: "revoked", detail: detail)
    }

    /// Not everywhere: it is accepted where nodes could not be told.
    static func failed(_ target: DenialTarget, unreached nodes: [String]) -> TokenOutcome {
        let detail = "\(nodes.joined(separator: ", ")) could not be told: do it again when they answer"
        return TokenOutcome(target: target, outcome: "failed", detail: detail)
    }

    /// It would be revoked.
    static func would(_ target: DenialTarget) -> TokenOutcome {
        TokenOutcome(target: target, outcome: "wouldRevoke", detail: "dry run: nothing was changed")
    }

    /// The line as JSON.
    var json: JSONValue {
        ["target": .string(target.auditName), "outcome": .string(outcome), "detail": .string(detail)]
    }

    static func printer(_ format: LineFormat?, output: Output) throws -> RecordPrinter {
        let format: ResultFormat = LineFormat.chosen(format, for: output) == .json ? .json : .table
        let columns = [
            RecordColumn("target", heading: "TARGET"), RecordColumn("outcome", heading: "OUTCOME"),
            RecordColumn("detail", heading: "DETAIL", .long),
        ]
        return try RecordPrinter(columns, format: format, output: output)
    }
}

/// Until when tokens are accepted at services that don't follow the feed: nobody can revoke them there.
struct ResidualExposure: Sendable {
    private let life: Duration

    /// - Parameter tokenLife: how long tokens live at most: `15m`.
    /// - Throws: ``SessionsError`` with `usage` where that is no duration, or none above zero.
    init(tokenLife: String) throws {
        guard let life = DurationText.parse(tokenLife), life > .zero else {
            throw SessionsError(.usage, "--token-life takes a duration above zero, such as 15m")
        }
        self.life = life
    }

    /// When the last token dies that was issued by now: a verifier's leeway after its end.
    func end(at now: Timestamp) -> Timestamp { now + life + Retention().leeway }

    /// The sentence that says so.
    func note(for what: String, at now: Timestamp) -> String {
        "Services that don't follow the feed may accept access tokens of \(what) until \(end(at: now).clockText) at the latest"
            + " (they live \(DurationText.short(life)))."
    }
}
