internal import Crypto
internal import Sessions

/// How the key of an encrypted token's content travels: the `alg` of its header (RFC 7518, section 4.1).
///
/// One is a file of `Algorithms/` and a line in ``all``.
public struct KeyTransport: Sendable {
    /// The name in `alg`.
    public let name: String
    /// Whether a key is of the type that it needs.
    let fits: @Sendable (KeyMaterial) -> Bool
    /// Makes or takes a content key for a recipient.
    let send: @Sendable (KeyMaterial) throws -> SentKey
    /// Finds the content key again; any header and any bytes may come.
    let receive: @Sendable (KeyMaterial, JOSEHeader, _ encryptedKey: [UInt8]) throws(TokenRefusal) -> SymmetricKey
    /// Makes a new key.
    let makeKey: @Sendable () throws -> KeyMaterial

    /// A content key, and what tells the recipient of it.
    struct SentKey {
        var contentKey: SymmetricKey
        var encryptedKey: [UInt8] = []
        /// Members for the header.
        var members: [JSONValue.Member] = []
    }

    /// All of them.
    public static let all: [KeyTransport] = [direct, a256KW, ecdhES, ecdhESA256KW]

    /// The transport of a name, compared by bytes; `nil` for any other spelling.
    public init?(name: some StringProtocol) {
        let name = String(name)
        guard let found = Self.all.first(where: { $0.name.hasBytes(of: name) }) else { return nil }
        self = found
    }

    init(
        _ name: String, fits: @escaping @Sendable (KeyMaterial) -> Bool,
        send: @escaping @Sendable (KeyMaterial) throws -> SentKey,
        receive: @escaping @Sendable (KeyMaterial, JOSEHeader, [UInt8]) throws(TokenRefusal) -> SymmetricKey,
        makeKey: @escaping @Sendable () throws -> KeyMaterial
    ) {
        self.name = name
        self.fits = fits
        self.send = send
        self.receive = receive
        self.makeKey = makeKey
    }
}

extension KeyTransport: Hashable, CustomStringConvertible {
    /// The same name.
    public static func == (a: KeyTransport, b: KeyTransport) -> Bool { a.name == b.name }

    /// Feeds the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The name.
    public var description: String { name }
}

extension TokenRefusal {
    /// One for whatever doesn't open: why is nobody's business who didn't encrypt it.
    static var notDecrypted: TokenRefusal {
        TokenRefusal(.decryptionFailed, "it doesn't decrypt: it was changed, or is meant for another key")
    }
}
