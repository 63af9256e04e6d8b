import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token verify`: the claims of a token that holds, or every reason why it doesn't.
struct TokenVerifyCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Print the claims of a token that holds, or every reason against it.",
        discussion: """
            By the rules that services apply, but for the revocation feed, which no store is asked for here. The status is 1 \
            where the token is refused. A key's algorithm is its own: give the key an alg where its type leaves a choice, or \
            name one with --alg.
            """)

    @OptionGroup(title: "Options of all commands") var common: CommonOptions
    @OptionGroup var token: TokenArgument
    @OptionGroup var options: TokenPolicyOptions

    @Option(help: ArgumentHelp("The issuer's keys.", valueName: "jwks-file"))
    var keys: String

    @Option(help: ArgumentHelp("A private or shared key, for an encrypted token.", valueName: "jwk-file"))
    var decryptWith: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Who must have issued it.", valueName: "issuer"))
    var issuer: String

    @Option(parsing: .unconditional, help: ArgumentHelp("For whom it must be.", valueName: "audience"))
    var audience: String

    func run(in environment: CommandEnvironment, output: Output) throws {
        let verifier = TokenVerifier(
            policy: try options.policy(issuer: issuer, audience: audience),
            keys: TokenKeys(try TokenKeyFile.keys(keys)), decryptionKeys: try TokenKeyFile.verifying(decryptWith),
            time: environment.time)
        let diagnosis = verifier.diagnose(try token.read(in: environment))
        if let verified = diagnosis.verified { return try output.line(verified.json) }
        try output.line(["valid": .bool(false), "reasons": .array(diagnosis.refusals.map(\.json))])
        throw ExitStatus.failed.exitCode
    }
}
