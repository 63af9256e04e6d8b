import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token generate FILE`: a new key, in a file that wasn't there.
struct TokenGenerateCommand: TokenSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a file with a new key: a ring that can be rotated, or a key to encrypt to.",
        discussion: "A file that is there already is never touched. The new one has mode 0600.")

    @OptionGroup(title: "Options of all commands") var common: CommonOptions

    @Argument(help: "The file to make.")
    var file: String

    @Option(
        name: .customLong("alg"),
        help: ArgumentHelp(
            "EdDSA, ES256, ES384, PS256, RS256 or HS256 to sign; ECDH-ES, ECDH-ES+A256KW, A256KW or dir to encrypt.",
            valueName: "name"))
    var algorithm = "EdDSA"

    @Option(help: ArgumentHelp("Its id; else its thumbprint.", valueName: "id"))
    var kid: String?

    func run(in environment: CommandEnvironment, output: Output) throws {
        guard !common.readOnly else { throw SessionsError(.refused, "--read-only: no key is made") }
        if let algorithm = SignatureAlgorithm(name: algorithm) {
            let file = try SigningKeyFile.create(
                file, algorithm: algorithm, id: kid, schedule: KeySchedule(), time: environment.time)
            try output.line(try file.ring.lines(KeySchedule(), at: environment.time.wall())[0])
        } else if let transport = KeyTransport(name: algorithm) {
            let key = try JSONWebKey.generate(transport, id: kid)
            guard try key.create(file: file) else {
                throw SessionsError(.usage, "there is a file already: keys are never overwritten, name another")
            }
            try output.line(["kid": .text(key.id), "alg": .string(transport.name), "standing": "encryption"])
        } else {
            throw TokenPolicyOptions.unknown(algorithm: algorithm)
        }
    }
}

extension SigningKeyRing {
    /// A line for each key: where it stands, and until when.
    func lines(_ schedule: KeySchedule, at now: Timestamp) throws -> [JSONValue] {
        zip(entries.indices, standings(at: now)).map { index, standing in
            let next = index + 1 < entries.count ? entries[index + 1].signsFrom : nil
            return [
                "kid": .text(entries[index].key.id), "alg": .text(entries[index].key.algorithmName),
                "standing": .string(standing.rawValue), "signsFrom": .time(entries[index].signsFrom),
                "signsUntil": .time(next), "verifiesUntil": .time(verifiesUntil(index, schedule)),
            ]
        }
    }
}
