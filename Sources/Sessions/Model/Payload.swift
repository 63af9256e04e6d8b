/// A session's application state as bytes: sealed under a key, or plain.
public struct Payload: Sendable, Equatable {
    /// The key that sealed it; `nil`: the bytes are plain.
    public var keyID: String?
    /// Ciphertext with its nonce and tag, or the plain bytes.
    public var bytes: [UInt8]

    /// Makes one from bytes as a store holds them.
    public init(keyID: String? = nil, bytes: [UInt8]) {
        self.keyID = keyID
        self.bytes = bytes
    }

    /// No state at all.
    public static let empty = Payload(bytes: [])
}
