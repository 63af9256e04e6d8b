import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsRedis

@Suite("Redis under Sentinel")
struct SentinelTests {
    @Test("The primary is killed: writes go to the next one, which is never a replica when it is asked")
    func failover() async throws {
        try await RedisSentinel.with { group in
            var configuration = try RedisConfiguration(url: group.url)
            configuration.commandLimit = .milliseconds(500)
            let redis = try configuration.makeExecutor()
            try await redis.send("SET", "a", "1")
            let (news, teller) = AsyncStream.makeStream(of: RedisNews.self)
            let watch = Task { try await redis.watch(RedisWatch(prefixes: [[]])) { teller.yield($0) } }
            var iterator = news.makeAsyncIterator()
            #expect(await iterator.next() == .began)
            #expect(try await redis.send("ROLE").elements?.first?.text == "master")
            for replica in group.servers.dropFirst() {
                try await Waiting.until("a replica has it") { try await replica.cli("GET", "a") == "1" }
            }
            try await group.servers[0].process.end(by: .kill)
            let error = await #expect(throws: SessionsError.self) { try await redis.send("SET", "a", "2") }
            #expect(error?.code == .unavailable)
            try await Waiting.until("the failover is over") {
                try await redis.send([.of("SET", "a", "3"), .of("GET", "a")])[1].get().text == "3"
            }
            #expect(await iterator.next() == .lost)
            // The writes above are told as soon as the new primary tracks them, a moment before all else is ready.
            var next = await iterator.next()
            while case .changed = next { next = await iterator.next() }
            #expect(next == .began)
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await watch.value }
            let port = try await group.primaryPort()
            let primary = try #require(group.servers.dropFirst().first { $0.port == port })
            #expect(try await primary.cli("GET", "a") == "3")

            // By order, with both servers up: a sentinel tells, and the old primary is left.
            try await group.servers[0].process.start()
            try await Waiting.until("the old primary follows the new one") {
                try await group.servers[0].cli("ROLE").hasPrefix("slave")
            }
            try await Waiting.until("a failover by order") {
                try await Tool.run("redis-cli", ["-p", "\(group.ports[1])", "-e", "SENTINEL", "FAILOVER", "main"])
                    .hasPrefix("OK")
            }
            try await Waiting.until("another primary is used") {
                let results = try await redis.send([.of("SET", "a", "4"), .of("ROLE")])
                #expect(try results[1].get().elements?.first?.text == "master")
                return try await primary.cli("ROLE").hasPrefix("slave") && results[0].get().text == "OK"
            }
            await redis.shutDown()
        }
    }

    @Test("News begin as soon as a sentinel knows the name")
    func laterName() async throws {
        try await RedisSentinel.with { group in
            let redis = try RedisConfiguration(url: group.url.replacing("/main", with: "/later")).makeExecutor()
            let (news, teller) = AsyncStream.makeStream(of: RedisNews.self)
            let watch = Task { try await redis.watch(RedisWatch(prefixes: [[]])) { teller.yield($0) } }
            let error = await #expect(throws: SessionsError.self) { try await redis.send("PING") }
            #expect(error?.code == .storeNotFound)
            let monitoring = ["SENTINEL", "MONITOR", "later", "127.0.0.1", "\(group.servers[0].port)", "2"]
            try await Tool.run("redis-cli", ["-p", "\(group.ports[0])", "-e"] + monitoring)
            var iterator = news.makeAsyncIterator()
            #expect(await iterator.next() == .began)
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await watch.value }
            await redis.shutDown()
        }
    }

    @Test("A sentinel that hangs, one that is gone, and a name that nobody knows")
    func sentinels() async throws {
        try await RedisSentinel.with { group in
            var configuration = try RedisConfiguration(url: group.url)
            configuration.commandLimit = .milliseconds(300)
            try group.sentinels[0].send(.suspend)
            try await group.sentinels[1].end(by: .kill)
            let redis = try configuration.makeExecutor()
            try await Waiting.until("the third sentinel is asked") { try await redis.send("PING").text == "PONG" }
            await redis.shutDown()

            let url = group.url.replacing("/main", with: "/others")
            let lost = try RedisConfiguration(url: url.replacing(":\(group.ports[0]),", with: ":1,")).makeExecutor()
            let error = await #expect(throws: SessionsError.self) { try await lost.send("PING") }
            #expect(error?.code == .storeNotFound)
            await lost.shutDown()
        }
    }
}
