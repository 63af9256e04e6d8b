import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// The documented users, as a real server sees them.
@Suite struct AccessTests {
    private static let now = OneRedis.time.wall()
    private static let order = Order(actor: "ops/mira", reason: "INC-1", at: now)

    /// Lends a store opened by the default user, and one opened by a user with rules.
    private static func withUser(
        _ rules: String, mode: RedisStore.OpenMode, time: TimeSource = OneRedis.time,
        _ body: (RedisStore, RedisStore) async throws -> Void
    ) async throws {
        try await SessionTesting.RedisServer.with { server in
            let configuration = try RedisConfiguration(url: server.url)
            let service = try await RedisStore.open(configuration, mode: .create, time: time)
            let store = try await open(configuration, rules, mode: mode, beside: service)
            try await body(service, store)
            await store.shutDown()
            await service.shutDown()
        }
    }

    /// Opens a store by a user with rules, whom the default user's makes.
    private static func open(
        _ configuration: RedisConfiguration, _ rules: String, mode: RedisStore.OpenMode, beside service: RedisStore
    ) async throws -> RedisStore {
        let words = ["ACL", "SETUSER", "sessiontop", "on", ">secret"] + rules.split(separator: " ").map(String.init)
        _ = try await service.executor.send(RedisCommand(words: RedisCommand.words(words)))
        var theirs = configuration
        (theirs.user, theirs.password) = ("sessiontop", "secret")
        return try await RedisStore.open(theirs, mode: mode, time: service.time)
    }

    private static func expectNoPayload(_ store: RedisStore, _ id: IDHash) async throws {
        let detail = try #require(try await store.detail(id))
        #expect(detail.payload == nil && detail.row.byteCount == 3 && detail.version == 1)
        let error = await #expect(throws: SessionsError.self) { try await store.load(id, at: now) }
        #expect(error?.code == .refused)
        for words in [[.word("GET"), store.keys.payload(id)], [.word("KEYS"), .word("*")]] as [[[UInt8]]] {
            let error = await #expect(throws: RedisError.self) {
                try await store.executor.send(RedisCommand(words: words))
            }
            #expect(error?.kind == "NOPERM")
        }
    }

    @Test("A user who may look lists, finds, counts and follows, and neither reads payloads nor writes")
    func looking() async throws {
        try await Self.withUser(RedisAccess.looking(), mode: .readOnly) { service, store in
            let session = freshSession()
            let position = try await store.changePosition()
            try await service.insert(session)
            _ = try await service.cutOff(.tenant("t"), by: "x", reason: nil, at: Self.now)
            #expect(try await store.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
            let prefix = try #require(HandlePrefix(session.id.handle.description))
            #expect(try await store.find(prefix, limit: 2) == [session.id])
            #expect(try await store.sessions(ofUser: "alice", at: Self.now) == [session.id])
            #expect(try await store.statistics(at: Self.now).sessions == 1)
            #expect(try await store.changes(after: position, limit: 9).mustReload)
            #expect(try await store.feed(after: .start, limit: 9).entries.count == 1)
            #expect(try await store.cutoffs().cutoffs.count == 1)
            #expect(try await store.nodes().isEmpty)
            #expect(try await store.samples(since: Self.now).isEmpty)
            #expect(try await store.audit(after: 0, limit: 9).isEmpty)
            try await Self.expectNoPayload(store, session.id)
            let row = store.keys.row(session.id)
            for words in [[.word("SET"), row, .word("x")], [.word("DEL"), row]] as [[[UInt8]]] {
                await #expect(throws: RedisError.self) { try await store.executor.send(RedisCommand(words: words)) }
            }
        }
    }

    @Test("A user who may revoke lists, revokes, extends and is audited, and reads no payload")
    func revoking() async throws {
        try await Self.withUser(RedisAccess.revoking(), mode: .existing) { service, store in
            let sessions = [freshSession(), freshSession(user: "bob"), freshSession(user: "carol")]
            for session in sessions { try await service.insert(session) }
            let ids = sessions.map(\.id)
            try await Self.expectNoPayload(store, ids[0])
            #expect(try await store.extend([ids[0]], to: .by(.seconds(1)), order: Self.order).first?.word == "extended")
            let receipt = try await store.revoke(.sessions([ids[0]]), order: Self.order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await store.revoke(.user("bob"), order: Self.order).outcomes.map(\.id) == [ids[1]])
            #expect(try await store.revoke(.everyone, order: Self.order).outcomes.map(\.id) == [ids[2]])
            try await store.record(.export, target: "3 sessions", count: 3, order: Self.order)
            for id in ids { #expect(try await service.load(id, at: Self.now)?.standing == .revoked) }
            let log = try await store.audit(after: 0, limit: 9)
            #expect(log.map(\.count) == [1, 1, 1, 1, 3])
            let denials = [TokenDenial(issuer: "i", tokenID: "j")]
            let denied = try await store.deny(denials, order: Self.order).position
            #expect(try await store.cutOff(.client("c"), order: Self.order).position.value == denied.value + 1)
            for (index, entry) in log.enumerated() { #expect(entry.follows(index == 0 ? nil : log[index - 1])) }
            #expect(try await service.load(ids[0], at: Self.now)?.session.payload.bytes == [1, 2, 3])
        }
    }

    @Test("A service's rules are enough for all that it does, and for no other namespace")
    func serving() async throws {
        let time = LeapingTime()
        try await Self.withUser(RedisAccess.serving(), mode: .create, time: time.source) { service, store in
            let (first, second) = (freshSession(), freshSession())
            try await store.insert(first)
            var endless = freshSession()
            endless.deadlines = Deadlines(idle: nil, absolute: nil)
            try await store.insert(endless)
            #expect(try await store.load(first.id, at: Self.now)?.standing == .live)
            #expect(try await store.touch([Touch(id: first.id, at: Self.now, idle: nil)]).count == 1)
            #expect(try await store.save(.empty, of: first.id, replacing: 1, at: Self.now) == .saved(version: 2))
            #expect(try await store.rotate(first.id, to: second, reason: "r", at: Self.now) == .rotated)
            let report = NodeReport(
                id: "n", started: Self.now, heartbeat: Self.now, applied: .start, lease: .seconds(2))
            try await store.publish(report)
            _ = try await store.revoke(second.id, by: "x", reason: nil, at: Self.now)
            _ = try await store.deny([TokenDenial(issuer: "i", tokenID: "j")], at: Self.now)
            _ = try await store.cutOff(.client("c"), by: "x", reason: nil, at: Self.now)
            #expect(try await store.purge(Retention(), at: Self.now + .seconds(90_000)) == 2)
            #expect(try await store.nodes() == [report])
            time.leap(by: .seconds(3600))
            #expect(try await store.purge(Retention(), at: Self.now + .seconds(90_000)) == 0)
            #expect(try await store.nodes().isEmpty)
            #expect(try await store.cutoffs().cutoffs.isEmpty)
            let other = try await RedisStore.open(
                executor: service.executor, url: "redis://x", mode: .create, namespace: "other",
                retention: Retention(), time: OneRedis.time)
            let words = [[UInt8].word("HGETALL"), other.keys.own("meta")]
            await #expect(throws: RedisError.self) { try await store.executor.send(RedisCommand(words: words)) }
        }
    }

    @Test("The rules are enough under Sentinel as well")
    func sentinel() async throws {
        try await RedisSentinel.with { group in
            let configuration = try RedisConfiguration(url: group.url)
            let service = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            let session = freshSession()
            try await service.insert(session)
            let users: [(rules: String, mode: RedisStore.OpenMode)] = [
                (RedisAccess.looking(), .readOnly), (RedisAccess.revoking(), .operating),
                (RedisAccess.serving(), .create),
            ]
            for (rules, mode) in users {
                let store = try await Self.open(configuration, rules, mode: mode, beside: service)
                #expect(try await store.rows(after: nil, limit: 9).rows.map(\.id) == [session.id])
                await store.shutDown()
            }
            await service.shutDown()
        }
    }
}
