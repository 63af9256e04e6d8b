import Sessions
import Testing

@testable import SessionTokens

@Suite("Published signatures")
struct SignatureVectorTests {
    @Test("Each holds, and none does over another message", arguments: SignatureAlgorithm.all)
    func hold(_ algorithm: SignatureAlgorithm) throws {
        for vector in try VectorFile.vectors(algorithm.name) {
            let key = try vector.key("key")
            #expect(try key.verifyingAlgorithm(among: Set(SignatureAlgorithm.all)) == algorithm)
            let (message, signature) = try Self.parts(of: vector)
            #expect(algorithm.verify(key.material, signature, message[...]), "\(vector)")
            #expect(!algorithm.verify(key.material, signature, message.dropLast()))
            #expect(!algorithm.verify(key.material, signature.reversed(), message[...]))
            guard key.isPrivate, let own = try algorithm.sign(key.material, message) else { continue }
            #expect(algorithm.verify(key.material, own, message[...]))
            #expect((own == signature) == (vector["isReproducible"] == .bool(true)))
        }
    }

    @Test("Published tokens that no verifier here may accept are refused for the right reason")
    func refused() throws {
        let workshop = try Workshop()
        let verifier = try workshop.verifier(decryptionKeys: [Workshop.encryptionKeys[0]])
        for vector in try VectorFile.vectors("Refused") {
            let token = try vector.text("token")
            #expect(verifier.codes(token).map(\.rawValue).contains(try vector.text("code")), "\(vector)")
            #expect(verifier.code(token) != nil)
        }
    }

    private static func parts(of vector: JSONValue) throws -> (message: [UInt8], signature: [UInt8]) {
        guard vector["token"] != nil else { return (try vector.bytes("message"), try vector.bytes("signature")) }
        let token = try CompactToken(Array(try vector.text("token").utf8))
        return (Array(token.signedPart), try token.decoded(2))
    }
}
