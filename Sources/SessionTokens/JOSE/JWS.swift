internal import Sessions

/// Signing in the compact form (RFC 7515, section 5).
enum JWS {
    /// Signs a payload.
    ///
    /// - Parameters:
    ///   - payload: what is signed.
    ///   - key: with its private part.
    ///   - algorithm: the key's own.
    ///   - type: `typ`; `nil`: none.
    /// - Returns: the token.
    /// - Throws: ``SessionsError`` with `invalidKey` where the private part is missing; what the algorithm throws.
    static func sign(
        _ payload: [UInt8], by key: JSONWebKey, _ algorithm: SignatureAlgorithm, type: String?
    ) throws -> [UInt8] {
        var members: [JSONValue.Member] = [.init("alg", .string(algorithm.name))]
        if let type { members.append(.init("typ", .string(type))) }
        if let id = key.id { members.append(.init("kid", .string(id))) }
        let header = Base64URL.encode(Array("\(JSONValue.object(members))".utf8))
        let message = Array("\(header).\(Base64URL.encode(payload))".utf8)
        guard let signature = try algorithm.sign(key.material, message) else {
            throw JWKMembers.unusable("this key can't sign: its private part is missing")
        }
        return message + Array(".\(Base64URL.encode(signature))".utf8)
    }
}
