import Crypto
import CryptoExtras
import SessionTokens
import Sessions

/// Verifying tokens against the bare check of their signatures by the same library, and remembered tokens.
enum TokenBenchmarks {
    private static let issuer = "https://id.example"
    private static let audience = "https://api.example"

    /// Measures and prints a table.
    static func run() async throws {
        print(BenchmarkRow.heading)
        let following = try await Following()
        let wanted = SignatureAlgorithm.all.filter { CommandLine.arguments.contains("\($0)") }
        for algorithm in wanted.isEmpty ? SignatureAlgorithm.all : wanted {
            print(try await verification(algorithm, following.follower).line)
        }
        print(try await remembered(following.follower).line)
        try await following.end()
    }

    /// A token with the claims that an access token has.
    private static func token(_ key: JSONWebKey) throws -> [UInt8] {
        let claims = TokenClaims(
            subject: "user-8412", audience: [audience], client: "web-frontend", tenant: "acme",
            session: SessionID().hash, epoch: FeedPosition(123_456), scope: ["orders:read", "orders:write"],
            own: [.init("auth_time", .number("1800000000")), .init("acr", "urn:mace:incommon:iap:silver")])
        let issuer = try TokenIssuer(issuer: issuer, signer: TokenSigner(key: key))
        return Array(try issuer.issue(claims).secretText.utf8)
    }

    private static func verifier(_ key: JSONWebKey, _ follower: RevocationFollower) throws -> TokenVerifier {
        let policy = try TokenPolicy(issuer: issuer, audience: audience, algorithms: SignatureAlgorithm.all)
        let keys = TokenKeys(try JSONWebKeySet([key.publicKey ?? key]))
        return TokenVerifier(policy: policy, keys: keys, revocations: follower)
    }

    private static func verification(
        _ algorithm: SignatureAlgorithm, _ follower: RevocationFollower
    ) async throws -> BenchmarkRow {
        let key = try JSONWebKey.generate(algorithm)
        let (verifier, token) = (try verifier(key, follower), try token(key))
        let rounds = algorithm.isSymmetric ? 50_000 : 5000
        let parts = token.split(separator: UInt8(ascii: "."))
        guard let signature = Base64URL.decode(parts[2]), let check = try BareCheck(algorithm, key) else {
            throw SessionsError(.unsupported, "no bare check for \(algorithm)")
        }
        let message = token[..<parts[1].endIndex]
        guard check.verify(signature, message) else { throw SessionsError(.corrupt, "the bare check is wrong") }
        let (ours, bare) = try await measureInTurns(rounds) {
            for _ in 0..<rounds { _ = try verifier.verify(token) }
        } baseline: {
            for _ in 0..<rounds { _ = check.verify(signature, message) }
        }
        return BenchmarkRow(
            name: "verify \(algorithm), \(token.count) bytes", ours: ours, baseline: bare,
            against: "the signature alone")
    }

    private static func remembered(_ follower: RevocationFollower) async throws -> BenchmarkRow {
        let key = try JSONWebKey.generate(.edDSA)
        let cache = TokenCache(try verifier(key, follower))
        let tokens = try (0..<1000).map { _ in try token(key) }
        for token in tokens { _ = try cache.verify(token) }
        let rounds = 1_000_000
        let ours = try await measure(rounds) {
            for round in 0..<rounds { _ = try cache.verify(tokens[round % tokens.count]) }
        }
        return BenchmarkRow(
            name: "verify a remembered token, of 1,000", ours: ours, baseline: 1, against: "a million a second")
    }
}

/// What a service knows of revocations: it follows a feed, and knows ten thousand ended sessions and denied tokens.
private struct Following {
    let follower: RevocationFollower
    private let running: Task<Void, any Error>

    init() async throws {
        let follower = RevocationFollower(
            id: "bench", store: MemoryStore(), policy: FollowerPolicy(lease: .seconds(600)))
        running = Task { try await follower.run() }
        while !follower.holdsLease { try await Task.sleep(for: .milliseconds(1)) }
        for _ in 0..<10_000 { follower.noteDenied(SessionID().hash) }
        self.follower = follower
    }

    func end() async throws {
        running.cancel()
        try await running.value
    }
}

/// The check of a signature by the cryptographic library itself.
private struct BareCheck {
    let verify: (_ signature: [UInt8], _ message: ArraySlice<UInt8>) -> Bool

    init?(_ algorithm: SignatureAlgorithm, _ key: JSONWebKey) throws {
        let json = key.publicJSON ?? key.secretJSON
        func bytes(_ name: String) -> [UInt8] {
            guard case .string(let text)? = json[name] else { return [] }
            return Base64URL.decode(text.utf8) ?? []
        }
        switch algorithm {
        case .edDSA:
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: bytes("x"))
            verify = { key.isValidSignature($0, for: $1) }
        case .es256:
            let key = try P256.Signing.PublicKey(rawRepresentation: bytes("x") + bytes("y"))
            verify = { signature, message in
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
                return signature.map { key.isValidSignature($0, for: message) } ?? false
            }
        case .es384:
            let key = try P384.Signing.PublicKey(rawRepresentation: bytes("x") + bytes("y"))
            verify = { signature, message in
                let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
                return signature.map { key.isValidSignature($0, for: message) } ?? false
            }
        case .rs256, .ps256:
            let key = try _RSA.Signing.PublicKey(n: bytes("n"), e: bytes("e"))
            let padding = algorithm == .rs256 ? _RSA.Signing.Padding.insecurePKCS1v1_5 : .PSS
            verify = { signature, message in
                key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: message),
                    padding: padding)
            }
        case .hs256:
            let key = SymmetricKey(data: bytes("k"))
            verify = { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: $1, using: key) }
        default: return nil
        }
    }
}
