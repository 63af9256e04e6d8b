import Sessions
import Testing

extension StoreConformance {
    static var revokeClauses: [Clause] {
        [
            Clause("A revoked session is refused by every write, on every handle, for good") { world async throws in
                let session = try await world.issued()
                #expect(
                    try await world.store.revoke(session.id, by: "x", reason: "r", at: world.now).outcome == .revoked)
                for store in [world.store, world.other] {
                    #expect(try await store.load(session.id, at: world.now)?.standing == .revoked)
                    #expect(
                        try await store.touch([Touch(id: session.id, at: world.now, idle: nil)]) == [.refused(.revoked)]
                    )
                    #expect(
                        try await store.save(.empty, of: session.id, replacing: 1, at: world.now) == .refused(.revoked))
                    let order = world.order
                    #expect(
                        try await store.extend([session.id], to: .by(.seconds(1)), order: order) == [.refused(.revoked)]
                    )
                    await #expect(throws: SessionsError.self) { try await store.insert(session) }
                }
                let expected = Revocation(at: world.now, by: "x", reason: "r")
                #expect(try await world.store.load(session.id, at: world.now)?.session.revocation == expected)
            },
            Clause("A second revoke changes nothing and says who ended it, when and why") { world async throws in
                let session = try await world.issued()
                let first = try await world.store.revoke(session.id, by: "x", reason: "r", at: world.now)
                let second = try await world.other.revoke(session.id, by: "y", reason: "s", at: world.now + .seconds(9))
                #expect(second.outcome == .alreadyRevoked(Revocation(at: world.now, by: "x", reason: "r")))
                #expect(second.position >= first.position)
                #expect(try await world.wholeFeed().count == 1)
            },
            Clause(
                "An operator's revoke answers each session in order, with one audit entry and an entry of the feed each"
            ) {
                world async throws in
                let first = try await world.issued()
                let second = try await world.issued(user: nil)
                let ids = [second.id, SessionID().hash, first.id, second.id]
                let receipt = try await world.store.revoke(.sessions(ids), order: world.order)
                #expect(receipt.outcomes.map(\.id) == ids)
                #expect(receipt.outcomes.map(\.user) == [nil, nil, "alice", nil])
                let already = RevokeOutcome.alreadyRevoked(Revocation(at: world.now, by: "ops/mira", reason: "INC-1"))
                #expect(receipt.outcomes.map(\.outcome) == [.revoked, .notFound, .revoked, already])
                let feed = try await world.wholeFeed()
                #expect(feed.map(\.event) == [.revoked(second.id), .revoked(first.id)])
                #expect(receipt.position == feed.last?.position)
                let entry = try #require(try await world.store.audit(after: 0, limit: 9).first)
                #expect(entry.action == .revoke && entry.count == 4 && entry.reason == "INC-1")
                let words = zip(ids, receipt.outcomes.map(\.outcome.word)).map { AuditOutcome(id: $0, word: $1) }
                #expect(entry.outcomesDigest == AuditEntry.digest(of: words))
            },
            Clause("Revoking a user ends that user's live sessions with one cut-off, and nobody else's") {
                world async throws in
                let mine = [try await world.issued(user: "zoe\u{301}"), try await world.issued(user: "zoe\u{301}")]
                let others = [try await world.issued(user: "zo\u{e9}"), try await world.issued(user: nil)]
                let receipt = try await world.store.revoke(.user("zoe\u{301}"), order: world.order)
                #expect(receipt.outcomes.map(\.id) == mine.map(\.id))
                #expect(receipt.outcomes.allSatisfy { $0.outcome == .revoked })
                for session in mine { #expect(try await world.standing(of: session.id) == .revoked) }
                for session in others { #expect(try await world.standing(of: session.id) == .live) }
                #expect(try await world.wholeFeed().count == 1)
                #expect(try await world.store.cutoffs().cutoffs.map(\.scope.kind) == ["user"])
                let next = try await world.issued(user: "zoe\u{301}")
                #expect(try await world.standing(of: next.id) == .live)
            },
            Clause("Revoking everyone ends every live session, and leaves what had ended as it was") {
                world async throws in
                let gone = try await world.issued()
                _ = try await world.store.revoke(gone.id, by: "x", reason: nil, at: world.now)
                let live = [try await world.issued(), try await world.issued(user: nil)]
                let receipt = try await world.store.revoke(.everyone, order: world.order)
                #expect(receipt.outcomes.map(\.id) == live.map(\.id))
                #expect(try await world.store.statistics(at: world.now).revoked == 3)
                #expect(try await world.store.load(gone.id, at: world.now)?.session.revocation?.by == "x")
                #expect(try await world.wholeFeed().count == 2)
            },
            Clause("An extend moves the idle deadline: later only, to the absolute one at most") { world async throws in
                let session = try await world.issued()
                let idle = try #require(session.deadlines.idle)
                let absolute = try #require(session.deadlines.absolute)
                func extend(_ deadline: NewDeadline) async throws -> ExtendOutcome? {
                    try await world.store.extend([session.id], to: deadline, order: world.order).first
                }
                let later = idle + .seconds(60)
                #expect(try await extend(.by(.seconds(60))) == .extended(from: idle, to: later))
                #expect(try await extend(.until(idle)) == .unchanged(deadline: later))
                #expect(try await extend(.by(.seconds(-60))) == .unchanged(deadline: later))
                #expect(try await extend(.by(.seconds(1 << 50))) == .clipped(from: later, to: absolute))
                #expect(try await extend(.by(.seconds(1))) == .unchanged(deadline: absolute))
                let unlimited = try await world.issued(lifetime: .aal1)
                let outcome = try await world.store.extend([unlimited.id], to: .by(.seconds(1)), order: world.order)
                #expect(outcome == [.unchanged(deadline: unlimited.deadlines.absolute)])
            },
        ]
    }

    private static let scopes: [CutoffScope] = [.everyone, .tenant("t"), .user("u"), .client("c")]

    static var cutoffClauses: [Clause] {
        [
            Clause("A cut-off of any scope ends what was issued before it, and nothing issued after") {
                world async throws in
                for scope in scopes {
                    let before = try await world.issued(user: "u", tenant: "t", client: "c")
                    let outside = try await world.issued(user: "v", tenant: "w", client: "x")
                    let cutoff = try await world.store.cutOff(scope, by: "x", reason: "r", at: world.now)
                    let after = try await world.issued(user: "u", tenant: "t", client: "c")
                    #expect(try await world.standing(of: before.id) == .revoked, "\(scope)")
                    #expect(
                        try await world.standing(of: outside.id) == (scope == .everyone ? .revoked : .live), "\(scope)")
                    #expect(try await world.standing(of: after.id) == .live, "\(scope)")
                    #expect(try await world.store.cutoffs().position == cutoff.epoch)
                    try await expectEnded(before, in: world)
                }
            },
            Clause("Of any two cut-offs that apply the later counts, in either order") { world async throws in
                for first in scopes {
                    for second in scopes {
                        let oldest = try await world.issued(user: "u", tenant: "t", client: "c")
                        _ = try await world.store.cutOff(first, by: "x", reason: nil, at: world.now)
                        let between = try await world.issued(user: "u", tenant: "t", client: "c")
                        _ = try await world.other.cutOff(second, by: "y", reason: nil, at: world.now - .seconds(60))
                        let newest = try await world.issued(user: "u", tenant: "t", client: "c")
                        let standings = [
                            try await world.standing(of: oldest.id), try await world.standing(of: between.id),
                            try await world.standing(of: newest.id),
                        ]
                        #expect(standings == [.revoked, .revoked, .live], "\(first), then \(second)")
                    }
                }
            },
            Clause("A cut-off leaves sessions without such a tenant, user or client alone") { world async throws in
                let plain = try await world.issued(user: nil)
                let empty = try await world.issued(user: "", tenant: "", client: "")
                for scope in scopes.dropFirst() {
                    _ = try await world.store.cutOff(scope, by: "x", reason: nil, at: world.now)
                }
                for session in [plain, empty] { #expect(try await world.standing(of: session.id) == .live) }
                _ = try await world.store.cutOff(.user(""), by: "x", reason: nil, at: world.now)
                #expect(try await world.standing(of: plain.id) == .live)
                #expect(try await world.standing(of: empty.id) == .revoked)
            },
            Clause("Nobody's clock matters to a cut-off: a session of a clock far ahead is ended by it, too") {
                world async throws in
                var session = world.fresh()
                session = Session(
                    id: session.id, user: "alice", created: world.now + .seconds(3600), lifetime: .office)
                try await world.store.insert(session)
                _ = try await world.store.cutOff(.user("alice"), by: "x", reason: nil, at: world.now)
                #expect(try await world.standing(of: session.id) == .revoked)
            },
        ]
    }

    /// What a cut-off ended reads as revoked everywhere, and takes no write.
    private static func expectEnded(_ session: Session, in world: StoreWorld) async throws {
        let id = session.id
        let revocation = Revocation(at: world.now, by: "x", reason: "r")
        #expect(try await world.store.load(id, at: world.now)?.session.revocation == revocation)
        #expect(try await world.store.touch([Touch(id: id, at: world.now, idle: nil)]) == [.refused(.revoked)])
        #expect(try await world.store.save(.empty, of: id, replacing: 1, at: world.now) == .refused(.revoked))
        let again = try await world.store.revoke(id, by: "y", reason: nil, at: world.now)
        #expect(again.outcome == .alreadyRevoked(revocation))
        #expect(try await world.store.sessions(ofUser: "u", at: world.now).contains(id) == false)
        let row = try #require(try await world.allRows().first { $0.id == id })
        #expect(row.state == .revoked && row.revokedAt == world.now)
        let detail = try #require(try await world.store.detail(id))
        #expect(detail.row == row && detail.revocation == revocation)
    }
}
