/// Why some bytes are not what they were taken for.
///
/// It never holds any of the bytes: payloads have no place in a message.
public struct Malformed: Error, Equatable, CustomStringConvertible {
    /// What is wrong, for people: `is cut short`.
    public let reason: String
    /// How many bytes had been read.
    public let offset: Int
    /// The payload is whole, but encrypted: there is nothing to be read without its key.
    public let isSealed: Bool

    init(_ reason: String, at offset: Int = 0, isSealed: Bool = false) {
        self.reason = reason
        self.offset = offset
        self.isSealed = isSealed
    }

    /// The reason and where it was found.
    public var description: String { isSealed ? "it \(reason)" : "it \(reason), at byte \(offset)" }
}
