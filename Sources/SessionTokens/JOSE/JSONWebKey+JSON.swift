internal import Crypto
public import Sessions

extension JSONWebKey {
    /// Reads a key from JSON.
    ///
    /// - Parameter bytes: an object of at most 64 KiB that names no member twice.
    /// - Throws: ``SessionsError`` with `invalidKey`, which never tells a number of the key.
    public init(parsing bytes: [UInt8]) throws {
        try self.init(json: try JSONValue(keys: bytes))
    }

    /// Reads a key from a value: members that aren't known are passed over.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where a number is missing or wrong, a point isn't on its curve, the two
    ///   parts don't belong together, or no algorithm that is known here fits.
    public init(json: JSONValue) throws {
        let members = JWKMembers(json)
        let use = try members.text("use")
        guard let type = try members.text("kty"), use.map({ Use(rawValue: $0) != nil }) ?? true else {
            throw JWKMembers.unusable("a key needs a kty, and its use is sig or enc")
        }
        try self.init(
            try Self.material(type: type, curve: try members.text("crv"), members), id: try members.text("kid"),
            use: use.flatMap(Use.init), algorithmName: try members.text("alg"), operations: Self.operations(json))
    }

    private static func material(type: String, curve: String?, _ members: JWKMembers) throws -> KeyMaterial {
        switch (type, curve) {
        case ("OKP", "Ed25519"): return .ed25519(try Ed25519Key(members))
        case ("OKP", "X25519"): return .x25519(try X25519Key(members))
        case ("EC", "P-256"): return .p256(try P256Key(members))
        case ("EC", "P-384"): return .p384(try P384Key(members))
        case ("RSA", _): return .rsa(try RSAKey(members))
        case ("oct", _): return .octets(OctetKey(SymmetricKey(data: try members.bytes("k"))))
        default: throw JWKMembers.unusable("no key of this kty and crv can be used here")
        }
    }

    private static func operations(_ json: JSONValue) throws -> [String]? {
        guard let value = json["key_ops"] else { return nil }
        guard case .array(let elements) = value, elements.count <= 16 else {
            throw JWKMembers.unusable("the key's key_ops is no array of texts")
        }
        return try elements.map { element in
            guard case .string(let name) = element else {
                throw JWKMembers.unusable("the key's key_ops is no array of texts")
            }
            return name
        }
    }

    /// The public part alone; `nil` for a symmetric key, which has none.
    public var publicKey: JSONWebKey? {
        guard !isSymmetric else { return nil }
        var members = self.members
        if operations != nil { members.removeAll { $0.name == "key_ops" } }
        return try? JSONWebKey(json: .object(members + material.publicMembers))
    }

    /// The public part as JSON; `nil` for a symmetric key.
    public var publicJSON: JSONValue? { publicKey?.secretJSON }

    /// The whole key as JSON.
    ///
    /// Secret where the key is: for a file of mode 0600 alone.
    public var secretJSON: JSONValue { .object(members + material.publicMembers + material.privateMembers) }

    /// The SHA-256 of the key's public members in base64url (RFC 7638).
    ///
    /// That of a symmetric key is as secret as the key is weak: don't show it.
    public var thumbprint: String { Self.thumbprint(of: material) }

    static func thumbprint(of material: KeyMaterial) -> String {
        var bytes: [UInt8] = []
        JSONValue.object(material.publicMembers).write(to: &bytes)
        return Base64URL.encode(Array(SHA256.hash(data: bytes)))
    }

    /// What isn't a number of the key.
    private var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let id { members.append(.init("kid", .string(id))) }
        if let use { members.append(.init("use", .string(use.rawValue))) }
        if let algorithmName { members.append(.init("alg", .string(algorithmName))) }
        if let operations { members.append(.init("key_ops", .array(operations.map { .string($0) }))) }
        return members
    }
}

extension JSONValue {
    /// Reads a file of keys.
    init(keys bytes: [UInt8]) throws {
        guard bytes.count <= SecretFile.longestFile,
            let value = try? JSONValue(strict: bytes, depthLimit: TokenLimits.depth), case .object = value
        else { throw JWKMembers.unusable("this is no JSON object of at most 64 KiB that names each member once") }
        self = value
    }
}
