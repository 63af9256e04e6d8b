public import Sessions

/// How a payload is written: one encoding, or several around each other.
public indirect enum PayloadEncoding: Sendable, Equatable {
    /// JSON, also with what Python makes of numbers that are none: `NaN`.
    case json
    /// PHP's `serialize`, also its session handler `php_serialize`.
    case php
    /// PHP's session handlers `php` and `php_binary`.
    case phpSession
    /// A text in one encoding that holds another.
    case text(of: PayloadEncoding, holding: PayloadEncoding)
    /// PHP's igbinary.
    case igbinary
    /// PHP's msgpack, with its marker for arrays.
    case phpMessagePack
    /// MessagePack.
    case messagePack
    /// Python's pickle.
    case pickle
    /// Django's signed JSON, or a signed pickle.
    case djangoSigned
    /// What Laravel encrypts: it can't be read here.
    case laravelSealed
    /// Ruby's Marshal.
    case marshal
    /// An entry of ActiveSupport's cache.
    case railsCacheEntry
    /// Go's gob.
    case gob
    /// Java serialization.
    case java
    /// Base64 around another encoding.
    case base64(PayloadEncoding)
    /// A member of an object that another encoding gives.
    case member(String, of: PayloadEncoding)
    /// The first that reads the bytes whole.
    case firstOf([PayloadEncoding])

    /// Decodes a payload as data: nothing is instantiated, and whatever its bytes are, it ends.
    ///
    /// - Parameter bytes: as stored; beyond 16 MiB they are refused.
    /// - Returns: the application's state.
    /// - Throws: ``Malformed`` where the bytes are none of this, or sealed.
    public func decode(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        guard bytes.count <= DecodingLimits.bytes else { throw Malformed("is too long to be decoded") }
        switch self {
        case .json: return try Self.json(bytes)
        case .php: return try PHPReader.value(bytes)
        case .phpSession: return try PHPReader.session(bytes)
        case .text(let outer, let inner): return try inner.decode(try outer.text(bytes))
        case .igbinary: return try Igbinary.value(bytes)
        case .phpMessagePack: return try MessagePack.value(bytes, isPHP: true)
        case .messagePack: return try MessagePack.value(bytes)
        case .pickle: return try Pickle.value(bytes)
        case .djangoSigned: return try DjangoSigned.value(bytes)
        case .laravelSealed: return try LaravelSealed.value(bytes)
        case .marshal: return try RubyMarshal.value(bytes)
        case .railsCacheEntry: return try RailsCacheEntry(bytes).data
        case .gob: return try Gob.value(bytes)
        case .java: return try JavaSerialization.value(bytes)
        case .base64(let inner):
            guard let plain = Base64.decode(bytes) else { throw Malformed("is not in base64") }
            return try inner.decode(plain)
        case .member(let name, let inner):
            guard let value = try inner.decode(bytes)[name] else { throw Malformed("has no member `\(name)`") }
            return value
        case .firstOf(let encodings): return try Self.first(of: encodings, bytes)
        }
    }

    /// The bytes of a text, also of one that is no UTF-8.
    private func text(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        if self == .php { return try PHPReader.text(bytes) }
        let value = try decode(bytes)
        if case .string(let text) = value { return Array(text.utf8) }
        guard case .string(let text)? = value["$base64"], let plain = Base64.decode(text.utf8) else {
            throw Malformed("is no text that holds another")
        }
        return plain
    }

    private static func json(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        guard let value = JSONValue(parsingNaN: bytes) else { throw Malformed("is no JSON") }
        return value
    }

    /// What is sealed is told so, whatever those behind it would make of it.
    private static func first(of encodings: [PayloadEncoding], _ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var first: Malformed?
        for encoding in encodings {
            do { return try encoding.decode(bytes) } catch {
                if error.isSealed { throw error }
                first = first ?? error
            }
        }
        throw first ?? Malformed("is in no encoding that is known")
    }
}
