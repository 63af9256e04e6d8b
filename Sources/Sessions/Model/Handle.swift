/// What people see, say and type instead of a session's id: the first 12 hexadecimal digits of its ``IDHash``.
public struct Handle: Hashable, Sendable, CustomStringConvertible {
    /// The first 48 bits of the hash, in the low bits.
    public let value: UInt64

    init(word: UInt64) { value = word >> 16 }

    /// The twelve digits, in lower case.
    public var description: String {
        String(decoding: (0..<12).map { Hex.digits[Int(value >> UInt64(44 - 4 * $0) & 15)] }, as: UTF8.self)
    }
}

/// A beginning of a handle, as somebody typed it: 6 to 64 hexadecimal digits, as git takes a short commit.
public struct HandlePrefix: Hashable, Sendable, CustomStringConvertible {
    private let digits: [UInt8]

    /// Reads what was typed.
    ///
    /// A leading `s:` is allowed, as chats and tickets carry it; letters may be capitals.
    ///
    /// - Returns: `nil` where it isn't 6 to 64 hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let body = text.hasPrefix("s:") ? text.dropFirst(2)[...] : text[...]
        let digits = body.utf8.compactMap { Hex.value(of: $0) }
        guard digits.count == body.utf8.count, (6...64).contains(digits.count) else { return nil }
        self.digits = digits
    }

    /// The smallest hash that begins so.
    public var lowerBound: IDHash { bound(filler: 0) }
    /// The greatest hash that begins so.
    public var upperBound: IDHash { bound(filler: 15) }

    /// Whether a hash begins so.
    public func matches(_ id: IDHash) -> Bool { lowerBound <= id && id <= upperBound }

    /// The digits, in lower case.
    public var description: String { String(decoding: digits.map { Hex.digits[Int($0)] }, as: UTF8.self) }

    private func bound(filler: UInt8) -> IDHash {
        let padded = digits + Array(repeating: filler, count: 64 - digits.count)
        let bytes = stride(from: 0, to: 64, by: 2).map { padded[$0] << 4 | padded[$0 + 1] }
        return bytes.withUnsafeBytes { IDHash(bytes: $0) } ?? IDHash(hashing: [])
    }
}
