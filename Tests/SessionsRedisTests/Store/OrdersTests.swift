import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite(.oneRedis) struct OrdersTests {
    private let now = OneRedis.time.wall()
    private var order: Order { Order(actor: "ops/mira", reason: "INC-1", at: now) }

    private func insert(_ count: Int, _ store: RedisStore) async throws -> [IDHash] {
        var ids: [IDHash] = []
        for number in 0..<count {
            let session = freshSession(user: number.isMultiple(of: 2) ? "u" : "v")
            try await store.insert(session)
            ids.append(session.id)
        }
        return ids
    }

    /// What stands beside an entry.
    private func outcomes(_ entry: Int, _ store: RedisStore) async throws -> [AuditOutcome] {
        let kept = try await store.ask("LRANGE", "sessions:default:outcomes:\(entry)", "0", "-1")
        return try (kept.elements ?? []).compactMap(\.bytes).flatMap(AuditOutcome.unpack)
    }

    @Test("Outcomes that differ stand in the order in which the sessions were named, each session's own")
    func mixedOutcomes() async throws {
        try await OneRedis.withStore { store, _ in
            let (ids, other) = (try await insert(6, store), SessionID().hash)
            _ = try await store.revoke(ids[2], by: "x", reason: nil, at: now)
            let receipt = try await store.revoke(
                .sessions([ids[0], ids[1], ids[2], other, ids[3], ids[3], ids[4]]), order: order)
            let words = ["revoked", "revoked", "alreadyRevoked", "notFound", "revoked", "alreadyRevoked", "revoked"]
            #expect(receipt.outcomes.map(\.outcome.word) == words)
            #expect(receipt.outcomes.map(\.user) == ["u", "v", "u", nil, "v", "v", "u"])
            #expect(try await outcomes(1, store) == receipt.outcomes.map { .init(id: $0.id, word: $0.outcome.word) })
            #expect(try await store.ask("LLEN", "sessions:default:outcomes:1").integer == 6)
        }
    }

    @Test("An order for more sessions than one step takes has one entry, and every outcome beside it")
    func manySessions() async throws {
        try await OneRedis.withStore { store, _ in
            let ids = try await insert(1203, store)
            let extended = try await store.extend(ids, to: .by(.seconds(60)), order: order)
            #expect(extended.count == 1203 && extended.allSatisfy { $0.word == "extended" })
            let receipt = try await store.revoke(.sessions(ids), order: order)
            #expect(receipt.outcomes.map(\.id) == ids && receipt.outcomes.allSatisfy { $0.outcome == .revoked })
            let log = try await store.audit(after: 0, limit: 9)
            #expect(log.map(\.result) == ["extended 1203", "revoked 1203"])
            #expect(log[1].outcomesDigest == AuditEntry.digest(of: ids.map { AuditOutcome(id: $0, word: "revoked") }))
            #expect(try await outcomes(2, store) == ids.map { AuditOutcome(id: $0, word: "revoked") })
            #expect(try await store.ask("EXISTS", "sessions:default:open").integer == 0)
        }
    }

    @Test("An order's position is the latest of its steps', in whichever order the server takes them")
    func stepsOutOfOrder() async throws {
        func ended(_ count: Int, _ position: Int64) -> ScriptedExecutor.Answer {
            ScriptedExecutor.packed {
                $0.add(position)
                $0.add(String(repeating: "l", count: count))
                for _ in 0..<count { $0.addNothing() }
            }
        }
        // It has forgotten the script, and learns it between the two steps: the first is taken after the second.
        let unknown = RedisError(kind: "NOSCRIPT", message: "No matching script. Please use EVAL.")
        let executor = ScriptedExecutor(
            ScriptedExecutor.opening + [
                [.failure(unknown), ended(1, 10)], [ended(250, 20)], [ScriptedExecutor.packed { $0.add("d") }],
            ])
        let store = try await executor.store()
        let receipt = try await store.revoke(.sessions((0..<251).map { _ in SessionID().hash }), order: order)
        #expect(receipt.outcomes.count == 251 && receipt.position == FeedPosition(20))
        #expect(executor.left == 0)
    }

    @Test("Where the log is gone while an entry is on its way, the entry is the first of another")
    func lostLog() async throws {
        let last = AuditEntry(
            number: 5, at: now, actor: "x", action: .export, target: "t", count: 0, result: "done", reason: nil,
            outcomesDigest: AuditEntry.digest(of: []), previous: IDHash(hashing: [1]).bytes)
        func end(_ count: Int64, _ last: AuditEntry?) -> ScriptedExecutor.Answer {
            ScriptedExecutor.packed {
                $0.add("n")
                $0.add(count)
                if let last { $0.add(last.packed) } else { $0.addNothing() }
            }
        }
        let executor = ScriptedExecutor(
            ScriptedExecutor.opening + [[end(5, last)], [end(0, nil)], [ScriptedExecutor.packed { $0.add("d") }]])
        let store = try await executor.store()
        try await store.record(.export, target: "t", count: 0, order: order)
        let entries = try executor.asked.suffix(2).map { command in
            var arguments = try PackedReader(command.words.last ?? [])
            _ = try arguments.integer()
            return try AuditEntry(try arguments.data())
        }
        #expect(entries.map(\.number) == [6, 1])
        #expect(entries[0].follows(last) && entries[1].follows(nil))
        #expect(executor.left == 0)
    }

    @Test("Revoking everyone ends them at once, and lists them in the order in which they came")
    func everyone() async throws {
        try await OneRedis.withStore { store, _ in
            let ids = try await insert(1203, store)
            _ = try await store.cutOff(.user("u"), by: "x", reason: nil, at: now)
            let receipt = try await store.revoke(.everyone, order: order)
            #expect(receipt.outcomes.map(\.id) == ids.indices.filter { !$0.isMultiple(of: 2) }.map { ids[$0] })
            #expect(receipt.outcomes.allSatisfy { $0.user == "v" })
            #expect(try await store.statistics(at: now).revoked == 1203)
            #expect(try await outcomes(1, store).count == 601)
        }
    }

    @Test("An order whose giver died before the audit log had its entry gets it from a purge")
    func interrupted() async throws {
        try await OneRedis.withStore { store, _ in
            let ids = try await insert(3, store)
            let ticket = OrderTicket(.revoke, target: "3 sessions", order: order)
            let revocation = Revocation(at: now, by: order.actor, reason: order.reason)
            _ = try await store.end(ids.prefix(2), revocation, ticket: ticket)
            _ = try await store.purge(Retention(), at: now + .seconds(3599))
            #expect(try await store.audit(after: 0, limit: 9).isEmpty)
            for _ in 0..<2 { _ = try await store.purge(Retention(), at: now + .seconds(3600)) }
            let log = try await store.audit(after: 0, limit: 9)
            let entry = try #require(log.first)
            #expect(log.count == 1 && entry.follows(nil))
            #expect(entry.target == "3 sessions" && entry.actor == "ops/mira" && entry.count == 2)
            #expect(entry.result.hasPrefix("revoked 2; interrupted"))
            // Who was only slow, and not dead, adds no second entry.
            try await store.close(ticket, [])
            #expect(try await store.audit(after: 0, limit: 9).count == 1)
        }
    }

    @Test("Many orders at once make one chain, with the outcomes of each beside its entry")
    func concurrentOrders() async throws {
        try await OneRedis.withStore { store, _ in
            let ids = try await insert(40, store)
            try await withThrowingTaskGroup { group in
                for id in ids { group.addTask { _ = try await store.revoke(.sessions([id]), order: order) } }
                try await group.waitForAll()
            }
            let log = try await store.audit(after: 0, limit: 99)
            #expect(log.count == 40)
            for (index, entry) in log.enumerated() {
                #expect(entry.follows(index == 0 ? nil : log[index - 1]))
                #expect(AuditEntry.digest(of: try await outcomes(index + 1, store)) == entry.outcomesDigest)
            }
        }
    }
}
