internal import Sessions

/// The members of a JWK, for reading its numbers: no error tells what stood there.
struct JWKMembers {
    private let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    static func unusable(_ message: String) -> SessionsError { SessionsError(.invalidKey, message) }

    static var halvesDiffer: SessionsError {
        unusable("the private and the public part of the key don't belong together: take the key from its source again")
    }

    func has(_ name: String) -> Bool { value[name] != nil }

    /// A text that may be absent; compared and looked up by its bytes alone.
    func text(_ name: String) throws -> String? {
        switch value[name] {
        case nil: return nil
        case .string(let text)?: return text
        default: throw Self.unusable("the key's \(name) is no text")
        }
    }

    /// Bytes in base64url, at most as many as the longest number that a key may have.
    func bytes(_ name: String) throws -> [UInt8] {
        guard case .string(let text)? = value[name], text.utf8.count <= 2048, let bytes = Base64URL.decode(text.utf8)
        else { throw Self.unusable("the key's \(name) is missing, or isn't base64url without padding") }
        return bytes
    }

    /// A number that has no leading zeros (RFC 7518, section 2: Base64urlUInt).
    func number(_ name: String) throws -> [UInt8] {
        let bytes = try bytes(name)
        guard let first = bytes.first, first != 0 else {
            throw Self.unusable("the key's \(name) is zero, or has leading zeros (RFC 7518, section 2)")
        }
        return bytes
    }

    /// Both coordinates of a point, each of just as many bytes as the curve has.
    func point(coordinateByteCount: Int) throws -> [UInt8] {
        let (x, y) = (try bytes("x"), try bytes("y"))
        guard x.count == coordinateByteCount, y.count == coordinateByteCount else {
            throw Self.unusable("the coordinates of the key haven't the length that the curve asks for")
        }
        return x + y
    }

    /// Makes a public key of some bytes.
    func using<Key>(_ name: String, _ make: ([UInt8]) throws -> Key) throws -> Key {
        let bytes = try bytes(name)
        guard let key = try? make(bytes) else { throw Self.unusable("the key's \(name) isn't a public key") }
        return key
    }

    /// Makes a private key of some bytes, where they are there.
    func usingSecret<Key>(_ name: String, _ make: ([UInt8]) throws -> Key) throws -> Key? {
        guard has(name) else { return nil }
        let bytes = try bytes(name)
        guard let key = try? make(bytes) else { throw Self.unusable("the key's \(name) isn't a private key") }
        return key
    }

    /// Makes a key of a point.
    func usingPoint<Key>(_ make: () throws -> Key) throws -> Key {
        guard let key = try? make() else { throw Self.unusable("the key isn't a point of its curve") }
        return key
    }

    /// Makes a key of RSA's numbers.
    func usingNumbers<Key>(_ make: () throws -> Key) throws -> Key {
        guard let key = try? make() else { throw Self.unusable("the numbers of the key are no RSA key") }
        return key
    }
}
