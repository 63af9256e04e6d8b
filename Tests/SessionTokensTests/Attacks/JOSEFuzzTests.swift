import SessionTesting
import Sessions
import Testing

@testable import SessionTokens

/// Whatever a client may send as a token, and whatever an issuer may publish as its keys.
@Suite("Fuzzing tokens and keys") struct JOSEFuzzTests {
    private static let pieces = [
        ".", "..", "eyJ", "{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud800", "null", "1e999", "-0", "=", "-",
        "_",
        #""alg":"none""#, #""alg":"HS256""#, #""b64":false"#, #""crit":["exp"]"#, #""kid":"#, #""zip":"DEF""#,
        #""exp":0"#,
        #""kty":"oct""#, #""d":"#, #""x":"#, #""n":"AQ""#, #""e":"AQAB""#,
    ]

    /// Verifiers, with a token that each takes.
    private static func kinds() throws -> [(verifier: TokenVerifier, token: [UInt8])] {
        try (SignatureAlgorithm.all.map(\.name) + KeyTransport.all.map(\.name)).map { kind in
            let workshop = try Workshop(SignatureAlgorithm(name: kind) ?? .edDSA)
            let encryption = Workshop.encryptionKeys.first { $0.algorithmName == kind }
            let verifier = try workshop.verifier(decryptionKeys: encryption.map { [$0] })
            return (verifier, Array(try workshop.token(encryptTo: encryption).utf8))
        }
    }

    @Test("A token is taken only as it was issued")
    func tokens() throws {
        let kinds = try Self.kinds()
        let issued = kinds.map(\.token)
        Fuzzing("tokens", issued, pieces: Self.pieces).run { input, random in
            let verifier = random.pick(kinds).verifier
            let isTaken = verifier.code(input) == nil
            if isTaken, !issued.contains(input) { Issue.record("\(input)") }
            if !isTaken, verifier.diagnose(input).verified != nil { Issue.record("\(input)") }
        }
    }

    @Test("A header and claims of an issuer of ours are claims or refused, whatever they say")
    func claims() throws {
        let workshop = try Workshop(.hs256)
        let verifier = try workshop.verifier()
        let token = try CompactToken(Array(try workshop.token().utf8))
        let (header, payload) = (try token.decoded(0), try token.decoded(1))
        try Fuzzing("headers and claims", [header, payload], pieces: Self.pieces).run { input, random in
            let isHeader = random.once(in: 2)
            let forged = try workshop.forge(header: isHeader ? input : header, payload: isHeader ? payload : input)
            _ = verifier.code(forged)
            _ = verifier.diagnose(Array(forged.utf8))
        }
    }

    @Test("Keys in JSON are keys or refused, and what is read is written so that it reads the same")
    func keys() throws {
        let keys =
            try SignatureAlgorithm.all.map { try Workshop.key($0).secretJSON }
            + Workshop.encryptionKeys.map(\.secretJSON)
        let sets = [JSONValue.object([.init("keys", .array(keys))])]
        Fuzzing("keys", (keys + sets).map { Array("\($0)".utf8) }, pieces: Self.pieces).run { input, _ in
            do {
                let key = try JSONWebKey(parsing: input)
                let again = try JSONWebKey(parsing: Array("\(key.secretJSON)".utf8))
                if again.secretJSON != key.secretJSON { Issue.record("\(input)") }
            } catch { if !(error is SessionsError) { Issue.record("\(error): \(input)") } }
            do { _ = try JSONWebKeySet(parsing: input) } catch {
                if !(error is SessionsError) { Issue.record("\(error): \(input)") }
            }
        }
    }

    @Test("The form of a token endpoint is read or left")
    func forms() {
        let example = "grant_type=refresh_token&refresh_token=abc%2Fdef&client_id=web+shop"
        Fuzzing("forms", [Array(example.utf8)], pieces: ["&", "=", "%", "+", "%00", "%zz", "grant_type"]).run {
            input, _ in
            guard let form = TokenForm(input) else { return }
            if let type = form["grant_type"], type.utf8.count > input.count { Issue.record("\(input)") }
        }
    }
}
