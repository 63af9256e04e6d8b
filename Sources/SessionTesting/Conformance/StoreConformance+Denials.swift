import Sessions
import Testing

extension StoreConformance {
    /// What is ended without a session of its own: tokens, and whatever a tenant or a client has.
    static var denialClauses: [Clause] {
        [
            Clause("Denied tokens are told by the feed in order, between revokes and cut-offs, on every handle") {
                world async throws in
                let denials = (1...3).map { TokenDenial(issuer: "https://issuer", tokenID: "\($0)") }
                let session = try await world.issued()
                #expect(try await world.store.deny([denials[0]], at: world.now) == FeedPosition(1))
                _ = try await world.other.revoke(session.id, by: "x", reason: nil, at: world.now)
                #expect(try await world.other.deny(Array(denials[1...]), at: world.now) == FeedPosition(4))
                let cutoff = try await world.store.cutOff(.tenant("t"), by: "x", reason: nil, at: world.now)
                #expect(cutoff.epoch == FeedPosition(5))
                let expected: [FeedEntry.Event] = [
                    .denied(denials[0]), .revoked(session.id), .denied(denials[1]), .denied(denials[2]),
                    .cutoff(cutoff),
                ]
                for store in [world.store, world.other] {
                    let page = try await store.feed(after: .start, limit: 99)
                    #expect(page.entries.map(\.event) == expected)
                    #expect(page.entries.map(\.position.value) == [1, 2, 3, 4, 5])
                    #expect(page.entries.allSatisfy { $0.at == world.now })
                }
            },
            Clause("A denial wakes whoever follows the feed") { world async throws in
                var news = world.store.feedNews().makeAsyncIterator()
                let position = try await world.other.deny(
                    [TokenDenial(issuer: "i", tokenID: "j")], at: world.now)
                var known = FeedPosition.start
                while known < position, await news.next() != nil {
                    known = try await world.store.feed(after: .start, limit: 0).end
                }
                #expect(known == position, "the news have ended")
            },
            Clause("To deny a token again is told again; to deny none tells nothing") { world async throws in
                let denial = TokenDenial(issuer: "i", tokenID: "j")
                #expect(try await world.store.deny([denial, denial], at: world.now) == FeedPosition(2))
                #expect(try await world.store.deny([], at: world.now) == FeedPosition(2))
                #expect(try await world.wholeFeed().map(\.event) == [.denied(denial), .denied(denial)])
            },
            Clause("A denial is no session's end, and no session's change") { world async throws in
                let session = try await world.issued()
                let before = try await world.store.changePosition()
                _ = try await world.store.deny([TokenDenial(key: session.id)], at: world.now)
                #expect(try await world.standing(of: session.id) == .live)
                #expect(try await world.store.changePosition() == before)
                #expect(try await world.store.cutoffs().cutoffs.isEmpty)
            },
            Clause("A session issued after a denial carries its position, as after a revoke") { world async throws in
                _ = try await world.store.deny([TokenDenial(issuer: "i", tokenID: "j")], at: world.now)
                let session = try await world.issued()
                #expect(try await world.store.load(session.id, at: world.now)?.session.epoch == FeedPosition(1))
            },
            Clause("Thousands of tokens are denied by one order, with one entry in the audit log") {
                world async throws in
                let denials = (0..<1203).map { TokenDenial(issuer: "i", tokenID: "\($0)") }
                let receipt = try await world.store.deny(denials, order: world.order)
                #expect(receipt.outcomes.isEmpty && receipt.position == FeedPosition(1203))
                #expect(try await world.wholeFeed().map(\.event) == denials.map { .denied($0) })
                let entry = try #require(try await world.other.audit(after: 0, limit: 9).first)
                #expect(entry.action == .deny && entry.target == "1203 tokens" && entry.count == 1203)
                #expect(entry.result == "denied 1203" && entry.reason == "INC-1" && entry.follows(nil))
                #expect(entry.outcomesDigest == AuditEntry.digest(of: TokenDenial.outcomes(of: denials)))
            },
            Clause("An operator cuts off a tenant or a client with one entry in the feed and one in the audit log") {
                world async throws in
                let mine = try await world.issued(tenant: "t", client: "c")
                let other = try await world.issued(tenant: "u", client: "d")
                let first = try await world.store.cutOff(.client("c"), order: world.order)
                #expect(try await world.standing(of: mine.id) == .revoked)
                let second = try await world.other.cutOff(.tenant("u"), order: world.order)
                #expect(try await world.standing(of: other.id) == .revoked)
                #expect(first.position == FeedPosition(1) && second.position == FeedPosition(2))
                #expect(first.outcomes.isEmpty && second.outcomes.isEmpty)
                let log = try await world.store.audit(after: 0, limit: 9)
                #expect(log.map(\.action) == [.cutoff, .cutoff] && log.map(\.target) == ["client:c", "tenant:u"])
                #expect(log.map(\.result) == ["done", "done"] && log[1].follows(log[0]))
            },
            Clause("To cut off a user is to revoke the user: each session has its outcome") { world async throws in
                let session = try await world.issued()
                let receipt = try await world.store.cutOff(.user("alice"), order: world.order)
                #expect(receipt.outcomes.map(\.id) == [session.id])
                #expect(try await world.store.audit(after: 0, limit: 9).map(\.action) == [.revoke])
            },
        ]
    }
}
