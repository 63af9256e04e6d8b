import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token inspect`: whatever can be decoded of a token, and every reason against it.
struct TokenInspectCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Decode any token, check what can be, and say every reason against it.",
        discussion: """
            What isn't given isn't checked, and is named under unchecked: what an encrypted token holds without \
            --decrypt-with, the signature without --keys, the issuer, the audience and the type without their options. \
            Values under secret-looking names are masked. The status is 1 where there is a reason against the token.
            """)

    @OptionGroup(title: "Options of all commands") var common: CommonOptions
    @OptionGroup var token: TokenArgument
    @OptionGroup var options: TokenPolicyOptions

    @Option(help: ArgumentHelp("The issuer's keys.", valueName: "jwks-file"))
    var keys: String?

    @Option(help: ArgumentHelp("A private or shared key, for an encrypted token.", valueName: "jwk-file"))
    var decryptWith: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Who must have issued it.", valueName: "issuer"))
    var issuer: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("For whom it must be.", valueName: "audience"))
    var audience: String?

    @Option(help: "How to print it; else a table for a person, JSON for a program.")
    var format: LineFormat?

    func run(in environment: CommandEnvironment, output: Output) throws {
        let bytes = try token.read(in: environment)
        let decryptionKeys = try TokenKeyFile.verifying(decryptWith)
        let known = try TokenKeyFile.verifying(keys)
        func diagnose(issuer: String, audience: String, type: String) throws -> TokenDiagnosis {
            let policy = try options.policy(issuer: issuer, audience: audience, types: [type])
            return TokenVerifier(
                policy: policy, keys: TokenKeys(try known ?? JSONWebKeySet([])), decryptionKeys: decryptionKeys,
                time: environment.time
            ).diagnose(bytes)
        }
        // What it says of itself is taken for what isn't given: then that isn't checked.
        let first = try diagnose(issuer: "?", audience: "?", type: "?").decoded
        let diagnosis = try diagnose(
            issuer: issuer ?? first.claims?.texts("iss").first ?? "?",
            audience: audience ?? first.claims?.texts("aud").first ?? "?", type: first.header?.texts("typ").first ?? "?"
        )
        let report = TokenReport(
            diagnosis, unchecked: unchecked(isEncrypted: first.encryptionHeader != nil), at: environment.time.wall())
        try print(report.json, to: output)
        if !report.reasons.isEmpty { throw ExitStatus.failed.exitCode }
    }

    private func unchecked(isEncrypted: Bool) -> [String] {
        let given = [
            ("decryption", decryptWith != nil || !isEncrypted), ("signature", keys != nil), ("iss", issuer != nil),
            ("aud", audience != nil), ("typ", !options.typ.isEmpty),
        ]
        return given.filter { !$0.1 }.map(\.0) + ["revocation"]
    }

    private func print(_ json: JSONValue, to output: Output) throws {
        switch LineFormat.chosen(format, for: output) {
        case .json: try output.line(json)
        case .table:
            var table = TextTable([.init(heading: "NAME"), .init(heading: "VALUE")], output: output)
            for (name, value) in json.leaves { try table.add([name, value]) }
            try table.finish()
        }
    }
}

/// What is said about a token.
private struct TokenReport {
    let diagnosis: TokenDiagnosis
    let unchecked: [String]
    let reasons: [TokenRefusal]
    let now: Timestamp

    /// The reasons that only say that something wasn't given.
    private static let ofUnchecked: [String: Set<TokenRefusal.Code>] = [
        "decryption": [.decryptionKeyMissing], "signature": [.keyUnknown, .keyMissing], "iss": [.issuerMismatch],
        "aud": [.audienceMismatch], "typ": [.typeNotAccepted],
    ]

    init(_ diagnosis: TokenDiagnosis, unchecked: [String], at now: Timestamp) {
        (self.diagnosis, self.unchecked, self.now) = (diagnosis, unchecked, now)
        let excused = unchecked.reduce(into: Set()) { $0.formUnion(Self.ofUnchecked[$1] ?? []) }
        reasons = diagnosis.refusals.filter { !excused.contains($0.code) }
    }

    var json: JSONValue {
        let decoded = diagnosis.decoded
        return [
            "valid": diagnosis.verified != nil ? .bool(true) : reasons.isEmpty ? .null : .bool(false),
            "form": decoded.encryptionHeader != nil ? "JWE" : decoded.header != nil ? "JWS" : .null,
            "encryption": decoded.encryptionHeader?.masked ?? .null, "header": decoded.header?.masked ?? .null,
            "claims": decoded.claims?.masked ?? .null, "issued": .time(moment("iat")), "expires": .time(moment("exp")),
            "ttl": .seconds(moment("exp").map { $0 - now }), "reasons": .array(reasons.map(\.json)),
            "unchecked": .array(unchecked.map { .string($0) }),
        ]
    }

    private func moment(_ name: String) -> Timestamp? {
        guard case .number(let digits)? = diagnosis.decoded.claims?[name], let seconds = Int64(digits),
            (0...253_402_300_799).contains(seconds)
        else { return nil }
        return Timestamp(milliseconds: seconds * 1000)
    }
}

extension JSONValue {
    /// The texts of a member that is one, or an array of them; those that aren't empty.
    fileprivate func texts(_ name: String) -> [String] {
        let elements: [JSONValue] =
            if case .array(let elements)? = self[name] { elements } else { [self[name] ?? .null] }
        return elements.compactMap { if case .string(let text) = $0, !text.isEmpty { text } else { nil } }
    }
}
