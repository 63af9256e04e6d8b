internal import Crypto
internal import Sessions

/// A refresh token: opaque to its client, 256 random bits that name its family, and 256 secret ones of its own.
///
/// A store never sees either: it has hashes of them under names of their own, so that no part of a refresh token can be
/// passed off as a session's id. Printing one shows a mask.
public struct RefreshToken: Sendable {
    private static let partByteCount = 32
    /// The length of the text form, in characters of base64url.
    public static let textLength = 86

    private let family: [UInt8]
    private let secret: [UInt8]

    /// Makes the first token of a new family.
    init() {
        family = Self.random()
        secret = Self.random()
    }

    private init(family: [UInt8], secret: [UInt8]) {
        self.family = family
        self.secret = secret
    }

    /// Reads the text form.
    ///
    /// - Parameter text: 86 characters of base64url with the spare bits zero, so that one token has one spelling. Anything
    ///   else gives `nil`: it is no token of ours, and needs no look-up.
    public init?(text: some StringProtocol) {
        guard text.utf8.count == Self.textLength, let bytes = Base64URL.decode(text.utf8),
            bytes.count == 2 * Self.partByteCount
        else { return nil }
        family = Array(bytes.prefix(Self.partByteCount))
        secret = Array(bytes.suffix(Self.partByteCount))
    }

    /// The text form.
    ///
    /// A secret: for the client alone, never for a log or a screen.
    public var secretText: String { Base64URL.encode(family + secret) }

    /// What the family is looked up by.
    var familyID: IDHash { IDHash(hashing: Array("sessiontop refresh family 1".utf8) + family) }

    /// What the family remembers of the token.
    var hash: IDHash { IDHash(hashing: Array("sessiontop refresh token 1".utf8) + family + secret) }

    /// The token after this one.
    ///
    /// It follows from this token and the salt: whoever presents this one again can be given the same successor, although
    /// the store holds neither. The salt alone, or an old token without it, is of no use.
    func successor(salt: [UInt8]) -> RefreshToken {
        let label = Array("sessiontop refresh successor 1".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: label + family + salt, using: SymmetricKey(data: secret))
        return RefreshToken(family: family, secret: Array(code))
    }

    /// Random bytes from the system's generator.
    static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<partByteCount).map { _ in .random(in: .min ... .max, using: &generator) }
    }
}

extension RefreshToken: CustomStringConvertible, CustomReflectable {
    /// A mask: the token itself is never printed by accident.
    public var description: String { "RefreshToken(masked)" }

    /// A mask, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
