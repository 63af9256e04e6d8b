import Foundation
import Sessions
import SessionTesting
import Subprocess
import Testing

@testable import SessionTokens

/// Tokens of joserfc and PyJWT, which Tests/run installs.
@Suite("Tokens of other implementations")
struct InteropTests {
    private struct Wrong: Error, CustomStringConvertible {
        var description: String
    }

    private static let root = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The pairs of a signing and perhaps an encryption key.
    private static var pairs: [(signing: JSONWebKey, encryption: JSONWebKey?)] {
        get throws {
            try SignatureAlgorithm.all.flatMap { algorithm in
                let key = try Workshop.key(algorithm)
                return ([nil] + Workshop.encryptionKeys.map(Optional.some)).map { (key, $0) }
            }
        }
    }

    @Test("Theirs verify here and ours there: every algorithm, alone and nested in every encryption")
    func bothWays() async throws {
        let workshop = try Workshop()
        let pairs = try Self.pairs
        let answer = try await Self.ask(try Self.request(pairs, workshop))
        let made = try #require(answer["made"]).elements()
        #expect(made.count == 2 * pairs.count)
        for token in made { try Self.verify(token, workshop) }
        let checked = try #require(answer["checked"]).elements()
        #expect(checked.count == 2 * pairs.count)
        for check in checked {
            #expect(check["claims"].map(Self.sorted) == Self.sorted(workshop.claims.json), "\(check)")
        }
    }

    private static func request(
        _ pairs: [(signing: JSONWebKey, encryption: JSONWebKey?)], _ workshop: Workshop
    ) throws -> JSONValue {
        let tokens = try pairs.map { signing, encryption in
            let signer = try TokenSigner(key: signing, encryptTo: encryption?.publicKey ?? encryption)
            let token = try signer.sign(workshop.claims.json)
            return ["token": .string(token), "kid": .text(signing.id), "encryptedTo": .text(encryption?.id)]
                as JSONValue
        }
        return [
            "claims": workshop.claims.json, "type": "at+jwt",
            "signing": .array(try SignatureAlgorithm.all.map { try Workshop.key($0).secretJSON }),
            "encryption": .array(Workshop.encryptionKeys.map(\.secretJSON)), "tokens": .array(tokens),
        ]
    }

    private static func verify(_ made: JSONValue, _ workshop: Workshop) throws {
        guard let algorithm = SignatureAlgorithm(name: try made.text("kid")) else { throw Wrong(description: "kid") }
        let id = try? made.text("encryptedTo")
        let keys = Workshop.encryptionKeys.filter { $0.id == id }
        let verifier = TokenVerifier(
            policy: try workshop.policy(),
            keys: TokenKeys(try JSONWebKeySet([Workshop.key(algorithm)])),
            decryptionKeys: keys.isEmpty ? nil : try JSONWebKeySet(keys), time: workshop.time.source)
        let diagnosis = verifier.diagnose(Array(try made.text("token").utf8))
        let verified = try #require(diagnosis.verified, "\(made["by"] ?? .null) \(algorithm): \(diagnosis.refusals)")
        #expect(verified.wasEncrypted == (id != nil))
        #expect(sorted(verified.json) == sorted(workshop.claims.json))
    }

    private static func ask(_ request: JSONValue) async throws -> JSONValue {
        let python = root.appendingPathComponent(".build/interop/bin/python3").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw Wrong(description: "\(python) is missing: Tests/run makes it")
        }
        let script = root.appendingPathComponent("Tests/SessionTokensTests/Interop/interop.py").path
        let ended = try await Subprocess.run(
            .name("env"), arguments: [python, script], input: .string("\(request)"), output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20))
        guard case .exited(0) = ended.terminationStatus,
            let answer = JSONValue(parsing: Array(ended.standardOutput.utf8))
        else { throw Wrong(description: ended.standardError) }
        return answer
    }

    private static func sorted(_ json: JSONValue) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.map { "\($0.name)=\($0.value)" }.sorted()
    }
}
