import Sessions
import Testing

extension StoreConformance {
    static var sessionClauses: [Clause] {
        [
            Clause("A session is read back as it was written, with the feed's position as its epoch") {
                world async throws in
                var session = world.fresh(user: "zoë", tenant: "t", client: "c", payload: Array(0...255))
                session.ip = "203.0.113.9"
                session.agent = "Mozilla \u{1b}[31m \0 end"
                session.node = "web-03"
                session.payload.keyID = "k1"
                _ = try await world.store.revoke(try await world.issued().id, by: "x", reason: nil, at: world.now)
                try await world.store.insert(session)
                session.epoch = FeedPosition(1)
                let expected = LoadedSession(session: session, standing: .live)
                #expect(try await world.store.load(session.id, at: world.now) == expected)
                #expect(try await world.other.load(session.id, at: world.now) == expected)
            },
            Clause("Empty texts and an empty payload are kept apart from absent ones") { world async throws in
                var session = world.fresh(user: "", tenant: "", payload: [])
                session.agent = ""
                try await world.store.insert(session)
                #expect(try await world.store.load(session.id, at: world.now)?.session == session)
            },
            Clause("A second session under a taken id is refused, and the first is untouched") { world async throws in
                let first = try await world.issued()
                var second = world.fresh(user: "mallory")
                second = Session(id: first.id, user: second.user, created: world.now, lifetime: .aal1)
                await #expect(throws: SessionsError.self) { try await world.other.insert(second) }
                #expect(try await world.store.load(first.id, at: world.now)?.session == first)
            },
            Clause("What isn't there is nil, and every write to it is refused") { world async throws in
                let id = SessionID().hash
                #expect(try await world.store.load(id, at: world.now) == nil)
                #expect(try await world.store.touch([Touch(id: id, at: world.now, idle: nil)]) == [.refused(nil)])
                #expect(try await world.store.save(.empty, of: id, replacing: 1, at: world.now) == .refused(nil))
                #expect(
                    try await world.store.rotate(id, to: world.fresh(), reason: "r", at: world.now) == .refused(nil))
                #expect(try await world.store.revoke(id, by: "x", reason: nil, at: world.now).outcome == .notFound)
                #expect(try await world.store.extend([id], to: .by(.seconds(1)), order: world.order) == [.notFound])
                #expect(try await world.store.detail(id) == nil)
                #expect(try await world.allRows().isEmpty)
            },
            Clause("A session ends at its nearest deadline, to the millisecond") { world async throws in
                for lifetime in [Lifetime.office, .aal1] {
                    let session = try await world.issued(lifetime: lifetime)
                    let end = try #require(session.deadlines.nearest?.moment)
                    #expect(try await world.standing(of: session.id, at: end - .milliseconds(1)) == .live)
                    #expect(try await world.standing(of: session.id, at: end) == .expired)
                }
            },
            Clause("A touch moves the idle deadline later, never earlier, never past the absolute one") {
                world async throws in
                let session = try await world.issued()
                let absolute = try #require(session.deadlines.absolute)
                let later = Deadlines(idle: world.now + .seconds(2400), absolute: absolute)
                #expect(
                    try await world.touch(session.id, after: .seconds(600), idle: .seconds(1800)) == .touched(later))
                #expect(try await world.touch(session.id, after: .seconds(601), idle: .seconds(5)) == .touched(later))
                #expect(try await world.touch(session.id, after: .seconds(602), idle: nil) == .touched(later))
                let most = Deadlines(idle: absolute, absolute: absolute)
                #expect(
                    try await world.touch(session.id, after: .seconds(603), idle: .seconds(1 << 40)) == .touched(most))
            },
            Clause("A touch records when, from where, with what and by whom, and keeps what it doesn't know") {
                world async throws in
                let session = try await world.issued()
                let first = Touch(
                    id: session.id, at: world.now + .seconds(9), idle: nil, ip: "::1", agent: "curl", node: "web-01")
                let second = Touch(id: session.id, at: world.now + .seconds(5), idle: nil, ip: "::2")
                _ = try await world.store.touch([first, second])
                let stored = try #require(try await world.store.load(session.id, at: world.now)).session
                #expect(stored.seen == world.now + .seconds(9))
                #expect([stored.ip, stored.agent, stored.node] == ["::2", "curl", "web-01"])
                #expect(stored.version == 1)
            },
            Clause("A batch of touches answers each in order, whatever became of the others") { world async throws in
                let live = try await world.issued()
                let ended = try await world.issued()
                _ = try await world.store.revoke(ended.id, by: "x", reason: nil, at: world.now)
                let late = try #require(live.deadlines.idle)
                let touches = [
                    (ended.id, world.now), (live.id, world.now), (SessionID().hash, world.now), (live.id, late),
                ]
                let outcomes = try await world.store.touch(touches.map { Touch(id: $0.0, at: $0.1, idle: nil) })
                #expect(
                    outcomes == [.refused(.revoked), .touched(live.deadlines), .refused(nil), .refused(.expired)])
                #expect(try await world.store.touch([]).isEmpty)
            },
            Clause("A save replaces the version that was read, and no other") { world async throws in
                let session = try await world.issued()
                func save(_ byte: UInt8, replacing version: Int64) async throws -> SaveOutcome {
                    try await world.store.save(
                        Payload(keyID: "k2", bytes: [byte]), of: session.id, replacing: version, at: world.now)
                }
                #expect(try await save(7, replacing: 1) == .saved(version: 2))
                #expect(try await save(8, replacing: 1) == .conflict(version: 2))
                #expect(try await save(9, replacing: 3) == .conflict(version: 2))
                let stored = try #require(try await world.other.load(session.id, at: world.now)).session
                #expect(stored.payload == Payload(keyID: "k2", bytes: [7]))
                #expect(stored.version == 2)
            },
            Clause("Nothing is written to an expired session, and a revoke says when it expired") {
                world async throws in
                let session = try await world.issued()
                let end = try #require(session.deadlines.idle)
                #expect(try await world.store.save(.empty, of: session.id, replacing: 1, at: end) == .refused(.expired))
                #expect(
                    try await world.store.rotate(session.id, to: world.fresh(), reason: "r", at: end)
                        == .refused(.expired))
                let order = Order(actor: "a", reason: nil, at: end)
                #expect(
                    try await world.store.extend([session.id], to: .by(.seconds(9)), order: order) == [
                        .refused(.expired)
                    ])
                #expect(try await world.store.load(session.id, at: world.now)?.session == session)
                #expect(try await world.wholeFeed().isEmpty)
                let revoked = try await world.store.revoke(session.id, by: "x", reason: nil, at: end)
                #expect(revoked.outcome == .expired(at: end))
            },
            Clause("A revoke that finds a session expired ends it: by an earlier clock, and for a touch from before") {
                world async throws in
                let (one, two) = (try await world.issued(), try await world.issued())
                let end = try #require(one.deadlines.idle)
                let revoked = try await world.store.revoke(one.id, by: "x", reason: nil, at: end)
                #expect(revoked.outcome == .expired(at: end))
                let order = Order(actor: "a", reason: "INC-1", at: end)
                let receipt = try await world.store.revoke(.sessions([two.id, two.id, one.id]), order: order)
                let words = receipt.outcomes.map(\.outcome.word)
                #expect(words == ["expired", "alreadyRevoked", "alreadyRevoked"])
                for id in [one.id, two.id] {
                    #expect(try await world.standing(of: id) == .revoked)
                    let touched = try await world.touch(id, after: .seconds(1), idle: .seconds(9000))
                    #expect(touched == .refused(.revoked))
                }
                let told = try await world.wholeFeed().map(\.event)
                #expect(told == [.revoked(one.id), .revoked(two.id)] && receipt.position >= revoked.position)
            },
            Clause("A rotation ends the old id and starts the new one, which its own revoke doesn't cut") {
                world async throws in
                let old = try await world.issued()
                let new = world.fresh()
                #expect(try await world.store.rotate(old.id, to: new, reason: "sign-in", at: world.now) == .rotated)
                #expect(try await world.standing(of: old.id) == .revoked)
                let stored = try #require(try await world.store.load(new.id, at: world.now))
                #expect(stored.standing == .live && stored.session.epoch == FeedPosition(1))
                #expect(try await world.wholeFeed().map(\.event) == [.revoked(old.id)])
                let again = try await world.store.rotate(old.id, to: world.fresh(), reason: "r", at: world.now)
                #expect(again == .refused(.revoked))
                #expect(try await world.allRows().count == 2)
            },
            Clause("A rotation to a taken id leaves the old session, the other and the feed as they were") {
                world async throws in
                let old = try await world.issued()
                let taken = try await world.issued(user: "bob")
                let successor = Session(id: taken.id, created: world.now, lifetime: .office)
                await #expect(throws: SessionsError.self) {
                    try await world.store.rotate(old.id, to: successor, reason: "r", at: world.now)
                }
                #expect(try await world.store.load(old.id, at: world.now)?.session == old)
                #expect(try await world.store.load(taken.id, at: world.now)?.session == taken)
                #expect(try await world.wholeFeed().isEmpty)
            },
        ]
    }
}
