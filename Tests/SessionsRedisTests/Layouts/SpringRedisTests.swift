import SessionLayouts
import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// Spring Session's keys in a real server: what its repositories keep about each session.
@Suite(.oneRedis) struct SpringRedisTests {
    private static let written = Timestamp(milliseconds: 1_795_455_990_000)
    private static let order = Order(actor: "test", reason: nil, at: written)
    private static let time = TimeSource(
        wall: { written }, monotonic: TimeSource.system.monotonic, sleep: TimeSource.system.sleep)
    private static let principal =
        "spring:session:index:org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME:"

    /// A session in the server, and what can be asked of it.
    private struct Shop {
        let directory: LayoutDirectory
        let executor: any RedisExecutor
        let id: String

        var hash: String { "spring:session:sessions:\(id)" }
        var shadow: String { "spring:session:sessions:expires:\(id)" }
        var idHash: IDHash { IDHash(hashing: Array(id.utf8)) }

        func number(_ words: String...) async throws -> Int64 { try await send(words).integer ?? -99 }
        func send(_ words: [String]) async throws -> RESPValue {
            try await executor.send(RedisCommand(words: words.map { .word($0) }, key: nil))
        }
        func send(_ name: String, _ key: String, _ rest: [UInt8]...) async throws -> RESPValue {
            try await executor.send(RedisCommand(words: [.word(name), .word(key)] + rest, key: nil))
        }
    }

    private func with(_ folder: String, user: String?, _ body: (Shop) async throws -> Void) async throws {
        let fixture = LayoutFixture(named: folder)
        var configuration = try OneRedis.database()
        configuration.commandLimit = .seconds(30)
        let executor = try configuration.makeExecutor()
        for entry in try fixture.redis() {
            _ = try await executor.send(RedisCommand(words: entry.command, key: entry.key))
            guard let life = entry.life else { continue }
            let words: [[UInt8]] = [.word("PEXPIRE"), entry.key, .word("\(life.wholeMilliseconds)")]
            _ = try await executor.send(RedisCommand(words: words, key: entry.key))
        }
        let directory = try await RedisLayouts.open(configuration, layout: nil, isReadOnly: false, time: Self.time)
        let wanted = try #require(try fixture.expected().first { $0.user == user && $0.label != "big-50k" })
        let id = try #require(
            try fixture.redis().map { String(decoding: $0.key.suffix(36), as: UTF8.self) }
                .first { IDHash(hashing: Array($0.utf8)) == wanted.id })
        try await body(Shop(directory: directory, executor: executor, id: id))
        await executor.shutDown()
    }

    private func java(_ text: String) -> [UInt8] {
        [0xAC, 0xED, 0, 5, 0x74, 0, UInt8(text.utf8.count)] + Array(text.utf8)
    }

    @Test("a revoke ends an indexed session as the repository does", arguments: ["1", "4", nil] as [String?])
    func ending(_ user: String?) async throws {
        try await with("spring-redis-indexed", user: user) { shop in
            let before = try await shop.executor.send("KEYS", "spring:session:expirations:*").elements?.count ?? 0
            let receipt = try await shop.directory.revoke(.sessions([shop.idHash]), order: Self.order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked] && receipt.outcomes[0].user == user)
            // The hash stays for those who listen, as one that has ended.
            let life = try await shop.number("PTTL", shop.hash)
            #expect(life > 200_000 && life <= 300_000)
            let interval = try await shop.send(["HGET", shop.hash, "maxInactiveInterval"]).bytes ?? []
            #expect(interval.count == 81 && interval.suffix(4) == [0, 0, 0, 0])
            #expect(try await shop.number("EXISTS", shop.shadow) == 0)
            if let user {
                let member = java(shop.id)
                #expect(try await shop.send("SISMEMBER", Self.principal + user, member).integer == 0)
            }
            for key in try await shop.executor.send("KEYS", "spring:session:expirations:*").elements ?? [] {
                let member = java("expires:\(shop.id)")
                #expect(try await shop.send("SISMEMBER", key.text ?? "", member).integer == 0)
            }
            #expect(before > 0)
            // A request that is being served writes what it has: the session stays ended.
            _ = try await shop.send(["HSET", shop.hash, "lastAccessedTime", "1795455990000"])
            #expect(try await shop.directory.detail(shop.idHash) == nil)
            let again = try await shop.directory.revoke(.sessions([shop.idHash]), order: Self.order)
            #expect(again.outcomes.map(\.outcome) == [.notFound])
        }
    }

    @Test("a user whom only the index names is found by it, and every set forgets a session whose user isn't known")
    func index() async throws {
        try await with("spring-redis-indexed", user: nil) { shop in
            let (name, member) = ("alice@example.com", java(shop.id))
            let attributes = #"{"authentication":{"principal":{"attributes":{"email":"alice@example.com"}}}}"#
            _ = try await shop.send(["HSET", shop.hash, "sessionAttr:SPRING_SECURITY_CONTEXT", attributes])
            // One of a session that has gone is nothing unusual.
            let gone = java("0f8fad5b-d9cb-469f-a165-70867728950e")
            _ = try await shop.send("SADD", Self.principal + name, member, gone)
            _ = try await shop.send("SADD", Self.principal + "al", member)
            let foreign = Self.principal.replacing("spring:session:index", with: "other:index") + name
            _ = try await shop.send("SADD", foreign, member)
            #expect(try await shop.directory.sessions(ofUser: name, at: Self.written) == [shop.idHash])
            // What isn't as it should be keeps no session alive, nor any other set from being looked at.
            _ = try await shop.send(["SET", Self.principal + "zed", "no set"])
            let receipt = try await shop.directory.revoke(.user(name), order: Self.order)
            #expect(receipt.outcomes.map(\.id) == [shop.idHash])
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await shop.send("SMEMBERS", Self.principal + name).elements?.map(\.bytes) == [gone])
            #expect(try await shop.number("EXISTS", Self.principal + "al") == 0)
            #expect(try await shop.number("SCARD", foreign) == 1)
            #expect(try await shop.directory.sessions(ofUser: name, at: Self.written).isEmpty)
        }
    }

    @Test("a revoke takes a session out of the sorted set and of the reactive repository's sets")
    func otherSets() async throws {
        try await with("spring-redis-indexed", user: "2") { shop in
            let (id, set) = (java(shop.id), "spring:session:sessions:index:PRINCIPAL_NAME_INDEX_NAME:2")
            _ = try await shop.send("ZADD", "spring:session:sessions:expirations", .word("1"), id)
            _ = try await shop.send("SADD", set, id, java("another"))
            _ = try await shop.send("SADD", shop.hash + ":idx", java(set))
            _ = try await shop.directory.revoke(.sessions([shop.idHash]), order: Self.order)
            #expect(try await shop.number("ZCARD", "spring:session:sessions:expirations") == 0)
            #expect(try await shop.number("SCARD", set) == 1)
            #expect(try await shop.number("EXISTS", shop.hash + ":idx") == 0)
        }
    }

    @Test("an extend moves the fields, both keys and the minute of an indexed session")
    func moving() async throws {
        try await with("spring-redis-indexed", user: "3") { shop in
            let member = java("expires:\(shop.id)")
            func buckets() async throws -> [String] {
                var found: [String] = []
                for key in try await shop.executor.send("KEYS", "spring:session:expirations:*").elements ?? [] {
                    let name = key.text ?? ""
                    if try await shop.send("SISMEMBER", name, member).integer == 1 { found.append(name) }
                }
                return found
            }
            let old = try await buckets()
            let until = Self.written + .seconds(7200)
            let outcome = try await shop.directory.extend([shop.idHash], to: .until(until), order: Self.order)[0]
            guard case .extended(_, let new) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(new >= until && new < until + .seconds(1))
            #expect(try await shop.directory.detail(shop.idHash)?.row.deadlines.idle == new)
            let (hash, shadow) = (try await shop.number("PTTL", shop.hash), try await shop.number("PTTL", shop.shadow))
            #expect(hash - shadow > 299_000 && hash - shadow < 301_000)
            #expect(shadow <= 7_201_000 && shadow > 7_100_000)
            let minute = (new.milliseconds / 60_000 + 1) * 60_000
            #expect(try await buckets() == ["spring:session:expirations:\(minute)"])
            #expect(old.count == 1 && old != ["spring:session:expirations:\(minute)"])
            #expect(try await shop.number("PTTL", "spring:session:expirations:\(minute)") >= hash - 5000)
        }
    }

    @Test("an extend moves the place in the sorted set, where there is one")
    func score() async throws {
        try await with("spring-redis-indexed", user: "3") { shop in
            let id = java(shop.id)
            _ = try await shop.send("ZADD", "spring:session:sessions:expirations", .word("1"), id)
            let until = Self.written + .seconds(7200)
            let outcome = try await shop.directory.extend([shop.idHash], to: .until(until), order: Self.order)[0]
            guard case .extended(_, let new) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let score = "\(new.milliseconds)"
            #expect(try await shop.number("ZCOUNT", "spring:session:sessions:expirations", score, score) == 1)
        }
    }

    @Test("with the default repository the hash is all there is", arguments: ["spring-redis", "spring-redis-json"])
    func hashAlone(_ folder: String) async throws {
        try await with(folder, user: "5") { shop in
            let hash = folder == "spring-redis" ? shop.hash : "shop:session:sessions:\(shop.id)"
            let until = Self.written + .seconds(7200)
            let outcome = try await shop.directory.extend([shop.idHash], to: .until(until), order: Self.order)[0]
            #expect(outcome.word == "extended")
            let life = try await shop.number("PTTL", hash)
            #expect(life <= 7_201_000 && life > 7_100_000)
            #expect(try await shop.number("EXISTS", shop.shadow) == 0)
            let receipt = try await shop.directory.revoke(.sessions([shop.idHash]), order: Self.order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await shop.number("EXISTS", hash) == 0)
        }
    }

    @Test("a session that a request has touched since is not given an old deadline")
    func compareAndSet() async throws {
        try await with("spring-redis-indexed", user: "3") { shop in
            let layout = try LayoutCatalogue.layout(named: "spring-redis-indexed", in: .redis)
            let source = RedisLayoutSource(
                layout: layout, executor: shop.executor, url: "", isReadOnly: false, time: Self.time)
            let record = try #require(try await source.records([Array(shop.hash.utf8)], whole: false)[0])
            let change = try layout.move(record, to: Self.written + .seconds(9000))
            _ = try await shop.send(["HSET", shop.hash, "lastAccessedTime", "1795455999000"])
            #expect(try await source.apply([change]) == [false])
        }
    }

    @Test("lengths that no value can have are passed over", arguments: [Int64.max, .min])
    func impossibleLengths(length: Int64) async throws {
        let executor = ScriptedExecutor([
            [.success(.integer(1000)), .success(.integer(2)), .success(.integer(0))],
            [.success(.array([.bytes(.word("creationTime")), .bytes(.word("lastAccessedTime"))]))],
            [.success(.integer(length)), .success(.integer(length))], [.success(.null)],
        ])
        let source = RedisLayoutSource(
            layout: try LayoutCatalogue.layout(named: "spring-redis", in: .redis), executor: executor,
            url: "redis://x", isReadOnly: true, time: Self.time)
        let records = try await source.springs([.word("spring:session:sessions:x")], whole: true)
        #expect(records.count == 1 && records.allSatisfy { $0 == nil })
    }

    @Test("what ended, what is broken, and what is in a serializer of the application's own")
    func others() async throws {
        try await with("spring-redis-indexed", user: "1") { shop in
            let count = try await shop.directory.rows(after: nil, limit: 100).rows.count
            // A request wrote one field into a hash that somebody had deleted; Spring can't load it.
            let broken = "spring:session:sessions:00000000-0000-4000-8000-000000000001"
            _ = try await shop.send(["HSET", broken, "lastAccessedTime", "1795455990000"])
            // The application's own serializer.
            let own = "00000000-0000-4000-8000-000000000002"
            _ = try await shop.send([
                "HSET", "spring:session:sessions:\(own)", "creationTime", "<1>", "lastAccessedTime", "<2>",
                "maxInactiveInterval", "<3>",
            ])
            _ = try await shop.send(["SET", "spring:session:sessions:expires:\(own)", ""])
            let rows = try await shop.directory.rows(after: nil, limit: 100).rows
            #expect(rows.count == count + 1)
            let id = IDHash(hashing: Array(own.utf8))
            #expect(try await shop.directory.detail(id)?.decoded?.note?.contains("serializer") == true)
            let receipt = try await shop.directory.revoke(.sessions([id, shop.idHash]), order: Self.order)
            #expect(receipt.outcomes.map(\.outcome.word) == ["failed", "revoked"])
            let extended = try await shop.directory.extend([id], to: .by(.seconds(60)), order: Self.order)
            #expect(extended.map(\.word) == ["failed"])
        }
    }
}
