import SessionTesting
import Sessions
import Subprocess
import Synchronization
import Testing

@testable import SessionsRedis

@Suite("A Redis server that goes away")
struct LosingServersTests {
    @Test("Killed and started again under load: nobody hangs, no reply goes astray, and all goes on afterwards")
    func restart() async throws {
        try await RedisServer.with { server in
            let redis = try RedisConfiguration(url: server.url).makeExecutor()
            let tally = Tally()
            let (seen, note) = AsyncStream.makeStream(of: Bool.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<20 {
                    group.addTask {
                        var turn = 0
                        while !tally.isOver.load(ordering: .relaxed) {
                            turn += 1
                            do {
                                #expect(try await redis.send("ECHO", "\(task).\(turn)").text == "\(task).\(turn)")
                                note.yield(true)
                            } catch let error as SessionsError where error.code == .unavailable {
                                tally.failures.add(1, ordering: .relaxed)
                                note.yield(false)
                                // A refusal costs nothing, and shouldn't be all that the machine does.
                                try await Task.sleep(for: .milliseconds(5))
                            }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<3 {
                        #expect(await seen.first { $0 } == true)
                        try await server.process.end(by: .kill)
                        #expect(await seen.first { !$0 } == false)
                        try await server.process.start()
                    }
                    #expect(await seen.first { $0 } == true)
                    tally.isOver.store(true, ordering: .relaxed)
                }
                try await group.waitForAll()
            }
            #expect(tally.failures.load(ordering: .relaxed) > 0)
            #expect(try await redis.send("ECHO", "x").text == "x")
            await redis.shutDown()
        }
    }

    @Test("Stopped as a machine that hangs: every caller gets an error in time, and a new connection afterwards")
    func stopped() async throws {
        try await RedisServer.with { server in
            var configuration = try RedisConfiguration(url: server.url)
            configuration.commandLimit = .milliseconds(300)
            let redis = try configuration.makeExecutor()
            let other = try configuration.makeExecutor()
            try await redis.send("SET", "a", "1")
            try server.process.send(.suspend)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let error = await #expect(throws: SessionsError.self) { try await redis.send("GET", "a") }
                        #expect(error?.code == .unavailable)
                    }
                    // Those who find no connection yet wait for the greeting in vain.
                    group.addTask { await #expect(throws: SessionsError.self) { try await other.send("PING") } }
                }
                try await group.waitForAll()
            }
            try server.process.send(.resume)
            try await Waiting.until("the server answers again") { try await redis.send("GET", "a").text == "1" }
            await redis.shutDown()
            await other.shutDown()
        }
    }

    @Test("Nothing listens: everybody is told, at once while the next attempt isn't due, with a way out")
    func nothing() async throws {
        let port = FreePort.take()
        let time = ManualTime()
        let redis = try RedisConfiguration(url: "redis://127.0.0.1:\(port)").makeExecutor(time: time.source)
        for _ in 0..<3 {
            let error = await #expect(throws: SessionsError.self) { try await redis.send("PING") }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        }
        // The first attempt's wait is over only when the clock says so.
        var options = RedisServer.Options()
        options.port = port
        try await RedisServer.with(options) { _ in
            await #expect(throws: SessionsError.self) { try await redis.send("PING") }
            time.advance(by: .seconds(3))
            let reply = try await redis.send("PING")
            #expect(reply.text == "PONG")
        }
        await redis.shutDown()
    }

    @Test("A server that turns every connection away is not asked again before its time")
    func turnedAway() async throws {
        try await RedisServer.with { server in
            try await server.cli("CONFIG", "SET", "maxclients", "1")
            let first = try RedisConfiguration(url: server.url).makeExecutor()
            try await first.send("PING")
            let time = ManualTime()
            let second = try RedisConfiguration(url: server.url).makeExecutor(time: time.source)
            for _ in 0..<5 {
                let error = await #expect(throws: SessionsError.self) { try await second.send("PING") }
                #expect(error?.code == .unavailable)
            }
            #expect(try await rejected(by: first) == 1)
            time.advance(by: .seconds(3))
            await #expect(throws: SessionsError.self) { try await second.send("PING") }
            #expect(try await rejected(by: first) == 2)
            await first.shutDown()
            await second.shutDown()
        }
    }

    private func rejected(by redis: any RedisExecutor) async throws -> Int? {
        let info = try await redis.send("INFO", "stats").text ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("rejected_connections:") }
        return line.flatMap { Int($0.dropFirst("rejected_connections:".count)) }
    }
}

/// What tasks count together.
private final class Tally: Sendable {
    let failures = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
}
