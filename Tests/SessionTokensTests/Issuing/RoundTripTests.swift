import Sessions
import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Round trips")
struct RoundTripTests {
    @Test(
        "What is signed by each algorithm and encrypted by each transport verifies", arguments: SignatureAlgorithm.all)
    func nested(_ algorithm: SignatureAlgorithm) throws {
        let workshop = try Workshop(algorithm)
        var generator = SeededGenerator(seed: 4)
        for key in [nil] + Workshop.encryptionKeys.map(Optional.some) {
            let signer = try TokenSigner(key: workshop.key, encryptTo: key?.publicKey ?? key)
            let issuer = try TokenIssuer(issuer: Workshop.issuer, signer: signer, time: workshop.time.source)
            let claims = RandomClaims.make(at: workshop.time.now, using: &generator)
            let token = try issuer.issue(claims).secretText
            let verifier = try workshop.verifier(decryptionKeys: key.map { [$0] })
            let verified = try verifier.verify(token)
            #expect(verified.wasEncrypted == (key != nil) && verified.algorithm == algorithm.name)
            #expect(verified.subject.utf8.elementsEqual((claims.subject ?? "").utf8))
            #expect(token.split(separator: ".", omittingEmptySubsequences: false).count == (key == nil ? 3 : 5))
        }
    }

    @Test("Two tokens never have the same id, and an id has 128 bits")
    func ids() throws {
        let ids = Set((0..<1000).map { _ in TokenIssuer.newID() })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { Base64URL.decode($0.utf8)?.count == 16 })
    }

    @Test("An issuer sets who, when and how long, and refuses what no verifier would accept")
    func issuing() throws {
        let workshop = try Workshop()
        let signer = try TokenSigner(key: workshop.key)
        let issuer = try TokenIssuer(
            issuer: Workshop.issuer, signer: signer, lifetime: .seconds(60), time: workshop.time.source)
        var claims = TokenClaims(subject: "alice", audience: [Workshop.audience])
        claims.expires = workshop.time.now + .seconds(9999)
        claims.issuer = "somebody else"
        let issued = try issuer.issue(claims)
        #expect(issued.claims.issuer == Workshop.issuer && issued.claims.expires == workshop.time.now + .seconds(60))
        #expect(!"\(issued)".contains(issued.secretText))
        #expect(throws: SessionsError.self) { try issuer.issue(TokenClaims()) }
        #expect(throws: SessionsError.self) { try issuer.issue(TokenClaims(subject: "", audience: ["a"])) }
        for own in ["exp", "sub", "scope"] {
            claims.own = [.init(own, "x")]
            #expect(throws: SessionsError.self) { try issuer.issue(claims) }
        }
        claims.own = [.init("x", "x"), .init("x", "y")]
        #expect(throws: SessionsError.self) { try issuer.issue(claims) }
        claims.own = [.init("x", .string(String(repeating: "x", count: 8000)))]
        #expect(throws: SessionsError.self) { try issuer.issue(claims) }
        for lifetime in [Duration.zero, .milliseconds(999), .seconds(86_401)] {
            #expect(throws: SessionsError.self) { try TokenIssuer(issuer: "i", signer: signer, lifetime: lifetime) }
        }
        let half = try #require(workshop.key.publicKey)
        #expect(throws: SessionsError.self) { try TokenSigner(key: half) }
        #expect(throws: SessionsError.self) { try TokenSigner(key: workshop.key, encryptTo: half) }
    }
}
