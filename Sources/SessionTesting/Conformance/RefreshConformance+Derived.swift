import SessionTokens
import Sessions
import Testing

extension RefreshConformance {
    /// Families that were derived from others, or from sessions.
    static var derivedClauses: [Clause] {
        [
            Clause("A family that was derived from another ends with it, and so does what was derived from that") {
                stage async throws in
                let parent = try await stage.issued()
                let child = try await stage.issued(parent: parent.family.id)
                let grandchild = try await stage.issued(parent: child.family.id)
                let stranger = try await stage.issued()
                let next = try await stage.exchanged(parent.token)
                stage.passGrace()
                _ = try await stage.refusal(of: parent.token)
                for token in [next.token, child.token, grandchild.token] {
                    #expect(try await stage.refusal(of: token) == .ended(.revoked))
                }
                let told = try await stage.store.feed(after: .start, limit: 9).entries.map(\.event)
                #expect(told == [parent, child, grandchild].map { .revoked($0.family.id) })
                #expect(try await stage.refusal(of: stranger.token) == nil)
            },
            Clause("The end of a derived family leaves what it was derived from alone") { stage async throws in
                let parent = try await stage.issued()
                let child = try await stage.issued(parent: parent.family.id)
                _ = try await stage.families.end(child.family.id, by: "x", reason: nil)
                #expect(try await stage.exchanged(parent.token).family.generation == 2)
            },
            Clause("Where an operator ends the parent's row alone, the derived family ends with its next exchange") {
                stage async throws in
                let parent = try await stage.issued()
                let child = try await stage.issued(parent: parent.family.id)
                let grandchild = try await stage.issued(parent: child.family.id)
                let order = Order(actor: "ops", reason: "r", at: stage.time.now)
                _ = try await stage.store.revoke(.sessions([parent.family.id]), order: order)
                #expect(try await stage.standing(of: grandchild.family.id) == .live)
                #expect(try await stage.families.family(of: grandchild.token.secretText) == nil)
                #expect(try await stage.refusal(of: grandchild.token) == .ended(.revoked))
                #expect(try await stage.standing(of: grandchild.family.id) == .revoked)
                #expect(try await stage.refusal(of: child.token) == .ended(.revoked))
            },
            Clause("A derived family lives no longer than what it was derived from, but may be used while that idles") {
                stage async throws in
                let parent = try await stage.issued()
                stage.time.advance(by: .seconds(5 * 86_400))
                let child = try await stage.issued(parent: parent.family.id)
                #expect(child.family.deadlines.absolute == parent.family.deadlines.absolute)
                stage.time.advance(by: .seconds(5 * 86_400))
                #expect(try await stage.standing(of: parent.family.id) == .expired)
                #expect(try await stage.exchanged(child.token).family.generation == 2)
                #expect(try await stage.standing(of: child.family.id) == .live)
            },
            Clause("Nothing is derived from what has ended, or never was") { stage async throws in
                let parent = try await stage.issued()
                _ = try await stage.families.end(parent.family.id, by: "x", reason: nil)
                for id in [parent.family.id, SessionID().hash] {
                    let error = await #expect(throws: SessionsError.self) {
                        try await stage.families.issue(user: "alice", client: "app", parent: id)
                    }
                    #expect(error?.code == .refused)
                }
            },
            Clause("A family may be derived from a session of the application, and ends with it") {
                stage async throws in
                let session = Session(
                    id: SessionID().hash, user: "alice", created: stage.time.now, lifetime: .office,
                    payload: Payload(bytes: [1]))
                try await stage.store.insert(session)
                let family = try await stage.issued(parent: session.id)
                #expect(family.family.deadlines.absolute == session.deadlines.absolute)
                #expect(try await stage.exchanged(family.token).family.generation == 2)
                _ = try await stage.store.revoke(session.id, by: "sign-out", reason: nil, at: stage.time.now)
                stage.passGrace()
                #expect(try await stage.refusal(of: family.token) == .ended(.revoked))
            },
            Clause("Whoever derives while the parent is ended leaves nothing behind") { stage async throws in
                for _ in 0..<5 {
                    let parent = try await stage.issued()
                    async let child = try? stage.families.issue(
                        user: "alice", client: "app", parent: parent.family.id)
                    async let ended = stage.others.end(parent.family.id, by: "x", reason: nil)
                    #expect(try await ended.outcome == .revoked)
                    if let child = await child {
                        #expect(try await stage.refusal(of: child.token) == .ended(.revoked))
                    }
                    let left = try await stage.store.sessions(ofUser: "alice", at: stage.time.now)
                    #expect(left.isEmpty)
                }
            },
            Clause("Thirty-two families are derived from one at a time; those that have ended make room") {
                stage async throws in
                let parent = try await stage.issued()
                var children: [IssuedRefresh] = []
                for _ in 0..<32 { children.append(try await stage.issued(parent: parent.family.id)) }
                let error = await #expect(throws: SessionsError.self) {
                    try await stage.issued(parent: parent.family.id)
                }
                #expect(error?.code == .refused)
                _ = try await stage.families.end(children[7].family.id, by: "x", reason: nil)
                children.append(try await stage.issued(parent: parent.family.id))
                _ = try await stage.families.end(parent.family.id, by: "x", reason: nil)
                for child in children {
                    #expect(try await stage.standing(of: child.family.id) == .revoked)
                }
            },
        ]
    }
}
