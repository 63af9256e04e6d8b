internal import Sessions

/// How tokens are signed.
///
/// An algorithm is a file of `Algorithms/` and a line in ``all``.
public struct SignatureAlgorithm: Sendable {
    /// The name in `alg` (RFC 7518, section 3.1; RFC 8037).
    public let name: String
    /// Whether one secret signs and verifies.
    public let isSymmetric: Bool
    /// Whether a key is of the type that it needs.
    let fits: @Sendable (KeyMaterial) -> Bool
    /// Signs a message; `nil` where the key has no private part.
    let sign: @Sendable (KeyMaterial, _ message: [UInt8]) throws -> [UInt8]?
    /// Whether a signature holds; any bytes may come.
    let verify: @Sendable (KeyMaterial, _ signature: [UInt8], _ message: ArraySlice<UInt8>) -> Bool
    /// Makes a new key.
    let makeKey: @Sendable () throws -> KeyMaterial

    /// All of them, the preferred ones first.
    public static let all: [SignatureAlgorithm] = [edDSA, es256, es384, ps256, rs256, hs256]

    /// Those with a public key: what a policy accepts unless it says otherwise.
    public static let asymmetric = all.filter { !$0.isSymmetric }

    /// The algorithm of a name, compared by bytes; `nil` for any other spelling.
    public init?(name: some StringProtocol) {
        let name = String(name)
        guard let found = Self.all.first(where: { $0.name.hasBytes(of: name) }) else { return nil }
        self = found
    }

    init(
        _ name: String, isSymmetric: Bool = false, fits: @escaping @Sendable (KeyMaterial) -> Bool,
        sign: @escaping @Sendable (KeyMaterial, [UInt8]) throws -> [UInt8]?,
        verify: @escaping @Sendable (KeyMaterial, [UInt8], ArraySlice<UInt8>) -> Bool,
        makeKey: @escaping @Sendable () throws -> KeyMaterial
    ) {
        self.name = name
        self.isSymmetric = isSymmetric
        self.fits = fits
        self.sign = sign
        self.verify = verify
        self.makeKey = makeKey
    }
}

extension SignatureAlgorithm: Hashable, CustomStringConvertible {
    /// The same name.
    public static func == (a: SignatureAlgorithm, b: SignatureAlgorithm) -> Bool { a.name == b.name }

    /// Feeds the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The name.
    public var description: String { name }
}
