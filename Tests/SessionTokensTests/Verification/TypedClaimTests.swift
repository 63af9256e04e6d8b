import Sessions
import Testing

@testable import SessionTokens

@Suite("Typed claims")
struct TypedClaimTests {
    @Test("Each name is its claim's, and no other spelling of it is")
    func names() {
        for (place, name) in TypedClaim.names.enumerated() {
            let name = Array(name.utf8)
            #expect(TypedClaim(name)?.rawValue == place)
            for index in name.indices {
                for byte in UInt8.min ... .max where byte != name[index] {
                    var other = name
                    other[index] = byte
                    guard let found = TypedClaim(other) else { continue }
                    #expect(Array(found.name.utf8) == other)
                }
            }
            for other in [[0] + name, name + [0], [1] + name, name + name, Array(name.dropLast()), []] {
                #expect(TypedClaim(other) == nil)
            }
        }
    }

    @Test("A name that is written with escapes is the same name, and comes twice where the other is there")
    func escapes() throws {
        let payload = try TokenPayload(Array(#"{"\u0069ss":"me","\u0063lient_i\u0064":"web","x\u0079":1}"#.utf8))
        #expect(payload.claims.issuer == "me" && payload.claims.client == "web" && payload.has("iss"))
        #expect(payload.claims.own == [.init("xy", .number("1"))] && payload.has("xy") && !payload.has("x"))
        for twice in [#"{"iss":"a","\u0069ss":"a"}"#, #"{"a":1,"\u0061":1}"#, #"{"sid":"a","sid":"b"}"#] {
            #expect(throws: JSONFault.duplicateMember) { try TokenPayload(Array(twice.utf8)) }
        }
    }

    @Test("What is likely to stand there is taken only where it does, byte for byte")
    func likely() throws {
        let likely = TokenPayload.Likely(issuer: "caf\u{E9}", audience: ["api"])
        let same = try TokenPayload(Array(#"{"iss":"café","aud":"api"}"#.utf8), likely: likely)
        #expect(same.claims.issuer == "caf\u{E9}" && same.claims.audience == ["api"])
        let decomposed = "{\"iss\":\"cafe\u{301}\",\"aud\":[\"api\",\"ap\"]}"
        let other = try TokenPayload(Array(decomposed.utf8), likely: likely)
        #expect(other.claims.issuer.map { Array($0.utf8) } == Array("cafe\u{301}".utf8))
        #expect(other.claims.audience == ["api", "ap"])
    }

    @Test("A claim of the wrong kind is left out, null says nothing, and both are told from one that is missing")
    func misfits() throws {
        let json = #"{"iss":1,"sub":null,"aud":[],"exp":"soon","nbf":1e3,"scope":["a"],"epoch":-1,"own":null}"#
        let payload = try TokenPayload(Array(json.utf8))
        #expect(payload.misfits == [.issuer, .subject, .expires, .notBefore, .scope, .epoch])
        #expect(payload.has("iss") && !payload.has("sub") && payload.has("aud") && !payload.has("jti"))
        #expect(!payload.has("own") && payload.claims.own == [.init("own", .null)])
        #expect(payload.claims.issuer == nil && payload.claims.expires == nil && payload.claims.audience.isEmpty)
    }
}
