import SessionLayouts
import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// Other frameworks' sessions in a real server, as those frameworks wrote them.
@Suite(.oneRedis) struct RedisLayoutsTests {
    /// The folders, and the layout of each.
    private static let folders = [
        ("django-cache-redis", "django-cache"), ("django-cached_db", "django-cached-db"),
        ("flask-session-redis-msgpack", "flask-session"), ("laravel-redis-phpredis", "laravel-redis"),
        ("ruby-cachestore-redis", "rails-cache"), ("ruby-redis-rack", "rack-redis"),
        ("ruby-redis-actionpack", "rack-redis"), ("ruby-redis-session-store-json", "rack-redis"),
        ("ruby-redis-session-store-marshal", "rack-redis"), ("phpredis-redis-php", "phpredis"),
        ("phpredis-redis-php_serialize", "phpredis"), ("phpredis-redis-igbinary", "phpredis"),
        ("express-session-connect-redis", "connect-redis"), ("starsessions-redis-fixed", "starsessions"),
        ("go-scs-redis", "scs-redis"), ("go-redistore-gob", "redistore"),
        ("spring-redis-indexed", "spring-redis-indexed"), ("spring-redis", "spring-redis"),
        ("spring-redis-json", "spring-redis"), ("hummingbird-redis", "hummingbird-redis"),
        ("vapor-redis", "vapor-redis"),
    ]
    private static let (written, order) = (LayoutConformance.written, LayoutConformance.order)
    private static let time = LayoutConformance.time

    /// Lends a database that has a fixture's values.
    private func with(
        _ folder: String,
        _ body: (RedisConfiguration, any RedisExecutor, [LayoutFixture.Expected]) async throws -> Void
    ) async throws {
        var configuration = try OneRedis.database()
        configuration.commandLimit = .seconds(30)
        let executor = try configuration.makeExecutor()
        for entry in try LayoutFixture(named: folder).redis() {
            _ = try await executor.send(RedisCommand(words: entry.command, key: entry.key))
            if let life = entry.life {
                let words: [[UInt8]] = [.word("PEXPIRE"), entry.key, .word("\(life.wholeMilliseconds)")]
                _ = try await executor.send(RedisCommand(words: words, key: entry.key))
            }
        }
        let expected = try LayoutFixture(named: folder).expected().filter { $0.label != "expired" }
        do { try await body(configuration, executor, expected) } catch {
            await executor.shutDown()
            throw error
        }
        await executor.shutDown()
    }

    private func open(
        _ configuration: RedisConfiguration, _ layout: String? = nil, isReadOnly: Bool = false
    ) async throws -> LayoutDirectory {
        try await RedisLayouts.open(configuration, layout: layout, isReadOnly: isReadOnly, time: Self.time)
    }

    /// Every key with its value and the moment at which it ends, as the server itself says.
    private func everything(_ executor: any RedisExecutor) async throws -> [[UInt8]: [[[UInt8]]]] {
        var all: [[UInt8]: [[[UInt8]]]] = [:]
        let keys = try await executor.send("KEYS", "*").elements?.compactMap(\.bytes) ?? []
        for key in keys {
            let replies = try await executor.send(
                ["PEXPIRETIME", "GET", "HKEYS", "HVALS", "SMEMBERS"].map {
                    RedisCommand(words: [.word($0), key], key: key)
                })
            // A server may change the order in which it tells fields and members: what they are counts.
            all[key] = replies.map { reply in
                guard case .success(let value) = reply else { return [] }
                let parts = value.elements?.compactMap(\.bytes) ?? [value.bytes ?? .word("\(value.integer ?? 0)")]
                return parts.sorted { $0.lexicographicallyPrecedes($1) }
            }
        }
        return all
    }

    @Test("the layout is found out, each session read, and nothing changed", arguments: folders)
    func looking(_ folder: String, _ layout: String) async throws {
        try await with(folder) { configuration, executor, expected in
            // Keys of others lie beside them, some of a form much like theirs.
            for key in [
                "cache:x", "session:1", "sess:y", "PHPREDIS_SESSION:abc_LOCK", String(repeating: "a", count: 40),
            ] {
                try await executor.send("SET", key, "value")
            }
            try await executor.send("SADD", "rack:session:2::" + String(repeating: "0", count: 64), "x")
            try await executor.send("DEL", "rack:session:2::" + String(repeating: "0", count: 64))
            let before = try await everything(executor)
            let directory = try await open(configuration, isReadOnly: true)
            let suite = LayoutConformance(layout, expected)
            try await suite.checkLooking(directory)
            try await suite.checkReading(directory)
            #expect(try await everything(executor) == before)
        }
    }

    @Test("a session that is revoked is gone, and no other", arguments: folders)
    func revoking(_ folder: String, _ layout: String) async throws {
        try await with(folder) { configuration, executor, expected in
            let directory = try await open(configuration)
            if layout == "django-cached-db" {
                #expect(directory.capabilities.revoke.reason?.contains("database") == true)
            }
            let before = try await everything(executor).count
            try await LayoutConformance(layout, expected).checkRevoking(directory)
            guard directory.capabilities.revoke.isPossible, !layout.hasPrefix("spring") else { return }
            #expect(try await everything(executor).count == before - expected.count)
        }
    }

    @Test("an extend moves every place that keeps the deadline", arguments: folders)
    func extending(_ folder: String, _ layout: String) async throws {
        try await with(folder) { configuration, executor, expected in
            let directory = try await open(configuration)
            guard directory.capabilities.extend.isPossible else { return }
            let id = try #require(expected.first).id
            let old = try #require(try await directory.detail(id)?.row.deadlines.idle)
            let outcome = try await directory.extend([id], to: .by(.seconds(90_000)), order: Self.order)[0]
            let new = try #require(try await directory.detail(id)?.row.deadlines.idle)
            guard layout != "rails-cache" else {
                #expect(outcome.word == "unchanged")
                #expect(new <= old)
                return
            }
            #expect(outcome.word == "extended")
            // Spring counts whole seconds from the last use.
            let rounding = layout.hasPrefix("spring") ? 1.0 : 0
            // The test's clock stands still while the server's runs.
            let moved = (new - old).inSeconds
            #expect(moved <= 90_000 + rounding && moved > 89_900)
            let shorter = try await directory.extend([id], to: .until(old), order: Self.order)[0]
            #expect(shorter.word == "unchanged")
        }
    }

    @Test("a session without a single variable is one: PHP writes nothing at all")
    func emptyValue() async throws {
        try await with("phpredis-redis-php") { configuration, executor, expected in
            let name = String(repeating: "e", count: 26)
            try await executor.send("SET", "PHPREDIS_SESSION:\(name)", "", "PX", "600000")
            let directory = try await open(configuration)
            let id = IDHash(hashing: Array(name.utf8))
            #expect(try await directory.rows(after: nil, limit: 100).rows.count == expected.count + 1)
            #expect(try await directory.detail(id)?.decoded?.data == .object([]))
            let receipt = try await directory.revoke(.sessions([id]), order: Self.order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await directory.detail(id) == nil)
        }
    }

    @Test("a session without a life is never given one")
    func withoutLife() async throws {
        try await with("ruby-redis-rack") { configuration, executor, expected in
            let entry = try #require(try LayoutFixture(named: "ruby-redis-rack").redis().first)
            _ = try await executor.send(RedisCommand(words: [.word("PERSIST"), entry.key], key: entry.key))
            let directory = try await open(configuration)
            let id = try #require(
                try await directory.rows(after: nil, limit: 100).rows.first { $0.deadlines.nearest == nil }?.id)
            #expect(
                try await directory.extend([id], to: .by(.seconds(60)), order: Self.order)
                    == [.unchanged(deadline: nil)])
            let life = try await executor.send(RedisCommand(words: [.word("PTTL"), entry.key], key: entry.key))
            #expect(life.integer == -1)
        }
    }

    @Test("a session that the application has written since is not overwritten")
    func compareAndSet() async throws {
        try await with("go-scs-redis") { configuration, executor, expected in
            let layout = try LayoutCatalogue.layout(named: "scs-redis", in: .redis)
            let source = RedisLayoutSource(
                layout: layout, executor: executor, url: "", isReadOnly: false, time: Self.time)
            let key = try #require(try await source.keys(after: nil, limit: 1).keys.first)
            let record = try #require(try await source.records([key], whole: true)[0])
            let change = try layout.move(record, to: Self.written + .seconds(9_000_000))
            let words: [[UInt8]] = [.word("SET"), key, .word("new"), .word("PX"), .word("600000")]
            _ = try await executor.send(RedisCommand(words: words, key: key))
            #expect(try await source.apply([change]) == [false])
            let value = try await executor.send(RedisCommand(words: [.word("GET"), key], key: key))
            #expect(value.text == "new")
        }
    }

    @Test("a walk goes on where another ended, and tells each key of many once")
    func walking() async throws {
        let executor = try OneRedis.database().makeExecutor()
        for start in stride(from: 0, to: 5000, by: 500) {
            _ = try await executor.send(
                (start..<start + 500).map { RedisCommand.of("SET", "sess:\($0)", "x") })
        }
        try await executor.send("SET", "other", "x")
        var found: [[UInt8]] = []
        var mark: [UInt8]?
        repeat {
            var walk = try mark.map { try KeyWalk(pattern: "sess:*", mark: $0) } ?? KeyWalk(pattern: "sess:*")
            let keys = try await walk.next(97, through: executor)
            #expect(keys.count <= 97)
            found += keys
            mark = walk.mark
        } while mark != nil
        #expect(found.count == 5000 && Set(found).count == 5000)
        #expect(throws: SessionsError.self) { try KeyWalk(pattern: "*", mark: [1, 2, 3]) }
        await executor.shutDown()
    }

    @Test("a database without sessions of a known layout is refused")
    func nothing() async throws {
        let configuration = try OneRedis.database()
        let error = await #expect(throws: SessionsError.self) { _ = try await open(configuration) }
        #expect(error?.code == .notAStore)
        let unknown = await #expect(throws: SessionsError.self) { _ = try await open(configuration, "django-db") }
        #expect(unknown?.code == .usage)
    }
}
