import Crypto
import Foundation
import Sessions
import Testing

@testable import SessionTokens

@Suite("Keys in JSON")
struct JSONWebKeyTests {
    @Test("Published sets are read, keys that can't be used passed over")
    func sets() throws {
        for vector in try #require(try VectorFile.read("JWK")["sets"]).elements() {
            let set = try JSONWebKeySet(json: try #require(vector["set"]))
            let ids = try #require(vector["ids"]).elements()
            #expect(set.keys.map { JSONValue.text($0.id) } == ids)
            #expect(vector["ignored"] == .integer(set.ignoredCount))
        }
    }

    @Test("Published private keys are read, and written as they were")
    func privateKeys() throws {
        for vector in try #require(try VectorFile.read("JWK")["privateKeys"]).elements() {
            let key = try vector.key("key")
            #expect(key.isPrivate)
            #expect(Self.sorted(key.secretJSON) == Self.sorted(try #require(vector["key"])))
            let half = try #require(key.publicKey)
            #expect(!half.isPrivate && half.thumbprint == key.thumbprint)
            #expect(half.secretJSON["d"] == nil && half.secretJSON["p"] == nil)
        }
    }

    @Test("Published keys of other algorithms are refused")
    func refusedVectors() throws {
        for vector in try #require(try VectorFile.read("JWK")["refused"]).elements() {
            #expect(throws: SessionsError.self) { try vector.key("key") }
        }
    }

    @Test("Thumbprints are the published ones")
    func thumbprints() throws {
        for vector in try #require(try VectorFile.read("JWK")["thumbprints"]).elements() {
            #expect(try vector.key("key").thumbprint == vector.text("thumbprint"))
        }
    }

    @Test("A new key reads back and does its work", arguments: SignatureAlgorithm.all)
    func generated(_ algorithm: SignatureAlgorithm) throws {
        let key = try JSONWebKey.generate(algorithm, id: "k")
        let read = try JSONWebKey(parsing: Array("\(key.secretJSON)".utf8))
        #expect(read.secretJSON == key.secretJSON && read.algorithmName == algorithm.name)
        let signature = try #require(try algorithm.sign(read.material, [1, 2, 3]))
        #expect(algorithm.verify((key.publicKey ?? key).material, signature, [1, 2, 3]))
        #expect(key.isSymmetric == (key.publicKey == nil))
    }

    @Test("A key that is wrong in a member is refused, and the error tells none of it")
    func wrong() throws {
        let p256 = try JSONWebKey.generate(.es256).secretJSON
        let okp = try JSONWebKey.generate(.edDSA).secretJSON
        let rsa = try Workshop.key(.rs256).secretJSON
        let other = try JSONWebKey.generate(.es256).secretJSON
        let wrong: [JSONValue] = try [
            p256.with("y", other["y"]), p256.with("x", .base64([UInt8](repeating: 0, count: 32))),
            p256.with("x", .base64(Array(try p256.bytes("x").dropFirst()))),
            p256.with("x", .base64([0] + p256.bytes("x"))), p256.with("d", other["d"]), p256.with("x", nil),
            p256.with("d", .base64([UInt8](repeating: 0, count: 32))), p256.with("crv", "P-521"),
            p256.with("crv", "secp256k1"), p256.with("crv", "P-384"), p256.with("alg", "ES384"),
            p256.with("alg", "none"), p256.with("use", "x"), p256.with("kid", ""),
            p256.with("kid", .string(String(repeating: "k", count: 129))), p256.with("kid", .number("1")),
            p256.with("key_ops", "sign"), p256.with("kty", nil), p256.with("y", "="), okp.with("d", p256["d"]),
            okp.with("x", "AA"), okp.with("crv", "Ed448"), rsa.with("n", .base64([0] + rsa.bytes("n"))),
            rsa.with("n", .base64(Array(rsa.bytes("n").prefix(255)))), rsa.with("e", .base64([1])),
            rsa.with("e", .base64([2])), rsa.with("e", .base64([1, 0, 0, 0, 1])), rsa.with("p", rsa["q"]),
            rsa.with("d", rsa["p"]), rsa.with("p", .base64([3])), rsa.with("q", nil),
            rsa.with("n", .base64([UInt8](repeating: 255, count: 1025))), ["kty": "oct", "k": "AAAA"],
            ["kty": "oct", "k": .base64([UInt8](repeating: 7, count: 31)), "alg": "HS256"], ["kty": "none"], [:],
        ]
        for json in wrong {
            let error = #expect(throws: SessionsError.self) { try JSONWebKey(json: json) }
            #expect(error?.code == .invalidKey)
            for name in ["d", "k", "p"] {
                if let secret = try? json.text(name), secret.utf8.count > 8 {
                    #expect(error?.description.contains(secret) == false)
                }
            }
        }
    }

    @Test("A set names each key once, and never mixes symmetric with asymmetric ones")
    func mixing() throws {
        let (first, second) = (try JSONWebKey.generate(.edDSA, id: "1"), try JSONWebKey.generate(.es256, id: "1"))
        let secret = try JSONWebKey.generate(.hs256, id: "2")
        #expect(throws: SessionsError.self) { try JSONWebKeySet([first, second]) }
        #expect(throws: SessionsError.self) { try JSONWebKeySet([first, secret]) }
        #expect(throws: SessionsError.self) {
            try JSONWebKeySet((0...64).map { try JSONWebKey.generate(.edDSA, id: "\($0)") })
        }
        #expect(throws: SessionsError.self) { try JSONWebKeySet(parsing: Array(#"{"keys":[],"keys":[]}"#.utf8)) }
        #expect(try JSONWebKeySet([first]).publicJSON["keys"]?.elements().count == 1)
        #expect(try JSONWebKeySet([secret]).publicJSON == ["keys": []])
    }

    @Test("A key with a choice of algorithms is used only where the policy ends the choice")
    func choices() throws {
        let rsa = try JSONWebKey(json: Workshop.key(.rs256).secretJSON.with("alg", nil))
        #expect(throws: TokenRefusal.self) { try rsa.verifyingAlgorithm(among: Set(SignatureAlgorithm.all)) }
        #expect(try rsa.verifyingAlgorithm(among: [.ps256, .edDSA]) == .ps256)
        #expect(throws: SessionsError.self) { try rsa.signingAlgorithm() }
        let p256 = try JSONWebKey(json: Workshop.key(.es256).secretJSON.with("alg", nil))
        #expect(try p256.verifyingAlgorithm(among: Set(SignatureAlgorithm.all)) == .es256)
        #expect(throws: TokenRefusal.self) { try p256.decryptingTransport(among: Set(KeyTransport.all)) }
    }

    @Test("A file of secret keys must be for its owner alone; one of public keys may be for all")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("key.jwk").path
        let key = try JSONWebKey.generate(.edDSA)
        try key.write(file: path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try JSONWebKey(file: path).secretJSON == key.secretJSON)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: SessionsError.self) { try JSONWebKey(file: path) }
        try Data("\(try JSONWebKeySet([key]).publicJSON)".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(try JSONWebKey(file: path).thumbprint == key.thumbprint)
        #expect(throws: SessionsError.self) { try JSONWebKey(file: path + "x") }
    }

    @Test("Printing a key shows none of its numbers")
    func masked() throws {
        let key = try JSONWebKey.generate(.edDSA, id: "k1")
        var dumped = ""
        dump(key, to: &dumped)
        let secret = try key.secretJSON.text("d")
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(secret) && text.contains("k1"))
        }
    }

    private static func sorted(_ json: JSONValue) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.map { "\($0.name)=\($0.value)" }.sorted()
    }
}

extension JSONValue {
    /// The object with a member changed; `nil`: taken away.
    func with(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(let members) = self else { return self }
        let rest = members.filter { $0.name != name }
        return .object(rest + (value.map { [Member(name, $0)] } ?? []))
    }
}
