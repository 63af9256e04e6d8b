internal import Crypto
internal import Sessions

/// Encrypting in the compact form (RFC 7516, section 5).
enum JWE {
    /// Encrypts a signed token to a key.
    ///
    /// - Parameters:
    ///   - content: what is encrypted.
    ///   - key: the recipient's; only its public part is needed, or the shared secret.
    ///   - transport: how the content's key travels.
    ///   - contentType: `cty`; `nil`: none.
    /// - Returns: the token.
    /// - Throws: what the key can't do.
    static func encrypt(
        _ content: [UInt8], to key: JSONWebKey, by transport: KeyTransport, contentType: String?
    ) throws -> [UInt8] {
        let sent = try transport.send(key.material)
        var members: [JSONValue.Member] = [
            .init("alg", .string(transport.name)), .init("enc", .string(ContentEncryption.a256GCM.name)),
        ]
        if let contentType { members.append(.init("cty", .string(contentType))) }
        if let id = key.id { members.append(.init("kid", .string(id))) }
        let header = Array(Base64URL.encode(Array("\(JSONValue.object(members + sent.members))".utf8)).utf8)
        let sealed = try ContentEncryption.seal(content, by: sent.contentKey, header: header)
        let parts = [sent.encryptedKey, sealed.nonce, sealed.ciphertext, sealed.tag].map(Base64URL.encode)
        return header + Array(".\(parts.joined(separator: "."))".utf8)
    }

    /// Decrypts what a token holds.
    static func decrypt(
        _ token: CompactToken, _ header: JOSEHeader, by key: JSONWebKey, _ transport: KeyTransport
    ) throws(TokenRefusal) -> [UInt8] {
        let sealed = ContentEncryption.Sealed(
            nonce: try token.decoded(2), ciphertext: try token.decoded(3), tag: try token.decoded(4))
        let contentKey = try transport.receive(key.material, header, try token.decoded(1))
        return try ContentEncryption.open(sealed, by: contentKey, header: token.headerPart)
    }
}
