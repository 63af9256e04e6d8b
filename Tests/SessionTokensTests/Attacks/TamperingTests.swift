import Sessions
import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Tampering")
struct TamperingTests {
    /// A token of each kind, with the verifier that it holds for.
    static let kinds: [String] = SignatureAlgorithm.all.map(\.name) + KeyTransport.all.map(\.name)

    private static func make(_ kind: String) throws -> (TokenVerifier, [UInt8]) {
        let workshop = try Workshop(SignatureAlgorithm(name: kind) ?? .edDSA)
        let encryption = Workshop.encryptionKeys.first { $0.algorithmName == kind }
        let verifier = try workshop.verifier(decryptionKeys: encryption.map { [$0] })
        return (verifier, Array(try workshop.token(encryptTo: encryption).utf8))
    }

    @Test("A token cut short at any length is refused", arguments: kinds)
    func truncated(_ kind: String) throws {
        let (verifier, token) = try Self.make(kind)
        #expect(verifier.code(token) == nil)
        for length in 0..<token.count { #expect(verifier.code(token[..<length]) != nil) }
    }

    @Test("A token with any single bit flipped is refused", arguments: kinds)
    func flipped(_ kind: String) throws {
        let (verifier, token) = try Self.make(kind)
        for index in token.indices {
            for bit in 0..<8 {
                var changed = token
                changed[index] ^= 1 << bit
                #expect(verifier.code(changed) != nil, "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test("Tokens with parts of each other are refused", arguments: kinds)
    func swapped(_ kind: String) throws {
        let (verifier, token) = try Self.make(kind)
        let other = try Self.make(kind).1
        let (parts, others) = (Self.split(token), Self.split(other))
        for first in parts.indices {
            for second in parts.indices where first != second {
                var changed = parts
                changed.swapAt(first, second)
                guard changed != parts else { continue }
                #expect(verifier.code(changed.joined(separator: [0x2E])) != nil)
            }
            var mixed = parts
            mixed[first] = others[first]
            // Tokens alike by nature are one another's parts.
            if mixed != parts, mixed != others { #expect(verifier.code(mixed.joined(separator: [0x2E])) != nil) }
        }
    }

    @Test("Bytes by chance are refused, and never trap", arguments: 0..<40)
    func chance(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (verifier, token) = try Self.make(Self.kinds[Int(seed) % Self.kinds.count])
        for _ in 0..<50 {
            var changed = token
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: changed.remove(at: place)
                case 2: changed.insert(generator.pick(Array("A.-_=9{".utf8)), at: place)
                default: changed.swapAt(place, changed.count - 1)
                }
            }
            guard changed != token else { continue }
            #expect(verifier.code(changed) != nil)
            #expect(!verifier.diagnose(changed).refusals.isEmpty)
        }
    }

    private static func split(_ token: [UInt8]) -> [[UInt8]] {
        token.split(separator: 0x2E, omittingEmptySubsequences: false).map(Array.init)
    }
}
