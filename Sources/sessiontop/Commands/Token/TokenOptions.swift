import ArgumentParser
import SessionTokens
import Sessions

/// A token that a command looks at.
struct TokenArgument: ParsableArguments {
    @Argument(help: "The token; - or nothing: from standard input, where nobody sees it in a list of processes.")
    var token: String?

    /// The token's bytes, without the ends of lines around it; what is too long for a token is cut, and then refused.
    func read(in environment: CommandEnvironment) throws -> [UInt8] {
        let limit = TokenLimits.byteCount + 64
        let bytes = try token.flatMap { $0 == "-" ? nil : Array($0.utf8.prefix(limit)) } ?? environment.input(limit)
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}

/// What a token is checked with.
struct TokenPolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A typ that is accepted; may be repeated. verify takes at+jwt alone without it.", valueName: "type"))
    var typ: [String] = []

    @Option(
        name: .customLong("alg"),
        help: ArgumentHelp("An algorithm that is accepted; may be repeated; else all.", valueName: "name"))
    var algorithms: [String] = []

    @Option(help: ArgumentHelp("A claim that must be there; may be repeated.", valueName: "claim"))
    var require: [String] = []

    @Option(help: ArgumentHelp("How far clocks may be apart, at most 300s.", valueName: "duration"))
    var leeway = "60s"

    @Flag(help: "Refuse a token that isn't encrypted.")
    var encrypted = false

    /// The policy of these options.
    ///
    /// - Throws: ``SessionsError`` with `usage`.
    func policy(issuer: String, audience: String, types: [String]? = nil) throws -> TokenPolicy {
        let known = try algorithms.map { name in
            guard let algorithm = SignatureAlgorithm(name: name) else { throw Self.unknown(algorithm: name) }
            return algorithm
        }
        guard let leeway = DurationText.parse(leeway) else {
            throw SessionsError(.usage, "the leeway is a duration such as 60s")
        }
        return try TokenPolicy(
            issuer: issuer, audience: audience, types: typ.isEmpty ? types ?? ["at+jwt"] : typ,
            algorithms: known.isEmpty ? SignatureAlgorithm.all : known, leeway: leeway, requiredClaims: require,
            requiresEncryption: encrypted)
    }

    static func unknown(algorithm name: String) -> SessionsError {
        let known = SignatureAlgorithm.all.map(\.name) + KeyTransport.all.map(\.name)
        return SessionsError(.usage, "\(name) is no algorithm that is known here: \(known.joined(separator: ", "))")
    }
}

/// Files of keys.
enum TokenKeyFile {
    /// The keys of a file that tokens are verified with; `nil`: none is named.
    static func verifying(_ path: String?) throws -> JSONWebKeySet? { try path.map { try keys($0) } }

    /// The keys of a file.
    static func keys(_ path: String) throws -> JSONWebKeySet { try named { try JSONWebKeySet(file: path) } }

    /// Reads a file that somebody named: where it isn't there, the argument can't be used; no store is missing.
    static func named<Keys>(_ read: () throws -> Keys) throws -> Keys {
        do { return try read() } catch let error as SessionsError where error.code == .storeNotFound {
            throw SessionsError(.usage, error.message, cause: error.cause)
        }
    }

    /// The key of a file that tokens are signed with now: the only one, or the one whose turn it is in a ring.
    static func signing(_ path: String, at now: Timestamp) throws -> JSONWebKey {
        let set = try keys(path)
        guard set.keys.count != 1 else { return set.keys[0] }
        return try SigningKeyFile(path, schedule: KeySchedule()).ring.signingKey(at: now)
    }
}
