internal import Crypto
internal import CryptoExtras

/// A key pair of RSA: 2048 to 8192 bits.
struct RSAKey: Sendable {
    let publicKey: _RSA.Signing.PublicKey
    let privateKey: _RSA.Signing.PrivateKey?
    /// The modulus and the exponent, without leading zeros.
    let modulus, exponent: [UInt8]
    /// The numbers of the secret part, by their names in a JWK.
    let secrets: [(name: String, bytes: [UInt8])]

    /// The length of a signature.
    var byteCount: Int { modulus.count }

    static let sizes = 2048...8192
    /// The names of the secret numbers: `p` and `q` give the others.
    static let secretNames = ["d", "p", "q", "dp", "dq", "qi"]

    init(_ members: JWKMembers) throws {
        (modulus, exponent) = (try members.number("n"), try members.number("e"))
        guard Self.sizes.contains(Self.bitCount(modulus)), modulus.last.map({ $0 & 1 == 1 }) == true else {
            throw JWKMembers.unusable("an RSA key has 2048 to 8192 bits: make a new one")
        }
        // What BoringSSL bounds, too: a long exponent makes whoever verifies work for whoever sends.
        guard exponent.count <= 4, exponent.last.map({ $0 & 1 == 1 }) == true, exponent != [1] else {
            throw JWKMembers.unusable("an RSA key's exponent is an odd number of at most 32 bits: make a new key")
        }
        let (n, e) = (modulus, exponent)
        publicKey = try members.usingNumbers { try _RSA.Signing.PublicKey(n: n, e: e) }
        guard members.has("d") else {
            (privateKey, secrets) = (nil, [])
            return
        }
        secrets = try Self.secretNames.map { ($0, try members.number($0)) }
        let (d, p, q) = (secrets[0].bytes, secrets[1].bytes, secrets[2].bytes)
        guard [p, q].allSatisfy({ ($0.last ?? 0) & 1 == 1 && $0.count * 4 > n.count && $0.count <= n.count }) else {
            throw JWKMembers.halvesDiffer
        }
        let key = try members.usingNumbers { try _RSA.Signing.PrivateKey(n: n, e: e, d: d, p: p, q: q) }
        let digest = SHA256.hash(data: n)
        guard let signature = try? key.signature(for: digest, padding: .PSS),
            publicKey.isValidSignature(signature, for: digest, padding: .PSS)
        else { throw JWKMembers.halvesDiffer }
        privateKey = key
    }

    private static func bitCount(_ number: [UInt8]) -> Int {
        number.count * 8 - (number.first?.leadingZeroBitCount ?? 0)
    }
}
