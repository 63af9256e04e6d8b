import SessionTokens
import Sessions
import Testing

extension RefreshConformance {
    static var reuseClauses: [Clause] {
        [
            Clause("A token used again after its successor was used: the family ends, and both branches are named") {
                stage async throws in
                let issued = try await stage.issued()
                let began = stage.time.now
                // The thief is faster.
                let stolen = try await stage.exchanged(issued.token, RefreshStage.elsewhere)
                stage.passGrace()
                let branch = try await stage.exchanged(stolen.token, RefreshStage.elsewhere)
                let latest = stage.time.now
                stage.time.advance(by: .seconds(60))
                guard case .reused(let reuse)? = try await stage.refusal(of: issued.token) else {
                    Issue.record("the reuse wasn't noticed")
                    return
                }
                #expect(reuse.family == issued.family.id && reuse.user == "alice" && reuse.client == "app")
                #expect(reuse.kind == .branched && reuse.generation == 1 && reuse.latestGeneration == 3)
                #expect(reuse.presented.at == stage.time.now && reuse.presented.ip == "203.0.113.9")
                #expect(reuse.exchanged?.at == began && reuse.exchanged?.ip == "198.51.100.7")
                #expect(reuse.latest.at == latest && reuse.latest.ip == "198.51.100.7")
                for token in [issued.token, stolen.token, branch.token] {
                    #expect(try await stage.refusal(of: token) == .ended(.revoked))
                }
                let feed = try await stage.store.feed(after: .start, limit: 9).entries
                #expect(feed.map(\.event) == [.revoked(issued.family.id)])
            },
            Clause("The audit log has the reuse, once, in words that act on no terminal") { stage async throws in
                let issued = try await stage.issued()
                _ = try await stage.exchanged(issued.token, RefreshStage.elsewhere)
                stage.passGrace()
                for _ in 0..<3 { _ = try await stage.refusal(of: issued.token) }
                let log = try await stage.store.audit(after: 0, limit: 9)
                #expect(log.map(\.action) == [.reuse] && log.map(\.target) == ["s:\(issued.family.id.handle)"])
                let reason = try #require(log.first?.reason)
                #expect(reason.contains("203.0.113.9") && reason.contains("198.51.100.7"))
                #expect(!reason.contains("\u{1b}") && !reason.contains(issued.token.secretText.prefix(20)))
            },
            Clause("A token asked for again too late, whose successor was never used, ends the family as well") {
                stage async throws in
                let issued = try await stage.issued()
                let next = try await stage.exchanged(issued.token)
                stage.passGrace()
                guard case .reused(let reuse)? = try await stage.refusal(of: issued.token) else {
                    Issue.record("the reuse wasn't noticed")
                    return
                }
                #expect(reuse.kind == .late && reuse.generation == 1 && reuse.latestGeneration == 2)
                #expect(try await stage.refusal(of: next.token) == .ended(.revoked))
            },
            Clause("A token older than the family remembers, or made up, ends it as one that isn't known") {
                stage async throws in
                let first = try await stage.issued()
                var token = first.token
                for _ in 0..<20 {
                    token = try await stage.exchanged(token).token
                    stage.passGrace()
                }
                let second = try await stage.issued("bob")
                let forged = second.token.secretText.prefix(43) + first.token.secretText.suffix(43)
                let made = try #require(RefreshToken(text: forged))
                for (token, family) in [(first.token, first.family), (made, second.family)] {
                    guard case .reused(let reuse)? = try await stage.refusal(of: token) else {
                        Issue.record("the reuse wasn't noticed")
                        continue
                    }
                    #expect(reuse.family == family.id && reuse.kind == .unknown)
                    #expect(reuse.generation == nil && reuse.exchanged == nil)
                }
            },
            Clause("Another client's token is refused, and its family lives") { stage async throws in
                let issued = try await stage.issued()
                #expect(try await stage.refusal(of: issued.token, client: "other") == .wrongClient)
                #expect(try await stage.families.signOut(issued.token.secretText, client: "other") == .wrongClient)
                #expect(try await stage.exchanged(issued.token).family.generation == 2)
            },
        ]
    }
}
