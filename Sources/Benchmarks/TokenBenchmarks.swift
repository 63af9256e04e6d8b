import Crypto
import CryptoExtras
import SessionTokens
import Sessions
import Synchronization

/// Verifying tokens against the bare check of their signatures by the same library, and remembered tokens.
enum TokenBenchmarks {
    private static let issuer = "https://id.example"
    private static let audience = "https://api.example"

    /// Measures and prints a table.
    static func run() async throws {
        print(BenchmarkRow.heading)
        for algorithm in SignatureAlgorithm.all { print(try await verification(algorithm).line) }
        print(try await remembered().line)
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

    private static func verifier(_ key: JSONWebKey) throws -> TokenVerifier {
        let policy = try TokenPolicy(issuer: issuer, audience: audience, algorithms: SignatureAlgorithm.all)
        let keys = TokenKeys(try JSONWebKeySet([key.publicKey ?? key]))
        return TokenVerifier(policy: policy, keys: keys, revocations: SomeRevoked())
    }

    private static func verification(_ algorithm: SignatureAlgorithm) async throws -> BenchmarkRow {
        let key = try JSONWebKey.generate(algorithm)
        let (verifier, token) = (try verifier(key), try token(key))
        let rounds = algorithm.isSymmetric ? 50_000 : 5000
        let ours = try await measure(rounds, runs: 9) { for _ in 0..<rounds { _ = try verifier.verify(token) } }
        let parts = token.split(separator: UInt8(ascii: "."))
        guard let signature = Base64URL.decode(parts[2]), let check = try BareCheck(algorithm, key) else {
            throw SessionsError(.unsupported, "no bare check for \(algorithm)")
        }
        let message = token[..<parts[1].endIndex]
        guard check.verify(signature, message) else { throw SessionsError(.corrupt, "the bare check is wrong") }
        let bare = await measure(rounds, runs: 9) { for _ in 0..<rounds { _ = check.verify(signature, message) } }
        return BenchmarkRow(
            name: "verify \(algorithm), \(token.count) bytes", ours: ours, baseline: bare,
            against: "the signature alone")
    }

    private static func remembered() async throws -> BenchmarkRow {
        let key = try JSONWebKey.generate(.edDSA)
        let cache = TokenCache(try verifier(key))
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

/// A feed of ten thousand ended sessions and denied tokens, as a service holds it.
private final class SomeRevoked: TokenRevocations {
    private let ids = Mutex(Set((0..<10_000).map { _ in SessionID().hash }))

    func refusal(of token: VerifiedToken) -> TokenRefusal? {
        ids.withLock { ids in
            if let hash = token.denialHash, ids.contains(hash) { return TokenRefusal(.denied, "denied") }
            if let id = token.claims.session, ids.contains(id) { return TokenRefusal(.sessionEnded, "ended") }
            return nil
        }
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
