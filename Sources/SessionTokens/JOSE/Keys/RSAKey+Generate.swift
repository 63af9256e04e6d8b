internal import CryptoExtras
internal import SwiftASN1

extension RSAKey {
    /// Makes a new key of 3072 bits: as strong as P-256.
    static func generate() throws -> RSAKey {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits3072)
        return try RSAKey(key, numbers: numbers(Array(key.derRepresentation)))
    }

    private init(_ key: _RSA.Signing.PrivateKey, numbers: [[UInt8]]) throws {
        guard numbers.count == 9 else { throw JWKMembers.unusable("the new key can't be read: try again") }
        (privateKey, publicKey) = (key, key.publicKey)
        (modulus, exponent) = (numbers[1], numbers[2])
        secrets = zip(Self.secretNames, numbers[3...]).map { ($0, $1) }
    }

    /// The numbers of an RSAPrivateKey (RFC 8017, A.1.2): version, n, e, d, p, q, dp, dq, qi; without leading zeros.
    private static func numbers(_ der: [UInt8]) throws -> [[UInt8]] {
        try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            var numbers: [[UInt8]] = []
            while let node = nodes.next() {
                let number = try ArraySlice<UInt8>(derEncoded: node, withIdentifier: .integer)
                numbers.append(Array(number.drop { $0 == 0 }))
            }
            return numbers
        }
    }
}
