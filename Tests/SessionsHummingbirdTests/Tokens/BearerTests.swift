import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MetricsTestKit
import SessionTesting
import SessionTokens
import Sessions
import SessionsHummingbird
import Testing

@Suite("Bearer tokens")
struct BearerTests {
    @Test("A good token lets its user in, without a look-up of anything")
    func good() async throws {
        try await TokenShop().visit { client, shop in
            let token = try shop.token("alice", scope: ["read"])
            let loads = shop.store.count(of: .load)
            let answer = try await client.get("/me", token)
            #expect(answer.status == .ok && answer.text == "alice")
            #expect(try await client.get("/read", token).text == "alice")
            #expect(shop.store.count(of: .load) == loads)
            #expect(shop.attacks.total == 0)
        }
    }

    @Test("Without a token: 401, a challenge, and no reason, as nothing has been tried")
    func missing() async throws {
        try await TokenShop().visit { client, shop in
            for fields: HTTPFields in [
                [:], [.authorization: "Basic YTpi"], [.authorization: "Bearer"], [.authorization: ""],
            ] {
                let answer = try await client.get("/me", fields)
                #expect(answer.status == .unauthorized && answer.headers[.wwwAuthenticate] == "Bearer")
            }
            // RFC 6750 lets tokens stand there, and they would land in logs.
            let inAddress = "/me?access_token=\(try shop.token("alice"))"
            #expect(try await client.get(inAddress, HTTPFields()).status == .unauthorized)
            #expect(shop.attacks.total == 0)
        }
    }

    @Test("Whatever is no token of ours is refused as invalid, and counted for what it is")
    func attacks() async throws {
        try await TokenShop().visit { client, shop in
            let token = try shop.token("alice")
            let parts = token.split(separator: ".").map(String.init)
            let other = try TokenShop().token("alice")
            let attempts: [(String, Attack)] = [
                ("x", .malformedToken), ("a.b.c", .malformedToken), ("\(token)=", .malformedToken),
                (String(repeating: "A", count: 9000), .oversizedToken),
                (other, .forgedToken), ("\(parts[0]).\(parts[1]).\(other.split(separator: ".")[2])", .forgedToken),
                ("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.\(parts[1]).AAAA", .forgedToken),
            ]
            for (text, attack) in attempts {
                let before = shop.attacks[attack]
                let answer = try await client.get("/me", text)
                #expect(answer.status == .unauthorized, "\(attack)")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer error=\"invalid_token\"")
                #expect(answer.headers[.cacheControl] == "no-store" && !answer.text.contains("alice"))
                #expect(shop.attacks[attack] == before + 1, "\(text.prefix(60)) is \(attack)")
            }
            var twice = HTTPFields()
            for _ in 0..<2 { twice.append(HTTPField(name: .authorization, value: "Bearer \(token)")) }
            let answer = try await client.get("/me", twice)
            #expect(answer.status == .badRequest)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer error=\"invalid_request\"")
            #expect(shop.attacks[.ambiguousToken] == 1)
        }
    }

    @Test("A token without the scope is 403, and hears which it lacks")
    func scope() async throws {
        try await TokenShop().visit { client, shop in
            let answer = try await client.get("/read", try shop.token("alice", scope: ["write"]))
            #expect(answer.status == .forbidden)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer error=\"insufficient_scope\", scope=\"read\"")
            #expect(shop.attacks.total == 0)
        }
    }

    @Test("A revoked token is refused at the next request, and counted; a token that ran out is refused")
    func ended() async throws {
        try await TokenShop().visit { client, shop in
            let token = try shop.token("alice")
            #expect(try await client.get("/me", token).status == .ok)
            try await shop.tokens.revoke(.scope(.user("alice")), by: "ops")
            #expect(try await client.get("/me", token).status == .unauthorized)
            #expect(shop.attacks[.endedToken] == 1)
            let next = try shop.token("alice", epoch: try await shop.tokens.epoch())
            #expect(try await client.get("/me", next).status == .ok)
            await shop.pass(.seconds(361))
            #expect(try await client.get("/me", next).status == .unauthorized)
            #expect(shop.attacks.total == 1, "to be late is no attack")
        }
    }

    @Test("While nobody can tell what was revoked: 503 and never 401; when it can be told again the token is good")
    func outage() async throws {
        try await TokenShop().visit { client, shop in
            let token = try shop.token("alice")
            #expect(try await client.get("/me", token).status == .ok)
            for call in ScriptedStore.Call.allCases { shop.store.fail(call) }
            for _ in 0..<3 {
                await shop.pass(.seconds(10))
                let answer = try await shop.whileTimePasses { try await client.get("/me", token) }
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.headers[.retryAfter] == "2" && answer.headers[.wwwAuthenticate] == nil)
            }
            shop.store.recover()
            await shop.pass(.seconds(1))
            #expect(try await shop.whileTimePasses { try await client.get("/me", token) }.status == .ok)
        }
    }

    @Test("The session that a token ends with is read and changed as by cookie, and no cookie is set")
    func session() async throws {
        try await TokenShop().visit { client, shop in
            let made = try await shop.node.signIn(from: nil, user: "alice")
            let stored = try #require(try await shop.store.load(made.id.hash, at: shop.time.now)).session
            let token = try shop.tokens.access(boundTo: stored, audience: ["api"]).secretText
            #expect(try await client.post("/cart/tea", token).text == "tea=1")
            let answer = try await client.post("/cart/tea", token)
            #expect(answer.text == "tea=2" && answer.headers[.setCookie] == nil)
            #expect(try await client.get("/cart", try shop.token("alice")).status == .unauthorized, "no session in it")
            #expect(try await client.post("/renew", token).status == .internalServerError)
            _ = try await shop.node.revoke(made.id.hash, by: "ops", reason: nil)
            await shop.pass(.seconds(1))
            #expect(try await client.get("/cart", token).status == .unauthorized)
        }
    }

    @Test("A response tells the version that it shows; who sends it back is served from memory")
    func version() async throws {
        try await TokenShop().visit { client, shop in
            try await shop.withRunningNode {
                let made = try await shop.node.signIn(from: nil, user: "alice")
                let stored = try #require(try await shop.store.load(made.id.hash, at: shop.time.now)).session
                let token = try shop.tokens.access(boundTo: stored, audience: ["api"]).secretText
                let field = try #require(HTTPField.Name("Session-Version"))
                #expect(try await client.post("/cart/tea", token).headers[field] == "2")
                for _ in 0..<2 { #expect(try await client.get("/cart", token).headers[field] == "2") }
                let reads = shop.store.count(of: .load)
                let answer = try await client.get("/cart", [.authorization: "Bearer \(token)", field: "2"])
                #expect(answer.text == "tea=1" && answer.headers[field] == nil)
                #expect(shop.store.count(of: .load) == reads)
            }
        }
    }

    @Test("Each outcome is counted by swift-metrics")
    func metrics() async throws {
        let metrics = TestMetrics()
        try await TokenShop(metrics: metrics).visit { client, shop in
            for text in [try shop.token("alice"), "x", ""] { try await client.get("/me", text) }
        }
        for outcome in ["accepted", "malformed", "missing"] {
            #expect(try metrics.expectCounter("sessions.tokens", [("outcome", outcome)]).totalValue == 1)
        }
    }

    @Test("Introspection and revocation are mounted under POST")
    func endpoints() async throws {
        try await TokenShop().visit { client, shop in
            let token = try shop.token("alice")
            func ask(_ path: String) async throws -> TestResponse {
                try await client.client.execute(
                    uri: path, method: .post, body: ByteBuffer(string: "client_id=app&token=\(token)"))
            }
            #expect(try await ask("/oauth/introspect").text.contains("\"active\":true"))
            #expect(try await ask("/oauth/revoke").status == .ok)
            let answer = try await ask("/oauth/introspect")
            #expect(answer.text == "{\"active\":false}" && answer.headers[.cacheControl] == "no-store")
            #expect(try await client.get("/me", token).status == .unauthorized)
            #expect(try await client.get("/oauth/introspect", token).status == .notFound)
        }
    }
}
