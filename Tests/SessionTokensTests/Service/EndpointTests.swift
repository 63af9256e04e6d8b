import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionTokens

@Suite("Introspection and revocation")
struct EndpointTests {
    private func endpoints(_ bench: ServiceBench) -> TokenEndpoints { endpoints(bench.service) }

    private func endpoints(_ service: TokenService) -> TokenEndpoints {
        TokenEndpoints(service) { attempt in
            if attempt.authorization == "down" { throw SessionsError(.unavailable, "no clients today") }
            return attempt.authorization
        }
    }

    private func form(_ fields: (String, String)...) -> [UInt8] {
        Array(fields.map { "\($0.0)=\($0.1)" }.joined(separator: "&").utf8)
    }

    private func json(_ answer: EndpointAnswer) -> JSONValue? { JSONValue(parsing: answer.body) }

    @Test("A good token is told with its claims, a refresh token to its own client alone")
    func active() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        try await bench.withRunning {
            let pair = try await bench.signIn(tenant: "t")
            let access = await endpoints.introspect(
                form(("token", pair.access.secretText), ("token_type_hint", "nonsense")), authorization: "api")
            let told = try #require(json(access))
            #expect(access.status == 200 && access.headers.contains(.init("cache-control", "no-store")))
            #expect(told["active"] == .bool(true) && told["sub"] == "alice" && told["client_id"] == "app")
            #expect(told["scope"] == "read write" && told["iss"] == "https://issuer" && told["token_type"] == "Bearer")
            #expect(told["jti"] == pair.access.claims.id.map { .string($0) } && told["exp"] != nil)
            let refresh = form(("token", pair.refresh.secretText))
            let own = try #require(json(await endpoints.introspect(refresh, authorization: "app")))
            #expect(own["active"] == .bool(true) && own["sub"] == "alice" && own["tenant"] == "t")
            #expect(own["scope"] == "read write" && own["exp"] != nil)
            #expect(await endpoints.introspect(refresh, authorization: "api") == .inactive)
        }
    }

    @Test("Whatever is wrong with a token, no more is said than that it isn't active")
    func inactive() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        try await bench.withRunning {
            let (revoked, expired, ended) = (
                try await bench.signIn(), try await bench.signIn(), try await bench.signIn()
            )
            try await bench.service.revoke(.session(ended.family.id), by: "test")
            let denial = TokenDenial(issuer: "https://issuer", tokenID: try #require(revoked.access.claims.id))
            try await bench.service.revoke(.token(denial), by: "test")
            var texts = [
                "x", "a.b.c", revoked.access.secretText, ended.access.secretText, ended.refresh.secretText,
                String(revoked.access.secretText.dropLast()), String(repeating: "A", count: 86),
            ]
            for text in texts {
                let answer = await endpoints.introspect(form(("token", text)), authorization: "app")
                #expect(answer.status == 200)
                #expect(answer.body == Array(#"{"active":false}"#.utf8), "\(text.utf8.count) bytes")
            }
            bench.time.advance(by: .seconds(361))
            await bench.time.waitForSleepers()
            texts = [expired.access.secretText]
            for text in texts {
                #expect(await endpoints.introspect(form(("token", text)), authorization: "app") == .inactive)
            }
        }
    }

    @Test("A refresh token is revoked with its family, an access token alone, each at its client's wish")
    func revokes() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        try await bench.withRunning {
            let (first, second) = (try await bench.signIn(), try await bench.signIn())
            for token in [first.refresh.secretText, second.access.secretText] {
                let foreign = await endpoints.revoke(form(("token", token)), authorization: "other")
                #expect(foreign.status == 400 && json(foreign)?["error"] == "unauthorized_client")
            }
            #expect(await bench.refusal(of: second.access) == nil)
            for _ in 0..<2 {
                #expect(
                    await endpoints.revoke(form(("token", first.refresh.secretText)), authorization: "app") == .done)
                #expect(
                    await endpoints.revoke(form(("token", second.access.secretText)), authorization: "app") == .done)
            }
            #expect(await bench.refusal(of: first.access) == .sessionEnded)
            #expect(await bench.refusal(of: second.access) == .denied)
            #expect(try await bench.service.families.family(of: second.refresh.secretText) != nil)
        }
    }

    private func isDenied(_ token: IssuedToken, _ bench: ServiceBench) throws -> Bool {
        let denial = TokenDenial(issuer: "https://issuer", tokenID: try #require(token.claims.id))
        return bench.service.follower.verdict(on: TokenMarks(denial: denial, epoch: .start)) == .denied(.token)
    }

    @Test("A token of the issuer is denied though it isn't good here and now: it may be elsewhere, or later")
    func goodElsewhere() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        func token(_ change: (inout TokenClaims) -> Void = { _ in }) throws -> IssuedToken {
            var claims = TokenClaims(subject: "alice", audience: ["api"], client: "app")
            change(&claims)
            return try bench.service.issuer.issue(claims)
        }
        let others = [
            try token { $0.audience = ["another api"] }, try token { $0.notBefore = bench.time.now + .seconds(200) },
        ]
        for token in others {
            let foreign = await endpoints.revoke(form(("token", token.secretText)), authorization: "other")
            #expect(foreign.status == 400 && json(foreign)?["error"] == "unauthorized_client")
            #expect(try !isDenied(token, bench))
            #expect(await endpoints.revoke(form(("token", token.secretText)), authorization: "app") == .done)
            #expect(try isDenied(token, bench))
        }
        let old = try token()
        bench.time.advance(by: bench.service.issuer.lifetime + TokenPolicy.greatestLeeway - .milliseconds(1))
        #expect(await endpoints.revoke(form(("token", old.secretText)), authorization: "app") == .done)
        #expect(try isDenied(old, bench), "another service may grant more leeway")
        let end = try await bench.memory.feed(after: .start, limit: 1).end
        bench.time.advance(by: .milliseconds(1))
        #expect(await endpoints.revoke(form(("token", old.secretText)), authorization: "app") == .done)
        #expect(try await bench.memory.feed(after: .start, limit: 1).end == end, "it has expired everywhere")
    }

    @Test("While the issuer's keys can't be looked up a revoke is 503, and done once they are there")
    func keysAway() async throws {
        let bench = try ServiceBench()
        let old = try JSONWebKeySet([JSONWebKey.generate(.edDSA)])
        let source = TokenKeysTests.CountingSource(nil)
        let service = try ServiceBench.service(
            "web-2", bench.key, store: bench.store, bench.time,
            keys: TokenKeys(old, source: source, time: bench.time.source))
        let endpoints = endpoints(service)
        let pair = try await bench.signIn()
        let access = form(("token", pair.access.secretText))
        for _ in 0..<2 { #expect(await endpoints.revoke(access, authorization: "app") == .unavailable) }
        source.set.withLock { $0 = old }
        bench.time.advance(by: TokenKeys.fetchInterval)
        #expect(await endpoints.revoke(access, authorization: "app") == .done, "no key of the issuer's has signed it")
        #expect(try await bench.memory.feed(after: .start, limit: 1).end == .start)
        let new = try JSONWebKeySet([bench.key])
        source.set.withLock { $0 = new }
        bench.time.advance(by: TokenKeys.missingAge)
        #expect(await endpoints.revoke(access, authorization: "app") == .done)
        #expect(try await bench.memory.feed(after: .start, limit: 1).end > .start)
    }

    @Test("An encrypted token that can't be read here isn't said to be revoked")
    func sealed() async throws {
        let bench = try ServiceBench()
        let signer = try TokenSigner(key: bench.key, encryptTo: JSONWebKey.generate(.direct))
        let issuer = try TokenIssuer(issuer: "https://issuer", signer: signer, time: bench.time.source)
        let token = try issuer.issue(TokenClaims(subject: "alice", audience: ["another api"], client: "app"))
        let answer = await endpoints(bench).revoke(form(("token", token.secretText)), authorization: "app")
        #expect(answer.status == 400 && json(answer)?["error"] == "unsupported_token_type")
    }

    @Test("A token that nobody knows is revoked already", arguments: ["x", "a.b.c", String(repeating: "A", count: 86)])
    func unknown(text: String) async throws {
        let bench = try ServiceBench()
        let answer = await endpoints(bench).revoke(form(("token", text)), authorization: "app")
        #expect(answer.status == 200 && answer.body.isEmpty)
        #expect(try await bench.memory.feed(after: .start, limit: 1).end == .start)
    }

    @Test("Who hasn't proved who they are learns and changes nothing")
    func unauthorized() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        let pair = try await bench.signIn()
        for answer in [
            await endpoints.introspect(form(("token", pair.access.secretText)), authorization: nil),
            await endpoints.revoke(form(("token", pair.refresh.secretText)), authorization: nil),
        ] {
            #expect(answer.status == 401 && json(answer)?["error"] == "invalid_client")
            #expect(answer.headers.contains { $0.name == "www-authenticate" })
        }
        #expect(try await bench.memory.feed(after: .start, limit: 1).end == .start)
    }

    @Test("While nobody can tell, it is 503, and never inactive")
    func unavailable() async throws {
        let bench = try ServiceBench()
        let endpoints = endpoints(bench)
        let pair = try await bench.signIn()
        let access = form(("token", pair.access.secretText)), refresh = form(("token", pair.refresh.secretText))
        #expect(await endpoints.introspect(access, authorization: "app").status == 503, "the follower isn't run")
        #expect(await endpoints.introspect(access, authorization: "down").status == 503)
        bench.store.fail(.load, .revoke, .deny)
        #expect(await endpoints.introspect(refresh, authorization: "app").status == 503)
        #expect(await endpoints.revoke(refresh, authorization: "app").status == 503)
        let denied = await endpoints.revoke(access, authorization: "app")
        #expect(denied.status == 503 && denied.headers.contains(.init("retry-after", "1")))
    }

    @Test(
        "A form that can't be read is a bad request",
        arguments: [
            "", "token=", "token=a&token=b", "token=%zz", "token=%4", "hint=x", "token=a&x=1&x=1", "token=%ff",
            "token%3Da", String(repeating: "a=1&", count: 1),
        ])
    func badForms(text: String) async throws {
        let endpoints = endpoints(try ServiceBench())
        for answer in [
            await endpoints.introspect(Array(text.utf8), authorization: "app"),
            await endpoints.revoke(Array(text.utf8), authorization: "app"),
        ] {
            #expect(answer.status == 400 && json(answer)?["error"] == "invalid_request", "\(text)")
        }
    }

    @Test("Forms are decoded as browsers encode them, and are bounded")
    func forms() {
        #expect(
            TokenForm(Array("a=x+y%2B%C3%A9&b=1=2&c".utf8)).map { [$0["a"], $0["b"], $0["c"]] } == [
                "x y+é", "1=2", nil,
            ])
        #expect(TokenForm(Array(repeating: UInt8(ascii: "a"), count: TokenForm.byteLimit + 1)) == nil)
        let many = (0..<33).map { "f\($0)=1" }.joined(separator: "&")
        #expect(TokenForm(Array(many.utf8)) == nil)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Array("%&=+aF0\u{0}é".utf8).randomElement(using: &random) ?? 0
            }
            _ = TokenForm(bytes)?["a"]
        }
    }
}
