internal import Sessions

/// The token that a client of the admin API must show; compared in constant time, and printed by nobody.
public struct AdminToken: Sendable {
    private let digest: [UInt8]

    /// The fewest characters that a token may have.
    public static let shortest = 22

    /// Takes a token.
    ///
    /// - Parameter text: 22 characters or more without spaces, for instance of `openssl rand -base64 32`.
    /// - Throws: `SessionsError` with `usage` for a shorter one.
    public init(_ text: String) throws {
        let isUsable = text.utf8.count >= Self.shortest && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isUsable else {
            throw SessionsError(
                .usage, "the admin token is too short, or has spaces: make one with openssl rand -base64 32")
        }
        digest = IDHash(hashing: text.utf8).bytes
    }

    /// Reads a token from a file's first line.
    ///
    /// - Parameter path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    /// - Throws: `SessionsError` with `storeNotFound`, or with `invalidKey` where others may read it.
    public init(file path: String) throws {
        let text = String(decoding: try SecretFile.read(path), as: UTF8.self)
        try self.init(String(text.prefix { !$0.isNewline }))
    }

    /// Whether a client showed it; takes as long whatever the client showed.
    func admits(_ shown: some StringProtocol) -> Bool {
        let other = IDHash(hashing: shown.utf8).bytes
        return zip(digest, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension AdminToken: CustomStringConvertible, CustomReflectable {
    /// A mask.
    public var description: String { "AdminToken(masked)" }

    /// A mask, for `dump` and debuggers.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
