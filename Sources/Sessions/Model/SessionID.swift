/// The secret that a client holds: 256 random bits, and nothing else about the session.
///
/// A store never sees it: everything on the server is looked up by its ``IDHash``. It travels as 43 characters of
/// base64url without padding. Printing one shows a mask.
///
/// 256 bits: four times the floor of NIST SP 800-63B-4 section 5.1, twice that of ASVS 5.0 7.2.3.
public struct SessionID: Sendable {
    /// The 32 secret bytes.
    let bytes: [UInt8]

    /// The length in bytes.
    public static let byteCount = 32
    /// The length of the text form, in characters of base64url.
    public static let textLength = 43

    /// Makes a new id from the system's generator.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Makes a new id from a given generator.
    ///
    /// - Parameter generator: cryptographically secure, but for tests and demos.
    public init(using generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        while bytes.count < Self.byteCount {
            withUnsafeBytes(of: generator.next() as UInt64) { bytes.append(contentsOf: $0) }
        }
        self.bytes = bytes
    }

    /// Reads the text form, as a cookie or a bearer token carries it.
    ///
    /// - Parameter text: 43 characters of base64url, with the two spare bits zero, so that one id has one spelling.
    ///   Anything else gives `nil`: it is no id of ours, and needs no look-up.
    public init?(text: some StringProtocol) {
        guard text.utf8.count == Self.textLength, let bytes = Base64URL.decode(text.utf8),
            bytes.count == Self.byteCount
        else { return nil }
        self.bytes = bytes
    }

    /// The text form.
    ///
    /// A secret: for the client alone, never for a log or a screen.
    public var secretText: String { Base64URL.encode(bytes) }

    /// What the server keeps and looks up instead of the id.
    public var hash: IDHash { IDHash(hashing: bytes) }
}

extension SessionID: CustomStringConvertible, CustomReflectable {
    /// A mask: the id itself is never printed by accident.
    public var description: String { "SessionID(masked)" }

    /// A mask, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
