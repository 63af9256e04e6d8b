import NIOCore
import NIOEmbedded
import Sessions
import Testing

@testable import SessionsRedis

@Suite("A connection, on a loop that is moved by hand")
struct ConnectionTests {
    /// A connection with its channel.
    private struct Fixture {
        let channel = NIOAsyncTestingChannel()
        let connection: RedisConnection

        init() async throws {
            let connection = RedisConnection(
                channel: channel, address: .host("127.0.0.1", port: 6379), commandLimit: .seconds(2))
            self.connection = connection
            let channel = channel
            try await channel.testingEventLoop.executeInContext {
                try channel.pipeline.syncOperations.addHandler(RedisChannelHandler(connection) { _ in })
            }
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 6379))
        }

        /// What was written in one piece.
        func written() async throws -> String {
            String(buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
        }

        func answer(_ text: String) async throws { try await channel.writeInbound(ByteBuffer(string: text)) }
    }

    @Test("Replies go to the callers in order, also several in one piece and one in several")
    func order() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        async let first = connection.send(RedisCommand.words(["A"]))
        #expect(try await fixture.written() == "*1\r\n$1\r\nA\r\n")
        async let batch = connection.send([RedisCommand.words(["B"]), RedisCommand.words(["C"])])
        #expect(try await fixture.written() == "*1\r\n$1\r\nB\r\n*1\r\n$1\r\nC\r\n")
        async let last = connection.send(RedisCommand.words(["D"]))
        #expect(try await fixture.written() == "*1\r\n$1\r\nD\r\n")
        try await fixture.answer("+a\r\n+b\r\n-ERR ")
        #expect(try await first.text == "a")
        try await fixture.answer("c\r\n+d\r\n")
        #expect(try await batch == [.bytes(Array("b".utf8)), .error(RedisError(kind: "ERR", message: "c"))])
        #expect(try await last.text == "d")
    }

    @Test("A connection closes when its lane goes")
    func laneGoes() async throws {
        let connection = try await Fixture().connection
        do {
            let lane = RedisLane(to: connection.address, time: .system) { connection }
            let made = try await lane.connection()
            #expect(made === connection && !connection.hasEnded)
        }
        _ = try await connection.untilEnd()
    }

    @Test("A command without a reply in its time ends the connection, and all who wait on it")
    func timeLimit() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        let loop = fixture.channel.testingEventLoop
        let first = Task { try await connection.send(RedisCommand.words(["A"])) }
        _ = try await fixture.written()
        await loop.advanceTime(by: .milliseconds(1500))
        let second = Task { try await connection.send(RedisCommand.words(["B"])) }
        _ = try await fixture.written()
        try await fixture.answer("+a\r\n")
        #expect(try await first.value.text == "a")
        // The first one's time is up, the second's isn't.
        await loop.advanceTime(by: .milliseconds(1900))
        #expect(!connection.hasEnded)
        let third = Task { try await connection.send(RedisCommand.words(["C"])) }
        _ = try await fixture.written()
        await loop.advanceTime(by: .milliseconds(100))
        for task in [second, third] {
            let error = await #expect(throws: SessionsError.self) { try await task.value }
            #expect(error?.code == .unavailable)
        }
        #expect(connection.hasEnded)
        await #expect(throws: NotSent.self) { try await connection.send(RedisCommand.words(["D"])) }
        #expect(!fixture.channel.isActive)
    }

    @Test("While the server reads no more, commands wait here, as many as may, and go on when it does")
    func slowServer() async throws {
        let fixture = try await Fixture()
        let (channel, connection) = (fixture.channel, fixture.connection)
        channel.isWritable = false
        let first = Task { try await connection.send(RedisCommand.words(["A"])) }
        while connection.outgoingByteCount == 0 { await Task.yield() }
        await channel.testingEventLoop.run()
        #expect(try await channel.readOutbound(as: ByteBuffer.self) == nil)
        let large = Task { try await connection.send([Array("B".utf8), Array(repeating: 7, count: 64 << 20)]) }
        while connection.outgoingByteCount < 64 << 20 { await Task.yield() }
        let error = await #expect(throws: SessionsError.self) { try await connection.send(RedisCommand.words(["C"])) }
        #expect(error?.code == .busy)
        channel.isWritable = true
        try await channel.testingEventLoop.executeInContext { channel.pipeline.fireChannelWritabilityChanged() }
        #expect(try await channel.waitForOutboundWrite(as: ByteBuffer.self).readableBytes > 64 << 20)
        try await fixture.answer("+a\r\n+b\r\n")
        #expect(try await first.value.text == "a")
        #expect(try await large.value.text == "b")
    }

    @Test("The time limit holds behind a command that has no reply of its own")
    func timeLimitAfterTelling() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        connection.tell(RedisCommand.words(["S"]))
        _ = try await fixture.written()
        let first = Task { try await connection.send(RedisCommand.words(["A"])) }
        _ = try await fixture.written()
        await fixture.channel.testingEventLoop.advanceTime(by: .seconds(2))
        let error = await #expect(throws: SessionsError.self) { try await first.value }
        #expect(error?.code == .unavailable)
    }

    @Test("A caller who went away still has a reply coming, which nobody gets")
    func cancelling() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        let first = Task { try await connection.send([RedisCommand.words(["A"]), RedisCommand.words(["B"])]) }
        _ = try await fixture.written()
        let second = Task { try await connection.send(RedisCommand.words(["C"])) }
        _ = try await fixture.written()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await fixture.answer("+a\r\n+b\r\n+c\r\n")
        #expect(try await second.value.text == "c")
    }

    @Test("A task that was cancelled before sends nothing")
    func cancelled() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await connection.send(RedisCommand.words(["A"]))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await fixture.channel.readOutbound(as: ByteBuffer.self) == nil)
    }

    @Test(
        "What isn't Redis, and a reply that nobody waits for, end the connection",
        arguments: ["HTTP/1.1 400 Bad Request\r\n", "+a\r\n+b\r\n"])
    func strangers(text: String) async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        let first = Task { try? await connection.send(RedisCommand.words(["A"])) }
        _ = try await fixture.written()
        try await fixture.answer(text)
        _ = await first.value
        #expect(try await connection.untilEnd().code == .unavailable)
        await #expect(throws: NotSent.self) { try await connection.send(RedisCommand.words(["B"])) }
    }

    @Test("The other side closes: whoever waits is told")
    func closing() async throws {
        let fixture = try await Fixture()
        let connection = fixture.connection
        let first = Task { try await connection.send(RedisCommand.words(["A"])) }
        _ = try await fixture.written()
        try await fixture.channel.close()
        let error = await #expect(throws: SessionsError.self) { try await first.value }
        #expect(error?.code == .unavailable)
    }
}
