import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite("One Redis server")
struct OneServerTests {
    @Test("Commands, pipelines, and errors of one command among others")
    func commands() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            #expect(try await redis.send("SET", "a", "1") == .bytes(Array("OK".utf8)))
            #expect(try await redis.send("GET", "a").text == "1")
            #expect(try await redis.send("GET", "b") == .null)
            await #expect(throws: RedisError.self) { try await redis.send("HGET", "a", "b") }
            let results = try await redis.send([
                .of("INCR", "a"), .of("HGET", "a", "b"), .of("HSET", "h", "f", "v"), .of("HGETALL", "h"),
            ])
            #expect(try results[0].get() == .integer(2))
            #expect(throws: RedisError.self) { try results[1].get() }
            #expect(try results[3].get() == .map([(.bytes(Array("f".utf8)), .bytes(Array("v".utf8)))]))
            #expect(try await redis.send([]).isEmpty)
            await redis.shutDown()
            await #expect(throws: SessionsError.self) { try await redis.send("PING") }
        }
    }

    @Test("Many tasks on one connection each get their own reply, and values of every size survive")
    func crowd() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<50 {
                    group.addTask {
                        var generator = SeededGenerator(seed: UInt64(task))
                        for turn in 0..<100 {
                            let length = turn == 50 ? 300_000 : Int.random(in: 0..<200, using: &generator)
                            let value = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                            let key = Array("\(task)".utf8)
                            let set = RedisCommand(words: [Array("SET".utf8), key, value], key: key)
                            let results = try await redis.send([set, .of("GET", "\(task)")])
                            #expect(try results[1].get() == .bytes(value))
                            #expect(try await redis.send("ECHO", "\(task).\(turn)").text == "\(task).\(turn)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let clients = try await server.cli("CLIENT", "LIST").split(separator: "\n")
            #expect(clients.filter { $0.contains("name=sessiontop ") }.count == 1)
            await redis.shutDown()
        }
    }

    @Test("A caller who goes away leaves the replies of the others as they are")
    func cancelling() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            try await redis.send("PING")
            let patient = (0..<20).map { index in
                Task { try await redis.send("EVAL", "for i = 1, 100000 do end return ARGV[1]", "0", "\(index)").text }
            }
            let hasty = (0..<20).map { _ in Task { try await redis.send("BLPOP", "nothing", "1") } }
            for task in hasty { task.cancel() }
            for task in hasty { await #expect(throws: CancellationError.self) { try await task.value } }
            for (index, task) in patient.enumerated() { #expect(try await task.value == "\(index)") }
            await redis.shutDown()
        }
    }

    @Test("A script is taught to a server that doesn't know it, also in the middle of a pipeline")
    func scripts() async throws {
        let text = "redis.call('INCR', KEYS[1]) return ARGV[1]"
        try await RedisServer.with { server in
            let hash = try await server.cli("SCRIPT", "LOAD", text)
            try await server.cli("SCRIPT", "FLUSH")
            let script = RedisScript(text: text, hash: hash, isReadOnly: false)
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            let key = Array("k".utf8)
            let calls = (0..<10).map { (keys: [key], arguments: [Array("\($0)".utf8)]) }
            for round in 1...2 {
                let replies = try await redis.run(script, for: calls).map { try $0.get().text }
                #expect(replies == (0..<10).map { "\($0)" })
                #expect(try await redis.run(script, keys: [key], arguments: [key]).text == "k")
                #expect(try await redis.send("GET", "k").text == "\(round * 11)")
            }
            try await server.cli("SCRIPT", "FLUSH")
            #expect(try await redis.run(script, keys: [key], arguments: [key]).text == "k")
            await redis.shutDown()
        }
    }

    @Test("A server that doesn't know HELLO is spoken to in RESP2, also with a password")
    func oldServer() async throws {
        var options = RedisServer.Options()
        options.password = "sesame"
        options.arguments = ["--rename-command", "HELLO", ""]
        try await RedisServer.with(options) { server in
            var configuration = try RedisConfiguration(url: server.url + "/3")
            configuration.password = "sesame"
            let redis = try configuration.makeExecutor()
            try await redis.send("HSET", "h", "f", "v")
            #expect(try await redis.send("HGETALL", "h").pairs?.first?.1.text == "v")
            let line = try await server.cli("CLIENT", "LIST").split(separator: "\n").first { $0.contains("sessiontop") }
            #expect(try #require(line).contains(" db=3 ") && #require(line).contains(" resp=2"))
            let error = await #expect(throws: SessionsError.self) {
                try await redis.watch(RedisWatch(prefixes: [[]])) { _ in }
            }
            #expect(error?.code == .unsupported)
            configuration.password = "wrong"
            let refused = await #expect(throws: SessionsError.self) {
                try await configuration.makeExecutor().send("PING")
            }
            #expect(refused?.code == .refused)
            await redis.shutDown()
        }
    }

    @Test("A Unix socket, a database by its number, and a value of its own in each")
    func unixSocket() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: "redis+unix:\(server.socket)?db=2").makeExecutor()
            try await redis.send("SET", "a", "2")
            #expect(try await RedisConfiguration(url: server.url + "/2").makeExecutor().send("GET", "a").text == "2")
            #expect(try await server.cli("GET", "a") == "")
            let error = await #expect(throws: SessionsError.self) {
                try await RedisConfiguration(url: server.url + "/99").makeExecutor().send("PING")
            }
            #expect(error?.code == .usage)
            await redis.shutDown()
        }
    }
}
