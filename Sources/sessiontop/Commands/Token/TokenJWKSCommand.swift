import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token jwks FILE`: the public keys of a file, for everybody to see.
struct TokenJWKSCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "jwks", abstract: "Print the public keys of a file as a JWK Set.",
        discussion:
            "Of a key ring: those that sign, signed or will sign. A symmetric key has no public part, and isn't shown.")

    @OptionGroup(title: "Options of all commands") var common: CommonOptions

    @Argument(help: "A key, a key set or a key ring.")
    var file: String

    func run(in environment: CommandEnvironment, output: Output) throws {
        let set = try TokenKeyFile.keys(file)
        guard !set.keys.contains(where: \.isSymmetric) else {
            throw SessionsError(.invalidKey, "a symmetric key has no public part: whoever has it can sign")
        }
        try output.line(set.publicJSON)
    }
}
