import SessionTokens
import Sessions
import Testing

extension RefreshConformance {
    static var exchangeClauses: [Clause] {
        [
            Clause("A token is exchanged for its successor, time after time, and the family remembers who asked") {
                stage async throws in
                let issued = try await stage.issued(data: ["scope": "read"])
                #expect(issued.family.generation == 1 && issued.family.user == "alice")
                var token = issued.token
                for number in 2...40 {
                    stage.passGrace()
                    let next = try await stage.exchanged(token)
                    #expect(next.family.id == issued.family.id && next.family.generation == number)
                    #expect(next.family.data == ["scope": "read"] && next.family.epoch == issued.family.epoch)
                    #expect(next.token.secretText != token.secretText)
                    token = next.token
                }
                let session = try #require(try await stage.store.load(issued.family.id, at: stage.time.now)).session
                #expect(session.ip == "203.0.113.9" && session.agent == "tab" && session.node == "b")
                #expect(session.seen == stage.time.now && session.client == "app")
            },
            Clause("A token that is presented again within the grace gets the same successor, from any node") {
                stage async throws in
                let issued = try await stage.issued()
                let first = try await stage.exchanged(issued.token)
                stage.time.advance(by: stage.policy.grace - .milliseconds(1))
                let second = try await stage.families.refresh(issued.token.secretText, client: "app")
                guard case .exchanged(let family, let again) = second else {
                    Issue.record("refused within the grace")
                    return
                }
                #expect(again.secretText == first.token.secretText && family.generation == 2)
                #expect(try await stage.exchanged(again).family.generation == 3)
            },
            Clause(
                "A client so slow that its token was exchanged twice meanwhile gets the latest, within the grace alone"
            ) {
                stage async throws in
                let issued = try await stage.issued()
                stage.time.advance(by: .seconds(100))
                let second = try await stage.exchanged(issued.token)
                stage.time.advance(by: stage.policy.grace - .milliseconds(2))
                let third = try await stage.exchanged(second.token)
                stage.time.advance(by: .milliseconds(1))
                let late = try await stage.exchanged(issued.token)
                #expect(late.token.secretText == third.token.secretText && late.family.generation == 3)
                stage.time.advance(by: .milliseconds(1))
                #expect(try await stage.exchanged(second.token).token.secretText == third.token.secretText)
                guard case .reused(let reuse)? = try await stage.refusal(of: issued.token) else {
                    Issue.record("answered after the grace")
                    return
                }
                #expect(reuse.kind == .branched && reuse.generation == 1)
            },
            Clause("Of many who present one token at once all get the same successor, and the family lives") {
                stage async throws in
                var token = try await stage.issued().token
                for round in 0..<3 {
                    let presented = token.secretText
                    let answers = try await withThrowingTaskGroup(of: RefreshOutcome.self) { group in
                        for number in 0..<12 {
                            let families = number.isMultiple(of: 2) ? stage.families : stage.others
                            group.addTask { try await families.refresh(presented, client: "app") }
                        }
                        return try await group.reduce(into: [RefreshOutcome]()) { $0.append($1) }
                    }
                    let successors = answers.compactMap { answer -> RefreshToken? in
                        if case .exchanged(_, let successor) = answer { successor } else { nil }
                    }
                    #expect(successors.count == 12 && Set(successors.map(\.secretText)).count == 1, "round \(round)")
                    token = try #require(successors.first)
                    stage.passGrace()
                }
                #expect(try await stage.exchanged(token).family.generation == 5)
            },
            Clause("What isn't a token of ours is refused without a look, and never as an error") {
                stage async throws in
                let token = try await stage.issued().token.secretText
                for text in [
                    "", "x", String(token.dropLast()), token + "A", token.replacing("A", with: "="),
                    String(repeating: "A", count: 86), SessionID().secretText, String(repeating: "\u{301}", count: 86),
                ] where text != token {
                    guard case .refused(.unknown) = try await stage.families.refresh(text, client: "app") else {
                        Issue.record("\(text.utf8.count) bytes were taken for a token")
                        continue
                    }
                }
            },
            Clause("No part of a refresh token is a session's id") { stage async throws in
                let issued = try await stage.issued()
                let text = issued.token.secretText
                for part in [text.prefix(43), text.suffix(43)] {
                    guard let id = SessionID(text: part) else { continue }
                    #expect(try await stage.store.load(id.hash, at: stage.time.now) == nil)
                }
                let payload = try #require(try await stage.store.load(issued.family.id, at: stage.time.now))
                #expect(payload.session.payload.keyID == "k1", "the record is sealed")
            },
        ]
    }
}
