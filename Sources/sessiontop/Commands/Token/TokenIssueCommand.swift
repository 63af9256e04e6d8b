import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token issue`: signs claims, and prints the token.
struct TokenIssueCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Sign claims, and print the token.",
        discussion: """
            iat, exp and a random jti are added where no --claim sets them. Whoever has the token can use it for as long as it \
            lives: it goes to standard output alone.
            """)

    @OptionGroup(title: "Options of all commands") var common: CommonOptions

    @Option(help: ArgumentHelp("A private key, or a key ring: mode 0600.", valueName: "jwk-file"))
    var key: String

    @Option(
        help: ArgumentHelp(
            "A claim: JSON, so a text stands in quotes, as in 'sub=\"alice\"'; may be repeated.",
            valueName: "name=json"))
    var claim: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The type in the header.", valueName: "type"))
    var typ = "at+jwt"

    @Option(parsing: .unconditional, help: ArgumentHelp("How long it lives: from 1s to 24h.", valueName: "duration"))
    var ttl = "5m"

    @Option(help: ArgumentHelp("Encrypt it to this key.", valueName: "jwk-file"))
    var encryptTo: String?

    func run(in environment: CommandEnvironment, output: Output) throws {
        let now = environment.time.wall()
        let claims = try self.claims(at: now)
        let key = try TokenKeyFile.signing(key, at: now)
        let recipient = try encryptTo.map { path in try TokenKeyFile.named { try JSONWebKey(file: path) } }
        let signer = try TokenSigner(key: key, type: typ, encryptTo: recipient)
        for name in ["iss", "sub", "aud"] where claims[name] == nil {
            output.note("The token has no \(name): services that follow this library's policy refuse it.")
        }
        try output.line(try signer.sign(claims))
    }

    private func claims(at now: Timestamp) throws -> JSONValue {
        var members = try claim.map(Self.member)
        guard Set(members.map { Array($0.name.utf8) }).count == members.count else {
            throw SessionsError(.usage, "a claim is given twice: name each once")
        }
        guard let ttl = DurationText.parse(ttl), ttl >= .seconds(1), ttl <= TokenPolicy.longestLifetime else {
            throw SessionsError(.usage, "--ttl is a duration from 1s to 24h, such as 5m")
        }
        let seconds = now.milliseconds / 1000
        func add(_ name: String, _ value: JSONValue) {
            if !members.contains(where: { $0.name == name }) { members.append(.init(name, value)) }
        }
        add("iat", .integer(seconds))
        add("exp", .integer(seconds + ttl.components.seconds))
        add("jti", .string(TokenIssuer.newID()))
        return .object(members)
    }

    private static func member(_ text: String) throws -> JSONValue.Member {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw SessionsError(.usage, "a claim is NAME=JSON, such as 'sub=\"alice\"'")
        }
        guard let value = try? JSONValue(strict: Array(parts[1].utf8), depthLimit: TokenLimits.depth - 1) else {
            throw SessionsError(
                .usage, "the claim \(parts[0]) isn't JSON: a text stands in quotes, as in '\(parts[0])=\"…\"'")
        }
        return .init(String(parts[0]), value)
    }
}
