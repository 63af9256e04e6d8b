import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsRedis

@Suite("Watching keys and channels")
struct WatchTests {
    @Test("Changes of keys by their beginning, messages, a flush, and a new beginning after a loss")
    func news() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            let (news, teller) = AsyncStream.makeStream(of: RedisNews.self)
            let watch = Task {
                let subject = RedisWatch(prefixes: [Array("s:".utf8), Array("c:".utf8)], channels: [Array("ch".utf8)])
                try await redis.watch(subject) { teller.yield($0) }
            }
            var iterator = news.makeAsyncIterator()
            #expect(await iterator.next() == .began)
            try await redis.send("SET", "other", "1")
            try await redis.send("SET", "s:1", "1")
            #expect(await iterator.next() == .changed([Array("s:1".utf8)]))
            try await redis.send("SET", "s:2", "1", "PX", "1")
            #expect(await iterator.next() == .changed([Array("s:2".utf8)]))
            try await Waiting.until("a key has run out") { try await redis.send("EXISTS", "s:2") == .integer(0) }
            #expect(await iterator.next() == .changed([Array("s:2".utf8)]))
            try await redis.send("PUBLISH", "ch", "hello")
            #expect(await iterator.next() == .message(channel: Array("ch".utf8), text: Array("hello".utf8)))
            try await redis.send("FLUSHALL")
            #expect(await iterator.next() == .flushed)
            try await server.process.end(by: .kill)
            #expect(await iterator.next() == .lost)
            try await server.process.start()
            #expect(await iterator.next() == .began)
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await watch.value }
            await redis.shutDown()
        }
    }

    @Test(
        "A user who may not subscribe, or whose password was changed, hears of news as soon as that is mended",
        arguments: [("hers", ["+subscribe", "&*"]), ("theirs", [">theirs", "+subscribe", "&*"])])
    func rights(_ password: String, _ rules: [String]) async throws {
        var options = RedisServer.Options()
        options.arguments = ["--user", "ann", "on", ">hers", "~*", "resetchannels", "+@all", "-subscribe"]
        try await RedisServer.with(options) { server in
            let redis = try RedisConfiguration(url: "redis://ann:\(password)@127.0.0.1:\(server.port)").makeExecutor()
            let (news, teller) = AsyncStream.makeStream(of: RedisNews.self)
            let watch = Task {
                try await redis.watch(RedisWatch(channels: [Array("ch".utf8)])) { teller.yield($0) }
            }
            try await Waiting.until("she was turned away") { try await server.cli("ACL", "LOG").contains("ann") }
            try await Tool.run("redis-cli", ["-p", "\(server.port)", "-e", "ACL", "SETUSER", "ann"] + rules)
            var iterator = news.makeAsyncIterator()
            #expect(await iterator.next() == .began)
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await watch.value }
            await redis.shutDown()
        }
    }

    @Test("Whatever a server says instead may pass", arguments: ["BUSY", "LOADING", "ERR", "MASTERDOWN", "NOAUTH"])
    func passing(_ kind: String) {
        let error = RedisWatcher.failure(RedisError(kind: kind, message: "x"), .host("h", port: 1))
        #expect(error.code == .unavailable)
    }
}
