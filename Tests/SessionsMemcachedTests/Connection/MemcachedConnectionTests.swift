import NIOCore
import NIOEmbedded
import Sessions
import Testing

@testable import SessionsMemcached

@Suite(.timeLimit(.minutes(1))) struct MemcachedConnectionTests {
    private func key(_ text: String = "k") throws -> MemcachedKey { try #require(MemcachedKey(text.bytes)) }

    @Test("Commands that come together share one write, and each caller gets its own reply")
    func pipelining() async throws {
        let server = try await ScriptedServer()
        let keys = try (0..<8).map { try key("k\($0)") }
        try await withThrowingTaskGroup(of: (Int, MemcachedReply).self) { group in
            for (index, key) in keys.enumerated() {
                group.addTask { (index, try await server.connection.send(.get(key))) }
            }
            var lines: [Substring] = []
            while lines.count < 8 { lines += try await server.received().split(separator: "\r\n") }
            for line in lines {
                let words = line.split(separator: " ")
                let opaque = try #require(words.last)
                try await server.say("VA 2 \(opaque)\r\n\(words[1])\r\n")
            }
            for try await (index, reply) in group {
                guard case .item(let value, _) = reply else { throw Unexpected("no item: \(reply)") }
                #expect(value == "k\(index)".bytes)
            }
        }
    }

    @Test("While the server reads no more, commands wait here, as many as may, and go on when it does")
    func slowServer() async throws {
        let server = try await ScriptedServer()
        let (channel, connection) = (server.channel, server.connection)
        channel.isWritable = false
        let first = Task { try await connection.send(.noop) }
        while connection.outgoingByteCount == 0 { await Task.yield() }
        await channel.testingEventLoop.run()
        #expect(try await channel.readOutbound(as: ByteBuffer.self) == nil)
        let (key, value) = (try key(), Array(repeating: UInt8(7), count: 32 << 20))
        let large = Task { try await connection.send(.set(key, value: value, flags: 0, life: .endless)) }
        while connection.outgoingByteCount < 32 << 20 { await Task.yield() }
        await expect(.busy) { try await connection.send(.noop) }
        channel.isWritable = true
        try await channel.testingEventLoop.executeInContext { channel.pipeline.fireChannelWritabilityChanged() }
        #expect(try await channel.waitForOutboundWrite(as: ByteBuffer.self).readableBytes > 32 << 20)
        try await server.say("MN\r\n")
        #expect(try await first.value == .outcome(.noop))
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
    }

    @Test("A command without a reply in its time ends the connection, and everybody who waits is told")
    func timeLimit() async throws {
        let server = try await ScriptedServer(commandLimit: .seconds(1))
        let first = Task { try await server.connection.send(.noop) }
        #expect(try await server.received() == "mn\r\n")
        await server.channel.testingEventLoop.advanceTime(by: .milliseconds(700))
        let second = Task { try await server.connection.send(.noop) }
        #expect(try await server.received() == "mn\r\n")
        await server.channel.testingEventLoop.advanceTime(by: .milliseconds(299))
        #expect(!server.connection.hasEnded)
        await server.channel.testingEventLoop.advanceTime(by: .milliseconds(1))
        await expect(.unavailable) { try await first.value }
        await expect(.unavailable) { try await second.value }
        #expect(server.connection.hasEnded && !server.connection.hasBeenUseful)
        #expect(!server.channel.isActive)
        let error = await #expect(throws: NotSent.self) { try await server.connection.send(.noop) }
        #expect(error?.reason.message.contains("in time") == true)
    }

    @Test("A reply in time leaves the connection open, and the next command has all of its own time")
    func inTime() async throws {
        let server = try await ScriptedServer(commandLimit: .seconds(1))
        for _ in 0..<3 {
            async let reply = server.connection.send(.noop)
            #expect(try await server.received() == "mn\r\n")
            await server.channel.testingEventLoop.advanceTime(by: .milliseconds(900))
            try await server.say("MN\r\n")
            #expect(try await reply == .outcome(.noop))
        }
        await server.channel.testingEventLoop.advanceTime(by: .seconds(60))
        #expect(!server.connection.hasEnded && server.connection.hasBeenUseful)
    }

    @Test("Whoever is cancelled is let go at once, and the next caller doesn't get the late reply")
    func cancellation() async throws {
        let server = try await ScriptedServer()
        let key = try key()
        let gone = Task { try await server.connection.send(.get(key)) }
        #expect(try await server.received().contains("O1"))
        gone.cancel()
        await #expect(throws: CancellationError.self) { try await gone.value }
        async let next = server.connection.send(.get(key))
        #expect(try await server.received().contains("O2"))
        try await server.say("VA 3 O1\r\nold\r\nVA 3 O2\r\nnew\r\n")
        #expect(try await next == .item(value: "new".bytes, flags: MetaFlags(opaque: 2)))
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await server.connection.send(.get(key))
        }
        await #expect(throws: CancellationError.self) { try await early.value }
    }

    @Test(
        "A stream that slips or isn't memcached's ends the connection, before anybody gets another's item",
        arguments: ["VA 3 O9\r\nabc\r\n", "HD O1\r\n", "-ERR unknown command\r\n", "HTTP/1.1 400\r\n", "MN\r\n"])
    func confused(_ answer: String) async throws {
        let server = try await ScriptedServer()
        let key = try key()
        let reply = Task { try await server.connection.send(.get(key)) }
        _ = try await server.received()
        try await server.say(answer)
        let error = await expect(.unavailable) { try await reply.value }
        #expect(error?.message.contains("does not speak memcached") == true)
        #expect(server.connection.hasEnded)
    }

    @Test("What nobody asked for ends the connection")
    func unasked() async throws {
        let server = try await ScriptedServer()
        try await server.say("MN\r\n")
        #expect(server.connection.hasEnded)
    }

    @Test("A connection that the server closes fails whoever waits, and takes no more")
    func closed() async throws {
        let server = try await ScriptedServer()
        try await server.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        let reply = Task { try await server.connection.send(.noop) }
        _ = try await server.received()
        try await server.channel.close()
        await expect(.unavailable) { try await reply.value }
        await #expect(throws: NotSent.self) { try await server.connection.send(.noop) }
    }

    @Test("A greeting that takes too long ends the connection; one in time doesn't")
    func greeting() async throws {
        let slow = try await ScriptedServer()
        slow.connection.beGreeted(within: .seconds(1))
        await slow.channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(slow.connection.hasEnded)
        let quick = try await ScriptedServer()
        quick.connection.beGreeted(within: .seconds(1))
        quick.connection.beginService()
        await quick.channel.testingEventLoop.advanceTime(by: .seconds(9))
        #expect(!quick.connection.hasEnded)
    }
}
