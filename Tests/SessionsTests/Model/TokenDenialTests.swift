import Testing

@testable import Sessions

@Suite("The name of a denied token")
struct TokenDenialTests {
    @Test("Issuer and `jti` are told apart, byte for byte, and neither borrows from the other")
    func distinct() {
        let names = [
            ("i", "j"), ("ij", ""), ("", "ij"), ("j", "i"), ("i", "j\0"), ("I", "j"), ("zoe\u{301}", "j"),
            ("zo\u{e9}", "j"),
        ]
        let keys = Set(names.map { TokenDenial(issuer: $0.0, tokenID: $0.1).key.bytes })
        #expect(keys.count == names.count)
        #expect(TokenDenial(issuer: "i", tokenID: "j") == TokenDenial(issuer: "i", tokenID: "j"))
    }

    @Test("It is no session's: the bytes that are hashed begin with words of their own")
    func domain() {
        let length: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
        let parts = [Array("sessiontop token denial 1".utf8), length, Array("i".utf8), length, Array("j".utf8)]
        #expect(TokenDenial(issuer: "i", tokenID: "j").key == IDHash(hashing: parts.joined()))
    }

    @Test("An order for one token names it, one for several counts them")
    func words() {
        let one = TokenDenial(issuer: "i", tokenID: "j")
        #expect(TokenDenial.target(of: [one]) == "token:\(one.key.handle)")
        #expect(TokenDenial.target(of: [one, one]) == "2 tokens" && TokenDenial.target(of: []) == "0 tokens")
        #expect(TokenDenial.outcomes(of: [one]) == [AuditOutcome(id: one.key, word: "denied")])
    }
}
