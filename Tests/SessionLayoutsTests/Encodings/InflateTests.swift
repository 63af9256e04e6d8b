import Foundation
import SessionTesting
import Sessions
import Testing

@testable import SessionLayouts

@Suite struct InflateTests {
    private func bytes(_ text: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: text))) }

    @Test func `stored, fixed and dynamic blocks are decompressed`() throws {
        #expect(try Inflate.zlib(try bytes("eAEBCwD0/2hlbGxvIGhlbGxvGZEESQ==")) == Array("hello hello".utf8))
        #expect(try Inflate.zlib(try bytes("eNrLSM3JyVfIQJAAOi4GfQ==")) == Array("hello hello hello".utf8))
    }

    @Test func `too much is refused while it is being decompressed`() throws {
        let small = try bytes("eNrLSM3JyVfIQJAAOi4GfQ==")
        #expect(throws: Malformed.self) { try Inflate.zlib(small, limit: 16) }
        #expect(try Inflate.zlib(small, limit: 17).count == 17)
    }

    @Test func `a wrong checksum, a cut and an end that isn't are refused`() throws {
        let whole = try bytes("eNrLSM3JyVfIQJAAOi4GfQ==")
        for length in whole.indices { #expect(throws: Malformed.self) { try Inflate.zlib(Array(whole[..<length])) } }
        for place in whole.indices.suffix(4) {
            var wrong = whole
            wrong[place] ^= 1
            #expect(throws: Malformed.self) { try Inflate.zlib(wrong) }
        }
        #expect(throws: Malformed.self) { try Inflate.zlib(whole + [0]) }
    }

    @Test func `changed streams never trap`() throws {
        var chance = SeededGenerator(seed: 5)
        let whole = try bytes("eNrLSM3JyVfIQJAAOi4GfQ==")
        for _ in 0..<20_000 {
            var mutant = whole
            for _ in 0..<3 {
                mutant[Int.random(in: mutant.indices, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            mutant[0...1] = [0x78, 0xDA]
            _ = try? Inflate.zlib(mutant, limit: 100_000)
        }
    }
}
