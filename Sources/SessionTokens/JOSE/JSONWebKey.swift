internal import Sessions

/// A key (RFC 7517): its numbers, what it is for, and the one algorithm that it is used with.
///
/// The algorithm belongs to the key. Where a key has no `alg`, it gets one only where its type leaves a single choice, or
/// where the policy names just one that fits.
public struct JSONWebKey: Sendable {
    /// What a key is for.
    public enum Use: String, Sendable {
        /// Signing and verifying.
        case signature = "sig"
        /// Encrypting and decrypting.
        case encryption = "enc"
    }

    /// `kid`: an opaque name of 1 to 128 bytes, compared by bytes.
    public let id: String?
    /// `use`, where the key says it.
    public let use: Use?
    /// `alg`, where the key says it.
    public let algorithmName: String?
    /// `key_ops`, where the key says it.
    public let operations: [String]?
    let material: KeyMaterial
    /// The algorithms that it may sign and verify with: one where it has an `alg`, else whatever its type fits.
    let signatureChoices: [SignatureAlgorithm]
    /// The same for the transport of keys.
    let transportChoices: [KeyTransport]

    /// Makes a key of its parts.
    init(
        _ material: KeyMaterial, id: String?, use: Use? = nil, algorithmName: String? = nil,
        operations: [String]? = nil
    ) throws {
        guard id.map({ (1...TokenLimits.keyIDByteCount).contains($0.utf8.count) }) ?? true else {
            throw JWKMembers.unusable("a key's kid has 1 to \(TokenLimits.keyIDByteCount) bytes: choose another")
        }
        func isNamed(_ name: String) -> Bool { algorithmName.map { $0.hasBytes(of: name) } ?? true }
        (self.material, self.id, self.use) = (material, id, use)
        (self.algorithmName, self.operations) = (algorithmName, operations)
        signatureChoices =
            use == .encryption ? [] : SignatureAlgorithm.all.filter { isNamed($0.name) && $0.fits(material) }
        transportChoices = use == .signature ? [] : KeyTransport.all.filter { isNamed($0.name) && $0.fits(material) }
        guard !signatureChoices.isEmpty || !transportChoices.isEmpty else {
            throw JWKMembers.unusable("no algorithm that is known here fits the key's type, alg, use and length")
        }
    }

    /// Makes a new key for an algorithm.
    ///
    /// - Parameters:
    ///   - algorithm: what it will sign with.
    ///   - id: its `kid`; `nil`: its thumbprint, and for a symmetric key a name by chance.
    /// - Returns: the key, with its private part.
    /// - Throws: ``SessionsError`` with `invalidKey` where the id is malformed.
    public static func generate(_ algorithm: SignatureAlgorithm, id: String? = nil) throws -> JSONWebKey {
        let material = try algorithm.makeKey()
        return try JSONWebKey(
            material, id: id ?? Self.name(of: material), use: .signature, algorithmName: algorithm.name)
    }

    /// Makes a new key for tokens to be encrypted to.
    ///
    /// - Parameters:
    ///   - transport: how the content's key will travel.
    ///   - id: its `kid`; `nil`: its thumbprint, and for a symmetric key a name by chance.
    /// - Returns: the key, with its private part.
    /// - Throws: ``SessionsError`` with `invalidKey` where the id is malformed.
    public static func generate(_ transport: KeyTransport, id: String? = nil) throws -> JSONWebKey {
        let material = try transport.makeKey()
        return try JSONWebKey(
            material, id: id ?? Self.name(of: material), use: .encryption, algorithmName: transport.name)
    }

    /// The thumbprint of a secret would tell of it.
    private static func name(of material: KeyMaterial) -> String {
        material.isSymmetric ? TokenIssuer.newID() : thumbprint(of: material)
    }

    /// Whether one secret does both halves of the work.
    public var isSymmetric: Bool { material.isSymmetric }

    /// Whether the secret part is here.
    public var isPrivate: Bool { material.isPrivate }

    /// Whether `key_ops` allows something, where the key has it.
    func allows(_ operations: String...) -> Bool {
        guard let own = self.operations else { return true }
        return operations.contains { own.contains(bytes: $0) }
    }
}

extension JSONWebKey: CustomStringConvertible, CustomReflectable {
    /// What it is, without its numbers: a key is never printed by accident.
    public var description: String { "JSONWebKey(\(id ?? "without kid"), \(algorithmName ?? "without alg"))" }

    /// The same, for `dump` and debuggers' summaries.
    public var customMirror: Mirror { Mirror(self, children: ["id": id as Any, "alg": algorithmName as Any]) }
}
