import Crypto
import Sessions
import Testing

@testable import SessionTokens

@Suite("Published encryption")
struct EncryptionVectorTests {
    @Test("A256GCM: each content opens, and none does under another header")
    func contents() throws {
        for vector in try VectorFile.vectors("A256GCM") {
            let key = SymmetricKey(data: try vector.bytes("contentKey"))
            #expect(try Self.open(vector, by: key) == vector.bytes("content"), "\(vector)")
            let token = try CompactToken(Array(try vector.text("token").utf8))
            #expect(throws: TokenRefusal.self) {
                try ContentEncryption.open(try Self.sealed(token), by: key, header: token.headerPart.dropLast())
            }
        }
    }

    @Test("A256KW: each key unwraps, and wraps to the same bytes")
    func wraps() throws {
        for vector in try VectorFile.vectors("A256KW") {
            let key = SymmetricKey(data: try vector.bytes("key", "k"))
            let content = try KeyTransport.unwrap(try vector.bytes("encryptedKey"), by: key)
            #expect(try content.withUnsafeBytes { Array($0) } == vector.bytes("contentKey"))
            #expect(try Array(AES.KeyWrap.wrap(content, using: key)) == vector.bytes("encryptedKey"))
        }
    }

    @Test("ECDH-ES: each secret and each key made of it are the published ones")
    func agreements() throws {
        for vector in try VectorFile.vectors("ECDH-ES") {
            let secret = try Self.agree(vector)
            if vector["sharedSecret"] != nil {
                #expect(try secret.withUnsafeBytes { Array($0) } == vector.bytes("sharedSecret"))
            } else {
                let key = ConcatKDF.key(
                    from: secret, for: try vector.text("algorithm"), partyU: try vector.bytes("apu"),
                    partyV: try vector.bytes("apv"), byteCount: 16)
                #expect(try key.withUnsafeBytes { Array($0) } == vector.bytes("derivedKey"))
            }
        }
    }

    @Test("ECDH-ES with key wrapping: the agreed key unwraps the content's, which opens the content")
    func agreementsThatWrap() throws {
        for vector in try VectorFile.vectors("ECDH-ES+A256KW") {
            let wrapping = ConcatKDF.key(
                from: try Self.agree(vector), for: try vector.text("algorithm"), byteCount: 16)
            let content = try AES.KeyWrap.unwrap(try vector.bytes("encryptedKey"), using: wrapping)
            #expect(try content.withUnsafeBytes { Array($0) } == vector.bytes("contentKey"))
            #expect(try Self.open(vector, by: content) == vector.bytes("content"))
        }
    }

    private static func agree(_ vector: JSONValue) throws -> SharedSecret {
        let (own, ephemeral) = (try vector.key("key"), try vector.key("ephemeralKey"))
        return try own.material.agreeAsRecipient(ephemeral.material)
    }

    private static func open(_ vector: JSONValue, by key: SymmetricKey) throws -> [UInt8] {
        let token = try CompactToken(Array(try vector.text("token").utf8))
        return try ContentEncryption.open(try sealed(token), by: key, header: token.headerPart)
    }

    private static func sealed(_ token: CompactToken) throws -> ContentEncryption.Sealed {
        ContentEncryption.Sealed(
            nonce: try token.decoded(2), ciphertext: try token.decoded(3), tag: try token.decoded(4))
    }
}

extension JSONValue {
    fileprivate func bytes(_ outer: String, _ inner: String) throws -> [UInt8] {
        guard let value = self[outer] else { throw VectorFile.Missing(description: outer) }
        return try value.bytes(inner)
    }
}
