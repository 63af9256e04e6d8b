internal import Crypto

/// How the content of an encrypted token is encrypted: the `enc` of its header (RFC 7518, section 5.1).
public enum ContentEncryption: String, CaseIterable, Sendable {
    /// AES-256 in Galois/Counter mode: a fresh nonce of 96 bits, a tag of 128.
    case a256GCM = "A256GCM"

    /// The name in `enc`.
    public var name: String { rawValue }

    /// What stands in the last three parts of a token.
    struct Sealed {
        var nonce, ciphertext, tag: [UInt8]
    }

    /// Seals a content together with the header that goes before it.
    static func seal(_ content: [UInt8], by key: SymmetricKey, header: [UInt8]) throws -> Sealed {
        let box = try AES.GCM.seal(content, using: key, authenticating: header)
        return Sealed(nonce: Array(box.nonce), ciphertext: Array(box.ciphertext), tag: Array(box.tag))
    }

    /// Opens a content; any bytes may come.
    static func open(
        _ sealed: Sealed, by key: SymmetricKey, header: ArraySlice<UInt8>
    ) throws(TokenRefusal) -> [UInt8] {
        guard sealed.nonce.count == 12, sealed.tag.count == 16, let nonce = try? AES.GCM.Nonce(data: sealed.nonce),
            let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: sealed.ciphertext, tag: sealed.tag),
            let content = try? AES.GCM.open(box, using: key, authenticating: header)
        else { throw .notDecrypted }
        return Array(content)
    }
}
