import Crypto
import CryptoExtras
import Foundation
import Sessions
import Testing

@testable import SessionTokens

@Suite("Attacks by keys")
struct KeyAttackTests {
    @Test(
        "A public key is never taken for the secret of an HMAC", arguments: [SignatureAlgorithm.rs256, .ps256, .es256])
    func confusion(_ algorithm: SignatureAlgorithm) throws {
        let workshop = try Workshop(algorithm)
        let verifier = try workshop.verifier()
        let header = #"{"alg":"HS256","typ":"at+jwt","kid":"\#(algorithm)"}"#
        let message =
            "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array("\(workshop.claims.json)".utf8)))"
        let half = try #require(workshop.key.publicKey).secretJSON
        var secrets = [Array("\(half)".utf8), Array("\(half)\n".utf8)]
        if case .rsa(let key) = workshop.key.material {
            let spellings = [key.publicKey.pemRepresentation, key.publicKey.pkcs1PEMRepresentation]
            secrets += spellings.flatMap { [Array($0.utf8), Array("\($0)\n".utf8)] }
            secrets += [Array(key.publicKey.derRepresentation), key.modulus]
        }
        for secret in secrets {
            let code = HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: SymmetricKey(data: secret))
            let token = "\(message).\(Base64URL.encode(Array(code)))"
            #expect(verifier.codes(token) == [.algorithmMismatch])
        }
    }

    @Test(
        "Both spellings of an ECDSA signature are the same token to whatever denies it",
        arguments: [SignatureAlgorithm.es256, .es384])
    func malleable(_ algorithm: SignatureAlgorithm) throws {
        let workshop = try Workshop(algorithm)
        let first = try workshop.token()
        let parts = first.split(separator: ".").map(String.init)
        let signature = try #require(Base64URL.decode(parts[2].utf8))
        let half = signature.count / 2
        let second = Array(signature[..<half]) + Self.negated(Array(signature[half...]))
        let twin = "\(parts[0]).\(parts[1]).\(Base64URL.encode(second))"
        #expect(twin != first)
        let verifier = try workshop.verifier()
        let hashes = try [first, twin].map { try #require(try verifier.verify($0).denialHash) }
        #expect(hashes[0] == hashes[1])
        let denying = try workshop.verifier(revocations: DenyingOne(hash: hashes[0]))
        #expect(denying.code(first) == .denied && denying.code(twin) == .denied)
    }

    @Test("A signature of zeros or of numbers beyond the order of the curve holds for nothing")
    func degenerate() throws {
        for algorithm in [SignatureAlgorithm.es256, .es384] {
            let key = try Workshop.key(algorithm).material
            let count = algorithm == .es256 ? 32 : 48
            for byte: UInt8 in [0, 1, 255] {
                let number = [UInt8](repeating: byte, count: count)
                #expect(!algorithm.verify(key, number + number, [1, 2]))
            }
            for length in [0, 1, count, 2 * count - 1, 2 * count + 1] {
                #expect(!algorithm.verify(key, [UInt8](repeating: 1, count: length), [1, 2]))
            }
        }
    }

    @Test("An ephemeral key that is no point of the curve, of another curve, or of small order is refused")
    func invalidPoints() throws {
        let x25519 = [
            "00", "01", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
        let points: [String] =
            [
                #"{"kty":"EC","crv":"P-256","x":"\#(zeros(32))","y":"\#(zeros(32))"}"#,
                #"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"\#(zeros(32))"}"#,
                #"{"kty":"EC","crv":"P-384","x":"\#(zeros(48))","y":"\#(zeros(48))"}"#,
                #"{"kty":"EC","crv":"P-256","x":"\#(zeros(48))","y":"\#(zeros(48))"}"#,
                #"{"kty":"OKP","crv":"X25519","x":"\#(zeros(32))"}"#, #"{"kty":"oct","k":"\#(zeros(32))"}"#, "{}",
            ] + x25519.map { #"{"kty":"OKP","crv":"X25519","x":"\#(padded($0))"}"# }
        let workshop = try Workshop()
        let keys = Workshop.encryptionKeys.filter { $0.algorithmName?.hasPrefix("ECDH-ES") ?? false }
        for key in keys {
            let verifier = try workshop.verifier(decryptionKeys: [key])
            for point in points {
                let header = #"{"alg":"\#(key.algorithmName ?? "")","enc":"A256GCM","cty":"JWT","epk":\#(point)}"#
                let token = "\(Base64URL.encode(Array(header.utf8)))..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA"
                let code = verifier.code(token)
                #expect(code == .badEphemeralKey, "\(point) for \(key): \(code.map { "\($0)" } ?? "none")")
            }
        }
    }

    /// A token's key that isn't the one the kid names, but in the set, too.
    @Test("A token signed by another key of the set than its kid names is refused")
    func otherKey() throws {
        let workshop = try Workshop()
        let other = try JSONWebKey.generate(.edDSA, id: "other")
        let verifier = try workshop.verifier(keys: [workshop.key, other])
        #expect(verifier.code(try workshop.token()) == nil)
        let header = #"{"alg":"EdDSA","typ":"at+jwt","kid":"other"}"#
        #expect(verifier.codes(try workshop.forge(header: header)) == [.badSignature])
    }

    private func zeros(_ count: Int) -> String { Base64URL.encode([UInt8](repeating: 0, count: count)) }

    /// 32 bytes that begin with those of some digits.
    private func padded(_ digits: String) -> String {
        let bytes = Self.bytes(digits)
        return Base64URL.encode(bytes + [UInt8](repeating: 0, count: max(0, 32 - bytes.count)))
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    /// The order of the curve less a number.
    private static func negated(_ number: [UInt8]) -> [UInt8] {
        let order =
            number.count == 32
            ? "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
            : "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"
        var result = bytes(order)
        var borrow = 0
        for index in result.indices.reversed() {
            let difference = Int(result[index]) - Int(number[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            result[index] = UInt8(truncatingIfNeeded: difference)
        }
        return result
    }
}

/// Denies one token.
struct DenyingOne: TokenRevocations {
    var hash: IDHash

    func refusal(of token: VerifiedToken) -> TokenRefusal? {
        token.denialHash == hash ? TokenRefusal(.denied, "denied") : nil
    }
}
