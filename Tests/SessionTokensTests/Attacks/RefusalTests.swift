import Sessions
import Testing

@testable import SessionTokens

@Suite("Every refusal has a code of its own")
struct RefusalTests {
    @Test(
        "It is the first reason, one of the whole diagnosis, and says nothing of the token",
        arguments: RefusalCase.all.indices)
    func refused(_ index: Int) throws {
        let wanted = RefusalCase.all[index]
        let (verifier, token) = try wanted.make(try Workshop())
        #expect(verifier.code(token) == wanted.code, "\(wanted)")
        let diagnosis = verifier.diagnose(Array(token.utf8))
        #expect(diagnosis.refusals.contains { $0.code == wanted.code } && diagnosis.verified == nil, "\(wanted)")
        #expect(Set(diagnosis.refusals).count == diagnosis.refusals.count)
        for part in token.split(separator: ".") where part.utf8.count > 20 {
            #expect(!diagnosis.refusals.contains { $0.message.contains(part) })
        }
    }

    @Test("Every code has a case, but those that the feed gives")
    func complete() {
        let byFeed: Set<TokenRefusal.Code> = [.denied, .sessionEnded, .cutOff, .revocationUnknown, .scopeMissing]
        #expect(Set(TokenRefusal.Code.allCases).subtracting(RefusalCase.all.map(\.code)) == byFeed)
    }

    @Test("A token that every rule lets pass holds, whatever a stranger adds to its header")
    func holds() throws {
        let workshop = try Workshop()
        let verifier = try workshop.verifier()
        #expect(verifier.code(try workshop.token()) == nil)
        #expect(verifier.code(try workshop.forge()) == nil)
        let key = try JSONWebKey.generate(.edDSA).secretJSON
        let strange = #","jku":"https://evil.example","x5u":"file:///etc","x5c":["AA"],"jwk":\#(key),"b64":true}"#
        #expect(verifier.code(try workshop.forge(header: workshop.header.dropLast() + strange)) == nil)
        #expect(verifier.code(try workshop.forge(header: #"{"alg":"EdDSA","typ":"application/AT+JWT"}"#)) == nil)
    }

    @Test("A diagnosis has every reason at once")
    func diagnosis() throws {
        let workshop = try Workshop()
        let header = #"{"alg":"none","typ":"x","crit":["a"],"zip":"DEF","kid":"y"}"#
        let payload = #"{"iss":"x","aud":"y","exp":1,"nbf":1900000000,"epoch":"z"}"#
        let diagnosis = try workshop.verifier().diagnose(
            Array(try workshop.forge(header: header, payload: payload).utf8))
        #expect(
            Set(diagnosis.refusals.map(\.code)) == [
                .algorithmNone, .typeNotAccepted, .criticalUnknown, .compressed, .issuerMismatch, .audienceMismatch,
                .expired, .notYetValid, .badClaim, .claimMissing,
            ])
        #expect(diagnosis.decoded.header?["zip"] == "DEF" && diagnosis.decoded.claims?["iss"] == "x")
        #expect(diagnosis.refusals.count { $0.code == .claimMissing } == 3)
    }
}
