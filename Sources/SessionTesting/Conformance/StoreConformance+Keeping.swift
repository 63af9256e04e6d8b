import Sessions
import Testing

extension StoreConformance {
    static var keepingClauses: [Clause] {
        [
            Clause("A node's last report replaces the one before") { world async throws in
                var report = NodeReport(
                    id: "web-01", started: world.now, heartbeat: world.now, applied: .start, lease: .milliseconds(2500))
                for name in Counters.Name.allCases { report.counters[name] = Int64(name.rawValue.utf8.count) }
                try await world.store.publish(report)
                report.status = .draining
                report.applied = FeedPosition(7)
                report.latency = NodeReport.Latency(p50: 120, p99: 4000)
                report.heartbeat = world.now + .seconds(1)
                report.counters[.requests] = .max
                try await world.other.publish(report)
                let another = NodeReport(
                    id: "a", started: world.now, heartbeat: world.now, status: .stopped, applied: .start, lease: .zero)
                try await world.store.publish(another)
                #expect(try await world.store.nodes() == [another, report])
            },
            Clause("Counters are sampled every few seconds, in the order of time, each process apart") {
                world async throws in
                for second in 0..<12 {
                    for (number, id) in ["b", "a"].enumerated() {
                        var report = NodeReport(
                            id: id, started: world.now, heartbeat: world.now + .seconds(second), applied: .start,
                            lease: .seconds(2))
                        report.counters[.served] = Int64(second * 10 + number)
                        try await world.store.publish(report)
                    }
                }
                let samples = try await world.store.samples(since: world.now)
                #expect(samples.filter { $0.node == "a" }.map { $0.counters[.served] } == [1, 51, 101])
                #expect(samples.map(\.at) == samples.map(\.at).sorted())
                #expect(try await world.store.samples(since: world.now + .seconds(10)).count == 2)
                let restarted = world.now + .seconds(12)
                try await world.store.publish(
                    NodeReport(id: "a", started: restarted, heartbeat: restarted, applied: .start, lease: .seconds(2)))
                #expect(try await world.store.samples(since: restarted).map(\.started) == [restarted])
            },
            Clause("The audit log is a chain: every order is in it, once, and the chain verifies") {
                world async throws in
                let session = try await world.issued()
                _ = try await world.store.extend([session.id], to: .by(.seconds(9)), order: world.order)
                _ = try await world.store.revoke(.sessions([session.id]), order: world.order)
                _ = try await world.other.revoke(.user("alice"), order: world.order)
                try await world.store.record(
                    .export, target: "12 sessions", count: 12,
                    order: Order(actor: "ops/mira", reason: nil, at: world.now))
                let log = try await world.store.audit(after: 0, limit: 99)
                #expect(log.map(\.action) == [.extend, .revoke, .revoke, .export])
                #expect(log.map(\.number) == [1, 2, 3, 4])
                #expect(
                    log.map(\.target) == [
                        "s:\(session.id.handle)", "s:\(session.id.handle)", "user:alice", "12 sessions",
                    ])
                #expect(log.map(\.count) == [1, 1, 0, 12])
                #expect(log[1].result == "revoked 1" && log[3].result == "recorded")
                for (index, entry) in log.enumerated() { #expect(entry.follows(index == 0 ? nil : log[index - 1])) }
                #expect(try await world.store.audit(after: 1, limit: 2).map(\.number) == [2, 3])
            },
            Clause("That sessions came back after a revoke is added to the audit log, with the sessions") {
                world async throws in
                let session = try await world.issued()
                let target = "s:\(session.id.handle)"
                _ = try await world.store.revoke(.sessions([session.id]), order: world.order)
                let outcomes = [AuditOutcome(id: session.id, word: "cameBack")]
                try await world.store.record(
                    .revoke, target: target, count: 1, result: "cameBack 1", outcomes: outcomes, order: world.order)
                let log = try await world.other.audit(after: 0, limit: 9)
                #expect(log.map(\.result) == ["revoked 1", "cameBack 1"] && log.map(\.target) == [target, target])
                #expect(log.last?.outcomesDigest == AuditEntry.digest(of: outcomes))
                #expect(log.last?.follows(log.first) == true)
            },
            Clause("What is kept beside an entry of the audit log is what its digest is over, page by page") {
                world async throws in
                var ids: [IDHash] = []
                for user in ["alice", "bob", "alice"] { ids.append(try await world.issued(user: user).id) }
                let store = world.store
                _ = try await store.extend(ids, to: .by(.seconds(9)), order: world.order)
                _ = try await store.revoke(.sessions([ids[1], SessionID().hash]), order: world.order)
                _ = try await store.revoke(.user("alice"), order: world.order)
                _ = try await store.deny([TokenDenial(issuer: "i", tokenID: "t")], order: world.order)
                _ = try await store.revoke(.everyone, order: world.order)
                for entry in try await store.audit(after: 0, limit: 9) {
                    var (kept, place): ([AuditOutcome], Int64?) = ([], nil)
                    repeat {
                        // Some stores keep none, or can't tell them.
                        guard let page = try await world.other.auditOutcomes(of: entry.number, after: place, limit: 2)
                        else { return }
                        kept += page.outcomes
                        place = page.next
                    } while place != nil
                    #expect(AuditEntry.digest(of: kept) == entry.outcomesDigest)
                }
            },
            Clause("A service's own writes are not the operators': the audit log stays empty") { world async throws in
                let session = try await world.issued()
                _ = try await world.store.revoke(session.id, by: "sign-out", reason: nil, at: world.now)
                _ = try await world.store.cutOff(.everyone, by: "x", reason: nil, at: world.now)
                #expect(try await world.store.audit(after: 0, limit: 9).isEmpty)
            },
            Clause("A row goes at its absolute deadline, a revoked one not before its tombstone's time") {
                world async throws in
                let plain = try await world.issued()
                let absolute = try #require(plain.deadlines.absolute)
                let revoked = try await world.issued(user: "r")
                let cut = try await world.issued(user: "c")
                let eternal = try await world.issued(lifetime: .aal1)
                let end = absolute - .seconds(1)
                for id in [plain.id, revoked.id, cut.id] {
                    _ = try await world.store.touch(idling(id, from: world.now, until: absolute))
                }
                _ = try await world.store.revoke(revoked.id, by: "x", reason: nil, at: end)
                _ = try await world.store.cutOff(.user("c"), by: "x", reason: nil, at: end)
                let retention = Retention()
                func left(at moment: Timestamp) async throws -> Set<IDHash> {
                    _ = try await world.store.purge(retention, at: moment)
                    return Set(try await world.allRows().map(\.id))
                }
                let tombstones: Set = [revoked.id, cut.id, eternal.id]
                #expect(try await left(at: end) == tombstones.union([plain.id]))
                #expect(try await left(at: absolute) == tombstones)
                #expect(try await left(at: end + retention.tombstone - .milliseconds(1)) == tombstones)
                #expect(try await left(at: end + retention.tombstone) == [eternal.id])
                #expect(try await world.standing(of: revoked.id) == nil)
            },
            Clause("A purge says how many sessions it removed, however many steps it took") { world async throws in
                for _ in 0..<1203 { try await world.issued() }
                let kept = try await world.issued(lifetime: .aal1)
                #expect(try await world.store.purge(Retention(), at: world.now + .seconds(8 * 3600)) == 1203)
                #expect(try await world.allRows().map(\.id) == [kept.id])
                #expect(try await world.store.purge(Retention(), at: world.now + .seconds(8 * 3600)) == 0)
            },
            Clause("A purge forgets a cut-off when it is old and no session of before it is left, and not earlier") {
                world async throws in
                let held = try await world.issued(user: "h", tenant: "t", lifetime: .aal1)
                try await world.issued(user: "b", client: "c")
                var endless = world.fresh(user: "e")
                endless.deadlines = Deadlines(idle: nil, absolute: nil)
                try await world.store.insert(endless)
                let ended = [held.id, endless.id]
                let gone: [CutoffScope] = [.user("b"), .client("c"), .user("nobody")]
                let kept: [CutoffScope] = [.user("h"), .tenant("t"), .user("e"), .everyone]
                for scope in gone + kept {
                    _ = try await world.store.cutOff(scope, by: "x", reason: nil, at: world.now)
                }
                let later = try await world.issued(user: "b", tenant: "t", client: "c", lifetime: .aal1)
                let retention = Retention()
                func left(at moment: Timestamp) async throws -> [CutoffScope] {
                    _ = try await world.store.purge(retention, at: moment)
                    for id in ended {
                        let standing = try await world.standing(of: id, at: moment)
                        #expect(standing != .live)
                        let touched = try await world.touch(id, after: moment - world.now, idle: nil)
                        #expect(touched == .refused(standing))
                    }
                    return try await world.other.cutoffs().cutoffs.map(\.scope)
                }
                let end = world.now + retention.cutoff
                #expect(try await left(at: end) == gone + kept)
                #expect(try await left(at: end + .milliseconds(1)) == (world.forgetsCutoffs ? kept : gone + kept))
                #expect(try await world.standing(of: held.id, at: end) == .revoked)
                #expect(try await world.standing(of: later.id, at: end) == .live)
                // All with a deadline are gone by then; one without holds on to whatever covers it.
                let over = try #require(later.deadlines.absolute) + .seconds(1)
                let last: [CutoffScope] = [.user("e"), .everyone]
                #expect(try await left(at: over) == (world.forgetsCutoffs ? last : gone + kept))
                #expect(try await world.standing(of: held.id, at: over) == nil)
                #expect(try await world.standing(of: ended[1], at: over) == .revoked)
            },
            Clause("A cut-off that a purge has forgotten leaves the next ones of its scope to end what is theirs") {
                world async throws in
                _ = try await world.store.cutOff(.tenant("t"), by: "x", reason: nil, at: world.now)
                let between = try await world.issued(tenant: "t", lifetime: .aal1)
                let end = world.now + Retention().cutoff + .seconds(1)
                _ = try await world.store.purge(Retention(), at: end)
                #expect(try await world.store.cutoffs().cutoffs.isEmpty == world.forgetsCutoffs)
                #expect(try await world.standing(of: between.id, at: end) == .live)
                #expect(try await world.allRows().map(\.state) == [.live])
                let second = try await world.other.cutOff(.tenant("t"), by: "y", reason: nil, at: end)
                let third = try await world.store.cutOff(.tenant("t"), by: "z", reason: nil, at: end)
                #expect(try await world.store.cutoffs().cutoffs == [third])
                #expect(second.epoch == FeedPosition(2) && third.epoch == FeedPosition(3))
                for store in [world.store, world.other] {
                    let loaded = try #require(try await store.load(between.id, at: end))
                    #expect(loaded.standing == .revoked && loaded.session.revocation?.by == "y")
                }
                #expect(try await world.allRows().map(\.state) == [.revoked])
            },
            Clause("A purge forgets nodes that it found silent for long by its own clock, and no other") {
                world async throws in
                // The clock of `ahead` is a day ahead, that of `behind` a day behind, and that of whoever purges is anything.
                func publish(_ id: String, _ skew: Int) async throws {
                    try await world.store.publish(
                        NodeReport(
                            id: id, started: world.now, heartbeat: world.now + .seconds(skew), applied: .start,
                            lease: .seconds(2)))
                }
                func left(skew: Int) async throws -> [String] {
                    _ = try await world.store.purge(Retention(), at: world.now + .seconds(skew))
                    return try await world.other.nodes().map(\.id)
                }
                for (id, skew) in [("ahead", 86_400), ("behind", -86_400), ("gone", 0)] { try await publish(id, skew) }
                for skew in [0, 1_000_000, -1_000_000] {
                    #expect(try await left(skew: skew) == ["ahead", "behind", "gone"])
                }
                world.time.leap(by: .seconds(1800))
                try await publish("behind", -84_600)
                #expect(try await left(skew: 1_000_000) == ["ahead", "behind", "gone"])
                world.time.leap(by: .seconds(1801))
                #expect(try await left(skew: -1_000_000) == ["behind"])
                try await publish("gone", 1)
                #expect(try await left(skew: 1_000_000) == ["behind", "gone"])
                world.time.leap(by: .seconds(1801))
                #expect(try await left(skew: 0) == ["gone"])
            },
        ]
    }

    /// Touches that keep a session from idling out until a moment.
    private static func idling(_ id: IDHash, from start: Timestamp, until end: Timestamp) -> [Touch] {
        let steps = Int((end - start).inSeconds / 900)
        return (0...steps).map { Touch(id: id, at: start + .seconds(900 * $0), idle: .seconds(1800)) }
    }
}
