extension JSONValue {
    /// How deep arrays and objects may lie in each other.
    public static let depthLimit = 64
    /// How long a text of JSON may be, in bytes.
    public static let byteLimit = 16 << 20

    /// Reads JSON as RFC 8259 has it, from bytes that a stranger wrote; `nil` for anything else.
    ///
    /// - Parameter bytes: UTF-8, at most ``byteLimit`` bytes, at most ``depthLimit`` deep.
    public init?(parsing bytes: [UInt8]) { self.init(bytes, readsNaN: false) }

    /// Reads the same, and `NaN`, `Infinity` and `-Infinity`, which Python writes, as texts.
    package init?(parsingNaN bytes: [UInt8]) { self.init(bytes, readsNaN: true) }

    private init?(_ bytes: [UInt8], readsNaN: Bool) {
        guard bytes.count <= Self.byteLimit else { return nil }
        let value = bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes, depthLimit: Self.depthLimit, isStrict: false, readsNaN: readsNaN)
            return reader.value(depth: 0).flatMap { reader.isAtEnd() ? $0 : nil }
        }
        guard let value else { return nil }
        self = value
    }

    /// Reads JSON that something is decided by: it has one meaning, whoever reads it.
    ///
    /// An object that names a member twice is refused, and so is a text with half a pair of surrogates: readers differ
    /// in what they make of either.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, at most ``byteLimit`` bytes.
    ///   - depthLimit: at most so many arrays and objects lie around a value.
    /// - Throws: what is wrong with it.
    public init(strict bytes: [UInt8], depthLimit: Int) throws(JSONFault) {
        guard bytes.count <= Self.byteLimit else { throw .malformed }
        let result: Result<JSONValue, JSONFault> = bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes, depthLimit: depthLimit, isStrict: true)
            guard let value = reader.value(depth: 0), reader.isAtEnd() else { return .failure(reader.fault) }
            return .success(value)
        }
        self = try result.get()
    }
}

/// Why bytes aren't the JSON that is wanted.
public enum JSONFault: Error, Hashable, Sendable {
    /// They are no JSON at all.
    case malformed
    /// Arrays and objects lie too deep in each other.
    case tooDeep
    /// An object names a member twice.
    case duplicateMember
    /// A text is no UTF-8, or has half a pair of surrogates.
    case illFormedText
}
