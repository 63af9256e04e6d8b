import Sessions
import SessionTesting
import Testing

@testable import SessionTokens

@Suite("Claims")
struct ClaimTests {
    @Test("A token holds until a millisecond before exp and the leeway, and from nbf less the leeway on")
    func edges() throws {
        for leeway in [Duration.zero, .seconds(60), .seconds(300)] {
            let workshop = try Workshop()
            var claims = workshop.claims
            claims.notBefore = workshop.time.now + .seconds(1000)
            claims.issued = claims.notBefore
            claims.expires = workshop.time.now + .seconds(2000)
            let token = try workshop.token(claims)
            let verifier = try workshop.verifier(workshop.policy(leeway: leeway))
            workshop.time.advance(by: .seconds(1000) - leeway - .milliseconds(1))
            #expect(verifier.codes(token) == [.notYetValid, .issuedInFuture])
            workshop.time.advance(by: .milliseconds(1))
            #expect(verifier.code(token) == nil)
            workshop.time.advance(by: .seconds(1000) + leeway + leeway - .milliseconds(1))
            #expect(verifier.code(token) == nil)
            workshop.time.advance(by: .milliseconds(1))
            #expect(verifier.codes(token) == [.expired])
        }
    }

    @Test("Times may have fractions, and are read to the millisecond")
    func fractions() throws {
        let workshop = try Workshop()
        let verifier = try workshop.verifier(workshop.policy(leeway: .zero))
        func code(exp: String) throws -> TokenRefusal.Code? {
            let claims = workshop.claims.json.with("exp", .number(exp))
            return verifier.code(try workshop.forge(payload: "\(claims)"))
        }
        #expect(try code(exp: "1800000000.001") == nil)
        #expect(try code(exp: "1800000000.0009") == .expired)
        #expect(try code(exp: "1800000000.5e0") == .badClaim)
        #expect(try code(exp: "1800000000.0") == .expired)
    }

    @Test("A life of just the policy's length is let pass, a second more isn't")
    func lifetime() throws {
        let workshop = try Workshop()
        let verifier = try workshop.verifier(workshop.policy(lifetime: .seconds(600)))
        var claims = workshop.claims
        claims.expires = workshop.time.now + .seconds(600)
        #expect(verifier.code(try workshop.token(claims)) == nil)
        claims.expires = workshop.time.now + .seconds(601)
        #expect(verifier.codes(try workshop.token(claims)) == [.livesTooLong])
    }

    @Test("Names are compared by bytes, one of several audiences is enough")
    func names() throws {
        let workshop = try Workshop()
        let composed = try TokenPolicy(issuer: "caf\u{E9}", audience: Workshop.audience)
        var claims = workshop.claims
        claims.issuer = "cafe\u{301}"
        #expect(try workshop.verifier(composed).codes(workshop.token(claims)) == [.issuerMismatch])
        claims.issuer = "caf\u{E9}"
        claims.audience = ["x", Workshop.audience, "y"]
        #expect(try workshop.verifier(composed).codes(workshop.token(claims)).isEmpty)
    }

    @Test("Whatever claims are issued, they come back typed", arguments: 0..<60)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let workshop = try Workshop()
        let claims = RandomClaims.make(at: workshop.time.now, using: &generator)
        let issuer = try TokenIssuer(
            issuer: Workshop.issuer, signer: TokenSigner(key: workshop.key), time: workshop.time.source)
        let issued = try issuer.issue(claims)
        let verified = try workshop.verifier().verify(issued.secretText)
        #expect(verified.json == issued.claims.json && verified.claims.json == issued.claims.json)
        #expect(verified.claims.session == claims.session && verified.claims.epoch == claims.epoch)
        #expect(verified.claims.scope == claims.scope && verified.claims.audience == claims.audience)
        #expect(verified.expires - verified.issued == .seconds(300))
        for member in claims.own { #expect(verified[member.name] == member.value) }
    }

    @Test("The session of another issuer's token is that issuer's business")
    func foreignSession() throws {
        let workshop = try Workshop()
        let claims = workshop.claims.json.with("sid", "08a5019c-17e1-4977")
        let verified = try workshop.verifier().verify(try workshop.forge(payload: "\(claims)"))
        #expect(verified.claims.session == nil && verified["sid"] == "08a5019c-17e1-4977")
    }

    @Test("A request can ask for more than the policy, never for less")
    func demands() throws {
        let workshop = try Workshop()
        var claims = workshop.claims
        claims.scope = ["orders:read", "orders:write"]
        let (token, verifier) = (try workshop.token(claims), try workshop.verifier())
        #expect(verifier.code(token, demanding: TokenDemand(scope: ["orders:write"], claims: ["client_id"])) == nil)
        #expect(verifier.code(token, demanding: TokenDemand(scope: ["orders"])) == .scopeMissing)
        #expect(verifier.code(token, demanding: TokenDemand(claims: ["acr"])) == .claimMissing)
        #expect(verifier.code(token, demanding: TokenDemand(isEncrypted: true)) == .notEncrypted)
    }

    @Test("A policy below the floor can't be made")
    func floors() {
        func policy(
            issuer: String = "i", types: [String] = ["JWT"], algorithms: [SignatureAlgorithm] = [.edDSA],
            leeway: Duration = .zero, lifetime: Duration = .seconds(60)
        ) throws -> TokenPolicy {
            try TokenPolicy(
                issuer: issuer, audience: "a", types: types, algorithms: algorithms, leeway: leeway,
                lifetime: lifetime, requiredClaims: [])
        }
        #expect(throws: Never.self) { try policy(leeway: .seconds(300), lifetime: .seconds(86_400)) }
        #expect(throws: SessionsError.self) { try policy(issuer: "") }
        #expect(throws: SessionsError.self) { try policy(types: []) }
        #expect(throws: SessionsError.self) { try policy(types: [""]) }
        #expect(throws: SessionsError.self) { try policy(algorithms: []) }
        #expect(throws: SessionsError.self) { try policy(leeway: .milliseconds(300_001)) }
        #expect(throws: SessionsError.self) { try policy(leeway: .milliseconds(-1)) }
        #expect(throws: SessionsError.self) { try policy(lifetime: .seconds(86_401)) }
    }
}
