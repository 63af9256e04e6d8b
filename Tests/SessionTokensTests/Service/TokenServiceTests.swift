import SessionTesting
import Sessions
import Testing

@testable import SessionTokens

@Suite("A service of tokens")
struct TokenServiceTests {
    @Test("Who signs in gets an access token that says so, and refreshes it time after time")
    func signIn() async throws {
        let bench = try ServiceBench()
        try await bench.withRunning {
            let pair = try await bench.signIn(tenant: "t")
            let token = try await bench.service.verify(pair.access.secretText)
            #expect(token.subject == "alice" && token.claims.client == "app" && token.claims.tenant == "t")
            #expect(token.claims.session == pair.family.id && token.claims.epoch == pair.family.epoch)
            #expect(token.claims.scope == ["read", "write"] && token.claims.audience == ["api"])
            guard
                case .issued(let next) = try await bench.service.refresh(
                    pair.refresh.secretText, client: "app", scope: ["read"])
            else {
                Issue.record("refused")
                return
            }
            let narrowed = try await bench.service.verify(next.access.secretText)
            #expect(narrowed.claims.scope == ["read"] && narrowed.claims.session == pair.family.id)
            #expect(await bench.refusal(of: pair.access) == nil, "it lives until it ends by itself")
            let greedy = try await bench.service.refresh(
                next.refresh.secretText, client: "app", scope: ["read", "admin"])
            guard case .scopeNotGranted = greedy else {
                Issue.record("a scope was given that wasn't granted")
                return
            }
            #expect(try await bench.service.families.family(of: next.refresh.secretText)?.generation == 2)
        }
    }

    @Test("Each way to revoke ends the tokens that it is for, here at once, and no others")
    func revokes() async throws {
        let bench = try ServiceBench()
        try await bench.withRunning {
            let other = try await bench.signIn("bob", client: "web", tenant: "u")
            let jti = try await bench.signIn()
            let denial = TokenDenial(issuer: "https://issuer", tokenID: try #require(jti.access.claims.id))
            try await bench.service.revoke(.token(denial), by: "test")
            #expect(await bench.refusal(of: jti.access) == .denied)
            let session = try await bench.signIn()
            try await bench.service.revoke(.session(session.family.id), by: "test")
            #expect(await bench.refusal(of: session.access) == .sessionEnded)
            for scope in [CutoffScope.user("alice"), .client("app"), .tenant("t")] {
                let pair = try await bench.signIn(tenant: "t")
                try await bench.service.revoke(.scope(scope), by: "test")
                #expect(await bench.refusal(of: pair.access) == .cutOff)
                guard
                    case .refused(.ended(.revoked)) = try await bench.service.refresh(
                        pair.refresh.secretText, client: "app")
                else {
                    Issue.record("its family lives")
                    return
                }
                #expect(await bench.refusal(of: try await bench.signIn(tenant: "t").access) == nil, "issued afterwards")
            }
            #expect(await bench.refusal(of: other.access) == nil)
            try await bench.service.revoke(.scope(.everyone), by: "test")
            #expect(await bench.refusal(of: other.access) == .cutOff)
        }
    }

    @Test("A stolen refresh token ends the access tokens of both branches at once")
    func reuse() async throws {
        let bench = try ServiceBench()
        try await bench.withRunning {
            let pair = try await bench.signIn()
            guard case .issued(let stolen) = try await bench.service.refresh(pair.refresh.secretText, client: "app")
            else {
                Issue.record("refused")
                return
            }
            bench.time.advance(by: .seconds(10))
            guard
                case .refused(.reused(let reuse)) = try await bench.service.refresh(
                    pair.refresh.secretText, client: "app")
            else {
                Issue.record("the reuse wasn't noticed")
                return
            }
            #expect(reuse.family == pair.family.id)
            for token in [pair.access, stolen.access] { #expect(await bench.refusal(of: token) == .sessionEnded) }
            #expect(try await bench.memory.audit(after: 0, limit: 9).map(\.action) == [.reuse])
        }
    }

    /// How a family ends.
    enum Ending: String, CaseIterable, Sendable {
        case order, signOut, reuse
    }

    @Test("Access tokens of families that were derived from one end with it, here at once", arguments: Ending.allCases)
    func derived(ending: Ending) async throws {
        let bench = try ServiceBench()
        let endpoints = TokenEndpoints(bench.service) { $0.authorization }
        try await bench.withRunning {
            let root = try await bench.signIn()
            let child = try await bench.signIn(derivedFrom: root)
            let grandchild = try await bench.signIn(derivedFrom: child)
            switch ending {
            case .order: try await bench.service.revoke(.session(root.family.id), by: "test")
            case .signOut:
                let form = Array("token=\(root.refresh.secretText)".utf8)
                #expect(await endpoints.revoke(form, authorization: "app") == .done)
            case .reuse:
                _ = try await bench.service.refresh(root.refresh.secretText, client: "app")
                bench.time.advance(by: .seconds(10))
                await bench.time.waitForSleepers()
                _ = try await bench.service.refresh(root.refresh.secretText, client: "app")
            }
            // The clock stands still: nobody has read the feed since.
            for pair in [root, child, grandchild] {
                #expect(await bench.refusal(of: pair.access) == .sessionEnded)
            }
        }
    }

    @Test("The end of a family reaches all that were derived from it, however many they are")
    func manyDerived() async throws {
        let bench = try ServiceBench()
        let root = try await bench.signIn()
        var all = [root]
        for _ in 0..<9 {
            let child = try await bench.signIn(derivedFrom: root)
            all.append(child)
            for _ in 0..<RefreshPolicy.mostChildren { all.append(try await bench.signIn(derivedFrom: child)) }
        }
        #expect(all.count == 298)
        try await bench.service.revoke(.session(root.family.id), by: "test")
        #expect(try await bench.memory.sessions(ofUser: "alice", at: bench.time.now).isEmpty)
        for pair in all { #expect(await bench.refusal(of: pair.access) == .sessionEnded) }
    }

    @Test("A token that is bound to a session ends with it; one that isn't lives on, and can be denied and cut off")
    func bothWorlds() async throws {
        let bench = try ServiceBench()
        let node = ServiceNode(
            id: "web-1", store: bench.memory, policy: NodePolicy(),
            sealer: PayloadSealer(keys: try KeyRing(newKey: "k"), namespace: "default"), time: bench.time.source)
        try await bench.withRunning {
            let made = try await node.begin(user: "alice")
            let served = try #require(try await bench.memory.load(made.id.hash, at: bench.time.now)).session
            let bound = try bench.service.access(boundTo: served, audience: ["api"])
            let epoch = try await bench.service.epoch()
            let pure = try bench.service.access(subject: "alice", epoch: epoch, audience: ["api"])
            #expect(await bench.refusal(of: bound) == nil)
            #expect(await bench.refusal(of: pure) == nil)
            try await node.signOut(made.id.hash)
            bench.time.advance(by: bench.service.follower.policy.pollInterval)
            await bench.time.waitForSleepers()
            #expect(await bench.refusal(of: bound) == .sessionEnded)
            #expect(await bench.refusal(of: pure) == nil)
            try await bench.service.revoke(.scope(.user("alice")), by: "test")
            #expect(await bench.refusal(of: pure) == .cutOff)
        }
    }

    @Test("A token for a session that was just made outlives the cut-offs of before, and none that comes after")
    func justMade() async throws {
        let bench = try ServiceBench()
        let node = ServiceNode(
            id: "web-1", store: bench.memory, policy: NodePolicy(),
            sealer: PayloadSealer(keys: try KeyRing(newKey: "k"), namespace: "default"), time: bench.time.source)
        try await bench.withRunning {
            for scope in [CutoffScope.everyone, .user("alice")] {
                try await bench.service.revoke(.scope(scope), by: "test")
            }
            let (visitor, old) = (try await node.begin(), try await node.begin(user: "alice"))
            let begun = try await node.begin(user: "alice")
            let signedIn = try await node.signIn(from: visitor.id, user: "alice")
            let renewed = try #require(try await node.renew(old.id))
            var tokens: [IssuedToken] = []
            for made in [begun, signedIn, renewed] {
                let token = try bench.service.access(boundTo: made.served.session, audience: ["api"])
                #expect(await bench.refusal(of: token) == nil)
                tokens.append(token)
                let stored = try #require(try await bench.memory.load(made.id.hash, at: bench.time.now)).session
                #expect(made.served.session.epoch <= stored.epoch, "a later one would outlive cut-offs")
            }
            try await bench.service.revoke(.scope(.user("alice")), by: "test")
            for token in tokens { #expect(await bench.refusal(of: token) == .cutOff) }
        }
    }

    @Test("A family tells how many of its access tokens live where nobody can take them back, and until when")
    func exposure() async throws {
        let bench = try ServiceBench(lifetime: .seconds(300))
        func report(_ id: IDHash) async throws -> RefreshFamilyReport {
            let session = try #require(try await bench.memory.load(id, at: bench.time.now)).session
            let plain = try bench.service.families.sealer.open(
                session.payload, id: session.id, version: session.version)
            return try #require(RefreshFamilyReport(payload: plain))
        }
        func refresh(_ pair: TokenPair) async throws -> TokenPair {
            guard case .issued(let next) = try await bench.service.refresh(pair.refresh.secretText, client: "app")
            else { throw SessionsError(.refused, "a token was refused that must not be") }
            return next
        }
        try await bench.withRunning {
            bench.time.advance(by: .milliseconds(700))
            let first = try await bench.signIn()
            bench.time.advance(by: .milliseconds(100_300))
            let second = try await refresh(first)
            // The other tab: the same refresh token, and one access token more.
            let again = try await refresh(first)
            #expect(again.refresh.secretText == second.refresh.secretText)
            let issued = [first, second, again].compactMap(\.access.claims.expires)
            let found = try await report(first.family.id)
            #expect(found.generation == 2 && found.rotated == bench.time.now && found.parents.isEmpty)
            #expect(found.exposure.batches.map(\.expires) == Set(issued).sorted())
            #expect(found.exposure.count(at: bench.time.now) == 3)
            #expect(found.exposure.end == issued.max().map { $0 + TokenExposure.leeway })
            try await bench.service.revoke(.scope(.user("alice")), by: "test")
            let left = try await report(first.family.id).exposure
            #expect(left.count(at: bench.time.now) == 3, "a revoke takes none back")
            #expect(found.exposure.count(at: bench.time.now + .seconds(261)) == 2)
            #expect(found.exposure.count(at: bench.time.now + .seconds(361)) == 0)
        }
    }

    @Test("A cut-off that comes while a token is being issued refuses it")
    func epochBefore() async throws {
        let bench = try ServiceBench()
        try await bench.withRunning {
            let epoch = try await bench.service.epoch()
            try await bench.service.revoke(.scope(.user("alice")), by: "test")
            let late = try bench.service.access(subject: "alice", epoch: epoch, audience: ["api"])
            #expect(await bench.refusal(of: late) == .cutOff)
        }
    }

    @Test("While nobody can tell, a token is refused as such; what was denied stays denied")
    func unknown() async throws {
        let bench = try ServiceBench()
        let pair = try await bench.signIn()
        #expect(await bench.refusal(of: pair.access) == .revocationUnknown, "the follower isn't run")
        try await bench.withRunning {
            #expect(await bench.refusal(of: pair.access) == nil)
            let denied = try await bench.signIn()
            try await bench.service.revoke(.session(denied.family.id), by: "test")
            bench.store.fail(.feed, .cutoffs)
            bench.time.advance(by: .seconds(2))
            await bench.time.waitForSleepers()
            let verifier = bench.service.verifier
            let refusal = #expect(throws: TokenRefusal.self) { try verifier.verify(pair.access.secretText) }
            #expect(refusal?.code == .revocationUnknown)
            #expect(await bench.refusal(of: denied.access) == .sessionEnded)
        }
    }

    @Test("A token that would outlive its denial is refused")
    func outlives() async throws {
        let bench = try ServiceBench()
        let pair = try await bench.signIn()
        let short = RevocationFollower(
            id: "short", store: bench.store, policy: FollowerPolicy(longestToken: .seconds(299)),
            time: bench.time.source)
        let verified = try bench.service.plainVerifier.verify(pair.access.secretText)
        #expect(short.refusal(of: verified)?.code == .livesTooLong)
        #expect(bench.service.follower.refusal(of: verified)?.code == .revocationUnknown)
        #expect(bench.service.residualExposureEnd == bench.time.now + .seconds(360))
    }

    @Test("A service whose policy refuses what it issues isn't made")
    func mismatch() throws {
        let (time, key) = (ManualTime(), try JSONWebKey.generate(.edDSA))
        let issuer = try TokenIssuer(issuer: "a", signer: try TokenSigner(key: key), lifetime: .seconds(300))
        for (name, life) in [("b", 300), ("a", 299)] {
            let error = #expect(throws: SessionsError.self) {
                try TokenService(
                    id: "x", issuer: issuer,
                    policy: try TokenPolicy(issuer: name, audience: "api", lifetime: .seconds(life)),
                    keys: TokenKeys(JSONWebKeySet([key])), store: MemoryStore(),
                    sealer: PayloadSealer(keys: try KeyRing(newKey: "k"), namespace: "d"), time: time.source)
            }
            #expect(error?.code == .usage)
        }
    }
}
