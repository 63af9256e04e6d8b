import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// What is special about sessions in Redis.
@Suite(.oneRedis) struct KeepingTests {
    private let now = OneRedis.time.wall()
    private var order: Order { Order(actor: "ops/mira", reason: "INC-1", at: now) }

    private func life(_ key: [UInt8], _ store: RedisStore) async throws -> Int64 {
        try #require(try await store.executor.send(RedisCommand(words: [.word("PTTL"), key])).integer)
    }

    @Test("A session's keys run out by themselves when its longest life and the tombstone's time are over")
    func lives() async throws {
        try await OneRedis.withStore { store, _ in
            let session = freshSession()
            try await store.insert(session)
            let most = (Duration.seconds(8 * 3600) + Retention().tombstone).wholeMilliseconds
            func expectLife() async throws {
                for key in [store.keys.row(session.id), store.keys.payload(session.id), store.keys.user("alice")] {
                    let life = try await life(key, store)
                    #expect((most - 60_000...most).contains(life))
                }
            }
            try await expectLife()
            _ = try await store.touch([Touch(id: session.id, at: now, idle: .seconds(9))])
            _ = try await store.save(.empty, of: session.id, replacing: 1, at: now)
            _ = try await store.revoke(session.id, by: "x", reason: nil, at: now)
            try await expectLife()
        }
    }

    @Test("What a newer version tells in the feed is passed over, and what comes after it is read")
    func unknownKind() async throws {
        try await OneRedis.withStore { store, _ in
            var entry = PackedWriter()
            entry.add("later")
            entry.add(now)
            _ = try await store.executor.send(
                RedisCommand(words: [.word("RPUSH"), store.keys.own("feed"), entry.bytes]))
            _ = try await store.executor.send(
                RedisCommand(words: [.word("HSET"), store.keys.own("meta"), .word("feedEnd"), .word("1")]))
            let denial = TokenDenial(issuer: "i", tokenID: "j")
            _ = try await store.deny([denial], at: now)
            let page = try await store.feed(after: .start, limit: 9)
            #expect(page.entries.map(\.event) == [.unknown, .denied(denial)])
            #expect(page.entries.map(\.position.value) == [1, 2] && page.end == FeedPosition(2))
        }
    }

    @Test("After a position that no feed reaches there is nothing")
    func farPosition() async throws {
        try await OneRedis.withStore { store, _ in
            _ = try await store.deny([TokenDenial(issuer: "i", tokenID: "j")], at: now)
            let page = try await store.feed(after: FeedPosition(.max), limit: 9)
            #expect(page.entries.isEmpty && page.end == FeedPosition(1))
        }
    }

    @Test("A cut-off that an older version told has the time of its entry")
    func olderCutoff() async throws {
        try await OneRedis.withStore { store, _ in
            var entry = PackedWriter()
            entry.add("c")
            entry.add(now)
            for word in ["tenant", "t"] { entry.add(word) }
            _ = try await store.executor.send(
                RedisCommand(words: [.word("RPUSH"), store.keys.own("feed"), entry.bytes]))
            _ = try await store.executor.send(
                RedisCommand(words: [.word("HSET"), store.keys.own("meta"), .word("feedEnd"), .word("1")]))
            // The clock of whoever comes next is behind.
            let second = try await store.cutOff(.tenant("t"), by: "x", reason: nil, at: now - .seconds(9))
            let entries = try await store.feed(after: .start, limit: 9).entries
            let first = Cutoff(scope: .tenant("t"), notBefore: now, epoch: FeedPosition(1))
            #expect(entries.map(\.event) == [.cutoff(first), .cutoff(second)])
            #expect(entries.map(\.at) == [now, now] && second.notBefore == now - .seconds(9))
        }
    }

    @Test("A node that reports again while it is being forgotten stays")
    func returningNode() async throws {
        try await OneRedis.withStore { store, _ in
            let last = NodeReport(id: "n", started: now, heartbeat: now, applied: .start, lease: .seconds(2))
            var next = last
            next.heartbeat = now + .seconds(1)
            try await store.publish(next)
            try await store.removeNodes([last])
            #expect(try await store.nodes() == [next])
            try await store.removeNodes([next])
            #expect(try await store.nodes().isEmpty)
        }
    }

    @Test("Where no node is known, as after a restart that lost all, a revoke takes the usual lease")
    func lostNodes() async throws {
        try await OneRedis.withStore { store, _ in
            let id = SessionID().hash
            let position = try await store.revoke(id, by: "x", reason: nil, at: now).position
            #expect(try await store.checkedNodes(upTo: position).map(\.lease) == [.seconds(2)])
            try await store.publish(
                NodeReport(id: "n", started: now, heartbeat: now, applied: .start, lease: .seconds(2)))
            #expect(try await store.checkedNodes(upTo: position).map(\.id) == ["n"])
        }
    }

    @Test("A user is known as long as the longest of their sessions")
    func livesOfUsers() async throws {
        try await OneRedis.withStore { store, _ in
            try await store.insert(freshSession(.aal1))
            try await store.insert(freshSession(.highValue))
            let month = Duration.seconds(30 * 86_400).wholeMilliseconds
            #expect(try await life(store.keys.user("alice"), store) > month)
            var endless = freshSession()
            endless.deadlines = Deadlines(idle: nil, absolute: nil)
            try await store.insert(endless)
            try await store.insert(freshSession(.highValue))
            #expect(try await life(store.keys.user("alice"), store) == -1)
            #expect(try await life(store.keys.row(endless.id), store) == -1)
        }
    }

    @Test("What has run out or was evicted is listed nowhere, and a purge forgets it")
    func goneKeys() async throws {
        try await OneRedis.withStore { store, _ in
            let (gone, kept) = (freshSession(), freshSession(.aal1))
            try await store.insert(gone)
            try await store.insert(kept)
            let position = try await store.changePosition()
            _ = try await store.executor.send(RedisCommand(words: [.word("DEL"), store.keys.row(gone.id)]))
            #expect(try await store.load(gone.id, at: now) == nil)
            #expect(try await store.rows(after: nil, limit: 9).rows.map(\.id) == [kept.id])
            #expect(try await store.sessions(ofUser: "alice", at: now) == [kept.id])
            #expect(try await store.statistics(at: now).sessions == 1)
            let receipt = try await store.revoke(.user("alice"), order: order)
            #expect(receipt.outcomes.map(\.id) == [kept.id])
            _ = try await store.purge(Retention(), at: now + .seconds(9 * 3600))
            #expect(try await store.ask("ZCARD", "sessions:default:ids").integer == 1)
            let changes = try await store.changes(after: position, limit: 9)
            #expect(changes.mustReload || changes.removed == [gone.id])
        }
    }

    @Test("A session whose payload was evicted is as good as gone, and is still listed and revoked")
    func gonePayload() async throws {
        try await OneRedis.withStore { store, _ in
            let session = freshSession()
            try await store.insert(session)
            _ = try await store.executor.send(RedisCommand(words: [.word("DEL"), store.keys.payload(session.id)]))
            #expect(try await store.load(session.id, at: now) == nil)
            #expect(try await store.detail(session.id)?.payload == nil)
            #expect(try await store.revoke(session.id, by: "x", reason: nil, at: now).outcome == .revoked)
        }
    }

    @Test("A payload of any size comes back as it was", arguments: [0, 31, 255, 256, 65_536, 1_000_000])
    func payloads(size: Int) async throws {
        try await OneRedis.withStore { store, _ in
            let session = freshSession(payload: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) })
            try await store.insert(session)
            #expect(try await store.load(session.id, at: now)?.session.payload == session.payload)
            let more = Payload(keyID: "k", bytes: session.payload.bytes + [0xc1])
            #expect(try await store.save(more, of: session.id, replacing: 1, at: now) == .saved(version: 2))
            #expect(try await store.load(session.id, at: now)?.session.payload == more)
            #expect(try await store.rows(after: nil, limit: 1).rows.first?.byteCount == size + 1)
        }
    }

    @Test("The changes of a hundred thousand sessions are kept, and who is further behind reads all again")
    func manyChanges() async throws {
        try await OneRedis.withStore { store, _ in
            let position = try await store.changePosition()
            try await store.insert(freshSession())
            let fill = """
                for i = 1, 100010 do
                    redis.call('ZADD', 'sessions:default:changes', i + 1, struct.pack('>I4', i) .. string.rep('x', 28))
                end
                redis.call('HSET', 'sessions:default:meta', 'changeEnd', 100011)
                """
            try await store.ask("EVAL", fill, "0")
            let last = try await store.changePosition()
            let session = freshSession()
            try await store.insert(session)
            #expect(try await store.ask("ZCARD", "sessions:default:changes").integer == 100_000)
            #expect(try await store.changes(after: position, limit: 9).mustReload)
            let changes = try await store.changes(after: last, limit: 9)
            #expect(changes.rows.map(\.id) == [session.id] && !changes.mustReload)
        }
    }

    @Test("What one step changed comes in pages of any size, each session once", arguments: [1, 7, 250, 2000])
    func pagesOfChanges(limit: Int) async throws {
        try await OneRedis.withStore { store, _ in
            let sessions = (0..<700).map { _ in freshSession() }
            for session in sessions { try await store.insert(session) }
            var position = try await store.changePosition()
            // One of them twice, and one once more in a step of its own.
            let touches = (sessions + [sessions[3]]).map { Touch(id: $0.id, at: now, idle: .seconds(60), node: "n") }
            _ = try await store.touch(touches)
            _ = try await store.touch([touches[5]])
            var (found, hasMore) = ([IDHash](), true)
            while hasMore {
                let page = try await store.changes(after: position, limit: limit)
                #expect(page.rows.count <= limit && !page.mustReload)
                found += page.rows.map(\.id)
                (position, hasMore) = (page.position, page.hasMore)
            }
            #expect(Set(found) == Set(sessions.map(\.id)) && (700...702).contains(found.count))
            #expect(position == (try await store.changePosition()))
        }
    }

    @Test("A server that lost its scripts learns them again, and one that goes away is told of")
    func restarts() async throws {
        try await SessionTesting.RedisServer.with { server in
            let store = try await RedisStore.open(try RedisConfiguration(url: server.url), mode: .create)
            let session = Session(id: SessionID().hash, created: TimeSource.system.wall(), lifetime: .office)
            try await store.insert(session)
            try await store.ask("SCRIPT", "FLUSH")
            #expect(try await store.load(session.id, at: session.created)?.standing == .live)
            try await server.process.end()
            let error = await #expect(throws: SessionsError.self) {
                _ = try await store.load(session.id, at: session.created)
            }
            #expect(error?.code == .unavailable)
            await store.shutDown()
        }
    }

    @Test("A server that has reached its maxmemory takes no new session; it is opened, ends sessions and is purged")
    func full() async throws {
        try await SessionTesting.RedisServer.with { server in
            let configuration = try RedisConfiguration(url: server.url)
            let first = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            let sessions = ["a", "b", "c", "d"].map { freshSession(user: $0) }
            for session in sessions { try await first.insert(session) }
            await first.shutDown()
            let ids = sessions.map(\.id)
            try await server.cli("CONFIG", "SET", "maxmemory", "1")
            let store = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            let error = await #expect(throws: SessionsError.self) { try await store.insert(freshSession()) }
            #expect(error?.code == .storeFull)
            #expect(try await store.revoke(ids[0], by: "x", reason: nil, at: now).outcome == .revoked)
            #expect(try await store.revoke(.sessions([ids[1]]), order: order).outcomes.map(\.outcome) == [.revoked])
            #expect(try await store.revoke(.user("c"), order: order).outcomes.map(\.id) == [ids[2]])
            #expect(try await store.revoke(.everyone, order: order).outcomes.map(\.id) == [ids[3]])
            _ = try await store.deny([TokenDenial(issuer: "i", tokenID: "j")], order: order)
            #expect(try await store.audit(after: 0, limit: 9).count == 4)
            let later = now + .seconds(90_000)
            #expect(try await store.purge(Retention(), at: later) == 4)
            #expect(try await store.feed(after: .start, limit: 9).entries.isEmpty)
            await store.shutDown()
        }
    }

    @Test("A server that forgot everything begins anew, and whoever followed is told")
    func forgets() async throws {
        try await OneRedis.withStore { store, configuration in
            let session = freshSession()
            try await store.insert(session)
            _ = try await store.cutOff(.everyone, by: "x", reason: nil, at: now)
            let position = try await store.changePosition()
            #expect(try await store.rows(after: nil, limit: 9).rows.map(\.state) == [.revoked])
            try await store.ask("FLUSHDB")
            #expect(try await store.load(session.id, at: now) == nil)
            #expect(try await store.save(.empty, of: session.id, replacing: 1, at: now) == .refused(nil))
            #expect(try await store.feed(after: FeedPosition(1), limit: 9).end == .start)
            #expect(try await store.changes(after: position, limit: 9).mustReload)
            let next = freshSession()
            try await store.insert(next)
            #expect(try await store.rows(after: nil, limit: 9).rows.map(\.state) == [.live])
            let other = try await RedisStore.open(configuration, mode: .existing, time: OneRedis.time)
            #expect(try await other.load(next.id, at: now)?.standing == .live)
            await other.shutDown()
        }
    }

    @Test("Rows are judged by the cut-offs of the present, also where it has come as far as the past that is lost")
    func otherPast() async throws {
        try await OneRedis.withStore { store, _ in
            func insert(tenant: String) async throws {
                try await store.insert(
                    Session(id: SessionID().hash, user: "alice", tenant: tenant, created: now, lifetime: .office))
            }
            func expect(_ state: SessionState) async throws {
                #expect(try await store.rows(after: nil, limit: 9).rows.map(\.state) == [state])
                let alive = try await store.sessions(ofUser: "alice", at: now)
                #expect(alive.isEmpty == (state == .revoked))
            }
            try await insert(tenant: "t")
            _ = try await store.cutOff(.tenant("t"), by: "x", reason: nil, at: now)
            try await expect(.revoked)
            try await store.ask("FLUSHDB")
            try await insert(tenant: "t")
            _ = try await store.cutOff(.tenant("other"), by: "x", reason: nil, at: now)
            try await expect(.live)
        }
    }

    @Test("Of very many cut-offs of one scope the latest are kept, and the oldest session stays ended")
    func manyCutoffs() async throws {
        try await OneRedis.withStore { store, _ in
            let oldest = freshSession()
            try await store.insert(oldest)
            for number in 1...102 {
                _ = try await store.cutOff(.everyone, by: "\(number)", reason: nil, at: now + .milliseconds(number))
            }
            let newest = freshSession()
            try await store.insert(newest)
            let loaded = try #require(try await store.load(oldest.id, at: now))
            #expect(loaded.standing == .revoked && loaded.session.revocation?.by == "3")
            #expect(try await store.load(newest.id, at: now)?.standing == .live)
            let rows = try await store.rows(after: nil, limit: 9).rows
            #expect(rows.first { $0.id == oldest.id }?.revokedAt == now + .milliseconds(3))
            #expect(try await store.cutoffs().cutoffs.map(\.epoch.value) == [102])
        }
    }

    @Test("A key of ours that holds something else is told of, and its words are not")
    func damagedKeys() async throws {
        try await OneRedis.withStore { store, _ in
            let session = freshSession()
            try await store.insert(session)
            let key = store.keys.row(session.id)
            _ = try await store.executor.send(RedisCommand(words: [.word("SET"), key, .word("nonsense")]))
            await #expect(throws: SessionsError.self) { try await store.load(session.id, at: now) }
            await #expect(throws: SessionsError.self) { try await store.rows(after: nil, limit: 9) }
            _ = try await store.executor.send(RedisCommand(words: [.word("DEL"), key]))
            _ = try await store.executor.send(RedisCommand(words: [.word("LPUSH"), key, .word("nonsense")]))
            let error = await #expect(throws: SessionsError.self) { try await store.load(session.id, at: now) }
            #expect(error.map { "\($0)".contains("sessions:default:s:") } == false)
        }
    }
}
