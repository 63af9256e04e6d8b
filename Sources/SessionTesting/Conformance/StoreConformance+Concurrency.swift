import Sessions
import Testing

extension StoreConformance {
    static var concurrencyClauses: [Clause] {
        [
            Clause("Of many savers exactly one wins each version, and versions only rise") { world async throws in
                let session = try await world.issued()
                let wins = try await gather(8) { worker async throws in
                    var wins: [Int64] = []
                    for _ in 0..<25 {
                        let store = worker % 2 == 0 ? world.store : world.other
                        guard let loaded = try await store.load(session.id, at: world.now) else { continue }
                        let outcome = try await store.save(
                            Payload(bytes: [UInt8(worker)]), of: session.id, replacing: loaded.session.version,
                            at: world.now)
                        if case .saved(let version) = outcome { wins.append(version) }
                    }
                    #expect(wins == wins.sorted())
                    return wins
                }
                let versions = wins.flatMap(\.self).sorted()
                #expect(!versions.isEmpty && versions == (2..<Int64(2 + versions.count)).map { $0 })
            },
            Clause("No session is live again after its revoke, whatever savers, touchers and rotators do") {
                world async throws in
                for _ in 0..<10 {
                    let session = try await world.issued()
                    _ = try await gather(6) { worker async throws in
                        let store = worker % 2 == 0 ? world.store : world.other
                        if worker == 0 {
                            _ = try await store.revoke(session.id, by: "x", reason: nil, at: world.now)
                            #expect(try await world.other.load(session.id, at: world.now)?.standing == .revoked)
                            return
                        }
                        var hasEnded = false
                        for round in 1...8 {
                            hasEnded = try await write(session.id, round, to: store, world) || hasEnded
                            if hasEnded {
                                #expect(try await store.load(session.id, at: world.now)?.standing == .revoked)
                            }
                        }
                    }
                    #expect(try await world.standing(of: session.id) == .revoked)
                }
                #expect(try await world.wholeFeed().count == 10)
            },
            Clause("Of many revokes of one session exactly one ends it") { world async throws in
                let session = try await world.issued()
                let outcomes = try await gather(12) { worker async throws in
                    try await (worker % 2 == 0 ? world.store : world.other)
                        .revoke(session.id, by: "\(worker)", reason: nil, at: world.now).outcome
                }
                let winners = outcomes.indices.filter { outcomes[$0] == .revoked }
                let winner = try #require(winners.first)
                #expect(winners.count == 1)
                let already = RevokeOutcome.alreadyRevoked(Revocation(at: world.now, by: "\(winner)", reason: nil))
                #expect(outcomes.filter { $0 == already }.count == 11)
            },
            Clause("Of many inserts of one id exactly one succeeds") { world async throws in
                let session = world.fresh()
                let successes = try await gather(8) { worker async throws in
                    do {
                        try await (worker % 2 == 0 ? world.store : world.other).insert(session)
                        return 1
                    } catch let error as SessionsError {
                        #expect(error.code == .idExists)
                        return 0
                    }
                }
                #expect(successes.reduce(0, +) == 1)
            },
            Clause("Whoever follows the feed while others write sees every entry once, in order") {
                world async throws in
                let perWorker = 15
                let writers = 4
                let seen = try await gather(writers + 1) { worker async throws in
                    guard worker == writers else {
                        for _ in 0..<perWorker { try await endOne(worker % 2 == 0 ? world.store : world.other, world) }
                        return [Int64]()
                    }
                    var seen: [Int64] = []
                    while seen.count < writers * perWorker {
                        let page = try await world.other.feed(after: FeedPosition(seen.last ?? 0), limit: 4)
                        seen += page.entries.map(\.position.value)
                        await Task.yield()
                    }
                    return seen
                }
                #expect(seen.last == (1...Int64(writers * perWorker)).map { $0 })
            },
            Clause("Orders that come together stand in one chain without a gap") { world async throws in
                _ = try await gather(10) { worker async throws in
                    let store = worker % 2 == 0 ? world.store : world.other
                    try await store.record(.export, target: "\(worker)", count: 1, order: world.order)
                }
                let log = try await world.store.audit(after: 0, limit: 99)
                #expect(log.count == 10 && Set(log.map(\.target)).count == 10)
                for (index, entry) in log.enumerated() { #expect(entry.follows(index == 0 ? nil : log[index - 1])) }
            },
            Clause("A session that is issued while its user is cut off is ended by the cut-off or issued after it") {
                world async throws in
                for _ in 0..<10 {
                    let session = world.fresh()
                    let results = try await gather(2) { worker async throws in
                        if worker == 0 {
                            try await world.store.insert(session)
                            return FeedPosition.start
                        }
                        return try await world.other.cutOff(.user("alice"), by: "x", reason: nil, at: world.now).epoch
                    }
                    let loaded = try #require(try await world.store.load(session.id, at: world.now))
                    #expect((loaded.standing == .live) == (loaded.session.epoch >= results[1]))
                }
            },
            Clause(
                "Of a session that is renewed while its user, tenant, client or everyone is cut off nothing is live then"
            ) {
                world async throws in
                let scopes: [CutoffScope] = [.user("alice"), .tenant("t"), .client("c"), .everyone]
                for round in 0..<40 {
                    let scope = scopes[round % scopes.count]
                    let session = try await world.issued(tenant: "t", client: "c")
                    let successor = world.fresh(tenant: "t", client: "c")
                    _ = try await gather(2) { worker async throws in
                        guard worker == 0 else {
                            _ = try await world.other.cutOff(scope, by: "x", reason: nil, at: world.now)
                            return
                        }
                        _ = try await world.store.rotate(session.id, to: successor, reason: "renewal", at: world.now)
                    }
                    #expect(try await world.standing(of: session.id) == .revoked, "\(scope)")
                    #expect(try await world.standing(of: successor.id) != .live, "\(scope)")
                }
            },
        ]
    }

    /// One write of some kind; answers whether it was refused.
    private static func write(
        _ id: IDHash, _ round: Int, to store: StoreFixture.Store, _ world: StoreWorld
    ) async throws -> Bool {
        switch round % 3 {
        case 0:
            let touch = Touch(id: id, at: world.now, idle: .seconds(1800), node: "n")
            return try await store.touch([touch]) == [.refused(.revoked)]
        case 1:
            let version = try await store.load(id, at: world.now)?.session.version ?? 0
            return try await store.save(.empty, of: id, replacing: version, at: world.now) == .refused(.revoked)
        default:
            let outcomes = try await store.extend([id], to: .by(.seconds(60)), order: world.order)
            return outcomes == [.refused(.revoked)]
        }
    }

    private static func endOne(_ store: StoreFixture.Store, _ world: StoreWorld) async throws {
        let session = world.fresh()
        try await store.insert(session)
        _ = try await store.revoke(session.id, by: "x", reason: nil, at: world.now)
    }
}
