import SessionTesting
import Sessions

@testable import SessionTokens

/// Keys that are made once, a clock that stands still, and tokens of any form.
struct Workshop {
    static let issuer = "https://id.example"
    static let audience = "https://api.example"
    /// A key for each signature algorithm; those of RSA, which take long to make, are published ones of 2048 bits.
    static let signingKeys: [String: JSONWebKey] = makeKeys(SignatureAlgorithm.all) { algorithm in
        guard [.rs256, .ps256].contains(algorithm) else { return try .generate(algorithm, id: algorithm.name) }
        let published = try VectorFile.vectors(algorithm.name).compactMap { $0["key"] }.first { $0["d"] != nil }
        return try JSONWebKey(
            json: (published ?? .null).with("alg", .string(algorithm.name)).with("kid", .string(algorithm.name)))
    }
    /// A key for each way of transport, and one on each curve for the agreements.
    static let encryptionKeys: [JSONWebKey] = {
        do {
            var keys = try [KeyTransport.direct, .a256KW, .ecdhES, .ecdhESA256KW].map {
                try JSONWebKey.generate($0, id: "enc \($0.name)")
            }
            for transport in [KeyTransport.ecdhES, .ecdhESA256KW] {
                for material in [try SignatureAlgorithm.es256.makeKey(), try SignatureAlgorithm.es384.makeKey()] {
                    keys.append(
                        try JSONWebKey(
                            material, id: "enc \(keys.count)", use: .encryption, algorithmName: transport.name))
                }
            }
            return keys
        } catch { fatalError("no keys: \(error)") }
    }()

    private static func makeKeys<Algorithm: CustomStringConvertible>(
        _ algorithms: [Algorithm], _ make: (Algorithm) throws -> JSONWebKey
    ) -> [String: JSONWebKey] {
        do {
            return Dictionary(uniqueKeysWithValues: try algorithms.map { ("\($0)", try make($0)) })
        } catch { fatalError("no keys: \(error)") }
    }

    let time = ManualTime(Timestamp(milliseconds: 1_800_000_000_000))
    /// Signs and verifies.
    let key: JSONWebKey
    let algorithm: SignatureAlgorithm

    init(_ algorithm: SignatureAlgorithm = .edDSA) throws {
        self.algorithm = algorithm
        key = try Workshop.key(algorithm)
    }

    static func key(_ algorithm: SignatureAlgorithm) throws -> JSONWebKey {
        guard let key = signingKeys[algorithm.name] else { throw VectorFile.Missing(description: algorithm.name) }
        return key
    }

    /// Claims that every rule lets pass.
    var claims: TokenClaims {
        var claims = TokenClaims(subject: "alice", audience: [Self.audience], client: "web")
        (claims.issuer, claims.id) = (Self.issuer, "token 1")
        (claims.issued, claims.expires) = (time.now, time.now + .seconds(300))
        return claims
    }

    func policy(
        types: [String] = ["at+jwt"], transports: [KeyTransport] = KeyTransport.all, leeway: Duration = .seconds(60),
        lifetime: Duration = TokenPolicy.longestLifetime, requiredClaims: [String] = ["jti"],
        requiresEncryption: Bool = false
    ) throws -> TokenPolicy {
        try TokenPolicy(
            issuer: Self.issuer, audience: Self.audience, types: types, algorithms: SignatureAlgorithm.all,
            transports: transports, leeway: leeway, lifetime: lifetime, requiredClaims: requiredClaims,
            requiresEncryption: requiresEncryption)
    }

    func verifier(
        _ policy: TokenPolicy? = nil, keys: [JSONWebKey]? = nil, decryptionKeys: [JSONWebKey]? = nil,
        revocations: (any TokenRevocations)? = nil
    ) throws -> TokenVerifier {
        TokenVerifier(
            policy: try policy ?? self.policy(),
            keys: TokenKeys(try JSONWebKeySet(keys ?? [key.publicKey ?? key]), time: time.source),
            decryptionKeys: try decryptionKeys.map { try JSONWebKeySet($0) }, revocations: revocations,
            time: time.source)
    }

    /// A token of the usual form.
    func token(_ claims: TokenClaims? = nil, encryptTo: JSONWebKey? = nil) throws -> String {
        try TokenSigner(key: key, encryptTo: encryptTo).sign((claims ?? self.claims).json)
    }

    /// The header of the usual form.
    var header: String { #"{"alg":"\#(algorithm)","typ":"at+jwt","kid":"\#(key.id ?? "")"}"# }

    /// A token of any header and payload, with a signature that holds.
    func forge(header: String? = nil, payload: String? = nil) throws -> String {
        try forge(
            header: Array((header ?? self.header).utf8), payload: Array((payload ?? "\(claims.json)").utf8))
    }

    func forge(header: [UInt8], payload: [UInt8]) throws -> String {
        let message = "\(Base64URL.encode(header)).\(Base64URL.encode(payload))"
        let signature = try algorithm.sign(key.material, Array(message.utf8)) ?? []
        return "\(message).\(Base64URL.encode(signature))"
    }

    /// An encrypted token of any header and content, which decrypts.
    static func forgeEncrypted(_ content: String, by transport: KeyTransport = .direct, header: String? = nil) throws
        -> String
    {
        guard let key = encryptionKeys.first(where: { $0.algorithmName == transport.name }) else {
            throw VectorFile.Missing(description: transport.name)
        }
        let sent = try transport.send(key.material)
        let members = sent.members.map { ",\(JSONValue.string($0.name)):\($0.value)" }.joined()
        let usual = #"{"alg":"\#(transport)","enc":"A256GCM","cty":"JWT","kid":"\#(key.id ?? "")"\#(members)}"#
        let first = Base64URL.encode(Array((header ?? usual).utf8))
        let sealed = try ContentEncryption.seal(
            Array(content.utf8), by: sent.contentKey, header: Array(first.utf8))
        return ([first] + [sent.encryptedKey, sealed.nonce, sealed.ciphertext, sealed.tag].map(Base64URL.encode))
            .joined(separator: ".")
    }
}

extension TokenVerifier {
    /// The code that a token is refused with; `nil`: it holds.
    func code(_ token: some Sequence<UInt8>, demanding demand: TokenDemand = .none) -> TokenRefusal.Code? {
        do throws(TokenRefusal) {
            _ = try verify(Array(token), demanding: demand)
            return nil
        } catch { return error.code }
    }

    func code(_ token: String, demanding demand: TokenDemand = .none) -> TokenRefusal.Code? {
        code(token.utf8, demanding: demand)
    }

    /// All codes that a token is refused with.
    func codes(_ token: String) -> Set<TokenRefusal.Code> { Set(diagnose(Array(token.utf8)).refusals.map(\.code)) }
}
