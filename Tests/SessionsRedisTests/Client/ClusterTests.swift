import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsRedis

@Suite("Redis Cluster")
struct ClusterTests {
    @Test("Keys on all servers, a pipeline across them, a slot that moves under load, and a primary that is killed")
    func journey() async throws {
        try await RedisCluster.with { cluster in
            var configuration = try RedisConfiguration(url: cluster.url)
            configuration.commandLimit = .milliseconds(500)
            let redis = try configuration.makeExecutor()
            try await spread(redis, cluster)
            try await replicas(redis, cluster)
            try await scripts(redis)
            try await moveSlot(redis, cluster)
            try await watched(redis) { try await kill(redis, cluster) }
            await redis.shutDown()
        }
    }

    private func spread(_ redis: any RedisExecutor, _ cluster: RedisCluster) async throws {
        let sets = (0..<500).map { RedisCommand.of("SET", "key:\($0)", "\($0)") }
        for result in try await redis.send(sets) { #expect(try result.get().text == "OK") }
        let replies = try await redis.send((0..<500).map { RedisCommand.of("GET", "key:\($0)") })
        #expect(try replies.map { try $0.get().text } == (0..<500).map { "\($0)" })
        let servers = try await redis.servers()
        #expect(servers.count == 3)
        var total: Int64 = 0
        for server in servers {
            let size = try await server.send(RedisCommand(words: RedisCommand.words(["DBSIZE"]), key: nil)).integer
            #expect(try #require(size) > 100)
            total += size ?? 0
        }
        #expect(total == 500)
    }

    private func replicas(_ redis: any RedisExecutor, _ cluster: RedisCluster) async throws {
        var read = RedisCommand.of("GET", "key:1")
        read.mayAskReplica = true
        let command = read
        let slot = KeySlot.of(Array("key:1".utf8))
        let primary = try #require(try await cluster.primary(of: slot))
        try await Waiting.until("a replica is known and has it") {
            // The servers name a replica some time after it has begun; `servers` reads the map again.
            _ = try await redis.servers()
            let before = try await reads(of: primary)
            let isThere = try await redis.send(command).text == "1"
            let after = try await reads(of: primary)
            return isThere && after == before
        }
        let before = try await reads(of: primary)
        for _ in 0..<20 { #expect(try await redis.send(command).text == "1") }
        // A replica did them all.
        #expect(try await reads(of: primary) == before)
        #expect(try await redis.send("GET", "key:1").text == "1")
        #expect(try await reads(of: primary) == before + 1)
    }

    private func reads(of server: RedisServer) async throws -> Int {
        let info = try await server.cli("INFO", "commandstats")
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_get:calls=") }
        return Int(line?.dropFirst("cmdstat_get:calls=".count).prefix { $0.isNumber } ?? "") ?? 0
    }

    private func scripts(_ redis: any RedisExecutor) async throws {
        let script = RedisScript(
            text: "return KEYS[1]", hash: "4a2267357833227dd98abdedb8cf24b15a986445", isReadOnly: true)
        let calls = (0..<50).map { (keys: [Array("key:\($0)".utf8)], arguments: [[UInt8]]()) }
        let replies = try await redis.run(script, for: calls)
        #expect(try replies.map { try $0.get().text } == (0..<50).map { "key:\($0)" })
    }

    /// The steps of a resharding, by hand: while a slot moves, its keys are on two servers.
    private func moveSlot(_ redis: any RedisExecutor, _ cluster: RedisCluster) async throws {
        let tag = "{moving}"
        let slot = KeySlot.of(Array(tag.utf8))
        let source = try #require(try await cluster.primary(of: slot))
        var target: RedisServer?
        for other in [0, 8000, 16_000] {
            let server = try await cluster.primary(of: other)
            if let server, server.port != source.port { target = server }
        }
        let destination = try #require(target)
        for index in 0..<20 { try await redis.send("SET", "\(tag)\(index)", "\(index)") }
        let (sourceID, destinationID) = (try await cluster.id(of: source), try await cluster.id(of: destination))
        try await destination.cli("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", sourceID)
        try await source.cli("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", destinationID)
        for index in 0..<10 {
            try await source.cli("MIGRATE", "127.0.0.1", "\(destination.port)", "\(tag)\(index)", "0", "5000")
        }
        // Half of them are there, half here; new ones are made there.
        try await readAll(redis, tag)
        try await redis.send("SET", "\(tag)new", "1")
        #expect(try await redis.send("INCR", "\(tag)new") == .integer(2))
        // Keys on both sides: tried again until the move is done.
        let both = RedisCommand.of("MGET", "\(tag)1", "\(tag)15")
        async let late = persistently { try await redis.send(both) }
        try await source.cli("MIGRATE", "127.0.0.1", "\(destination.port)", "\(tag)15", "0", "5000")
        #expect(try await late == .array([.bytes(Array("1".utf8)), .bytes(Array("15".utf8))]))
        for index in 10..<20 where index != 15 {
            try await source.cli("MIGRATE", "127.0.0.1", "\(destination.port)", "\(tag)\(index)", "0", "5000")
        }
        for server in [destination, source] {
            try await server.cli("CLUSTER", "SETSLOT", "\(slot)", "NODE", destinationID)
        }
        try await readAll(redis, tag)
        #expect(try await redis.send("GET", "\(tag)new").text == "2")
    }

    /// The client gives up after a second and a half, which a busy machine may need for one step of the move.
    private func persistently(_ work: () async throws -> RESPValue) async throws -> RESPValue {
        for _ in 0..<20 {
            do { return try await work() } catch let error as SessionsError where error.code == .unavailable {
                continue
            }
        }
        return try await work()
    }

    private func readAll(_ redis: any RedisExecutor, _ tag: String) async throws {
        for index in 0..<20 { #expect(try await redis.send("GET", "\(tag)\(index)").text == "\(index)") }
        let replies = try await redis.send((0..<20).map { RedisCommand.of("GET", "\(tag)\($0)") })
        #expect(try replies.map { try $0.get().text } == (0..<20).map { "\($0)" })
    }

    private func kill(_ redis: any RedisExecutor, _ cluster: RedisCluster) async throws {
        let slot = KeySlot.of(Array("key:1".utf8))
        let primary = try #require(try await cluster.primary(of: slot))
        try await primary.process.end(by: .kill)
        // The others' keys are there all the time.
        let elsewhere = try #require((0..<500).first { abs(KeySlot.of(Array("key:\($0)".utf8)) - slot) > 6000 })
        #expect(try await redis.send("GET", "key:\(elsewhere)").text == "\(elsewhere)")
        try await Waiting.until("a replica has taken over") {
            try await redis.send("SET", "key:1", "again").text == "OK"
        }
        #expect(try await redis.send("GET", "key:1").text == "again")
        let replies = try await redis.send((0..<500).map { RedisCommand.of("GET", "key:\($0)") })
        #expect(try replies.filter { try $0.get() != .null }.count == 500)
    }

    /// Watches all primaries, and the new one when one of them was killed.
    private func watched(_ redis: any RedisExecutor, _ kill: () async throws -> Void) async throws {
        let (news, teller) = AsyncStream.makeStream(of: RedisNews.self)
        let watch = Task {
            let subject = RedisWatch(prefixes: [Array("key:".utf8)], channels: [Array("ch".utf8)])
            try await redis.watch(subject) { teller.yield($0) }
        }
        var iterator = news.makeAsyncIterator()
        for _ in 0..<3 { #expect(await iterator.next() == .began) }
        let servers = try await redis.servers()
        let keys = (0..<20).map { "key:\($0)" }
        _ = try await redis.send((0..<20).map { RedisCommand.of("SET", "key:\($0)", "\($0)") })
        var changed: Set<String> = []
        while changed.count < keys.count, case .changed(let some) = await iterator.next() {
            changed.formUnion(some.map { String(decoding: $0, as: UTF8.self) })
        }
        #expect(changed == Set(keys))
        // Each server passes it on to all, and it is heard once.
        _ = try await servers[1].send("PUBLISH", "ch", "hello")
        #expect(await iterator.next() == .message(channel: Array("ch".utf8), text: Array("hello".utf8)))
        try await kill()
        // The other two begin again with the third.
        var lost = 0
        var began = 0
        while began < 3 || lost < 3 {
            switch await iterator.next() {
            case .lost: lost += 1
            case .began: began += 1
            default: break
            }
        }
        watch.cancel()
        await #expect(throws: CancellationError.self) { try await watch.value }
    }

    @Test("A server that is in no cluster says so")
    func alone() async throws {
        try await RedisServer.with { server in
            let url = server.url.replacing("redis://", with: "redis-cluster://")
            let redis = try RedisConfiguration(url: url).makeExecutor()
            let error = await #expect(throws: SessionsError.self) { try await redis.send("GET", "a") }
            #expect(error?.code == .usage)
            await redis.shutDown()
        }
    }
}
