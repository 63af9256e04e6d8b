import SessionTokens
import Sessions
import Testing

extension RefreshConformance {
    static var endClauses: [Clause] {
        [
            Clause("A family that isn't used idles out, and one that is used ends at its longest life") {
                stage async throws in
                let idle = try await stage.issued("idle")
                var token = try await stage.issued().token
                for _ in 0..<5 {
                    stage.time.advance(by: .seconds(6 * 86_400))
                    guard
                        case .exchanged(_, let next) = try await stage.families.refresh(
                            token.secretText, client: "app")
                    else { break }
                    token = next
                }
                #expect(try await stage.refusal(of: idle.token) == .ended(.expired))
                #expect(try await stage.refusal(of: token) == .ended(.expired), "30 days have passed")
            },
            Clause("An operator sees a family among the user's sessions, and revokes it as one") { stage async throws in
                let issued = try await stage.issued()
                #expect(try await stage.store.sessions(ofUser: "alice", at: stage.time.now) == [issued.family.id])
                let detail = try #require(try await stage.store.detail(issued.family.id))
                #expect(detail.client == "app" && detail.row.ip == "203.0.113.9")
                let order = Order(actor: "ops", reason: "r", at: stage.time.now)
                _ = try await stage.store.revoke(.user("alice"), order: order)
                #expect(try await stage.refusal(of: issued.token) == .ended(.revoked))
            },
            Clause("A cut-off of the client or the tenant ends its families, and no others") { stage async throws in
                let mine = try await stage.issued()
                let other = try await stage.families.issue(user: "alice", client: "web", tenant: "t")
                _ = try await stage.store.cutOff(.client("app"), by: "x", reason: nil, at: stage.time.now)
                #expect(try await stage.refusal(of: mine.token) == .ended(.revoked))
                #expect(try await stage.families.family(of: other.token.secretText)?.client == "web")
                _ = try await stage.store.cutOff(.tenant("t"), by: "x", reason: nil, at: stage.time.now)
                #expect(try await stage.refusal(of: other.token, client: "web") == .ended(.revoked))
            },
            Clause("Sign-out ends the family by any of its tokens, twice as well as once") { stage async throws in
                let issued = try await stage.issued()
                let next = try await stage.exchanged(issued.token)
                stage.passGrace()
                let first = try await stage.families.signOut(issued.token.secretText, client: "app")
                guard case .ended(issued.family.id, let revoked) = first else {
                    Issue.record("not signed out")
                    return
                }
                #expect(revoked.outcome == .revoked)
                #expect(try await stage.refusal(of: next.token) == .ended(.revoked))
                let second = try await stage.others.signOut(next.token.secretText, client: "app")
                guard case .ended(_, let again) = second else {
                    Issue.record("not signed out")
                    return
                }
                #expect(again.outcome.word == "alreadyRevoked")
                #expect(try await stage.families.signOut("nonsense", client: "app") == .unknown)
                #expect(try await stage.store.audit(after: 0, limit: 9).isEmpty, "a reuse it is not")
            },
            Clause("What a token is worth is told without exchanging it") { stage async throws in
                let issued = try await stage.issued()
                #expect(try await stage.worth(issued.token) == 1)
                #expect(try await stage.worth(issued.token) == 1)
                let next = try await stage.exchanged(issued.token)
                #expect(try await stage.worth(issued.token) == 2, "within the grace")
                stage.passGrace()
                #expect(try await stage.worth(issued.token) == nil)
                #expect(try await stage.worth(next.token) == 2, "to be asked about is no reuse")
                _ = try await stage.families.end(issued.family.id, by: "x", reason: nil)
                #expect(try await stage.worth(next.token) == nil)
                #expect(try await stage.families.family(of: "nonsense") == nil)
            },
            Clause("Whoever exchanges while the family is ended gets nothing that outlives it") { stage async throws in
                for _ in 0..<5 {
                    let issued = try await stage.issued()
                    async let outcome = stage.families.refresh(issued.token.secretText, client: "app")
                    async let ended = stage.others.end(issued.family.id, by: "x", reason: nil)
                    #expect(try await ended.outcome == .revoked)
                    if case .exchanged(_, let successor) = try await outcome {
                        #expect(try await stage.refusal(of: successor) == .ended(.revoked))
                    }
                    #expect(try await stage.refusal(of: issued.token) == .ended(.revoked))
                }
            },
        ]
    }
}
