import NIOEmbedded
import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsMemcached

@Suite(.timeLimit(.minutes(1))) struct MemcachedLaneTests {
    private static let address = MemcachedAddress(host: "away")

    /// Attempts to connect that a test answers.
    private final class Attempts: Sendable {
        private let stream = AsyncStream.makeStream(of: CheckedContinuation<MemcachedLink, any Error>.self)

        func make() async throws -> MemcachedLink {
            try await withCheckedThrowingContinuation { stream.continuation.yield($0) }
        }

        /// Waits for the next one.
        func next() async throws -> CheckedContinuation<MemcachedLink, any Error> {
            try #require(await stream.stream.first { _ in true })
        }
    }

    private let time = ManualTime()
    private let attempts = Attempts()

    private func lane() -> MemcachedLane {
        let attempts = attempts
        return MemcachedLane(to: Self.address, time: time.source) { try await attempts.make() }
    }

    private let refusal = SessionsError(.unavailable, "away")

    @Test("Callers who come together wait for one attempt, and a failed one fails them all")
    func oneAttempt() async throws {
        let lane = lane()
        let first = Task { try await lane.send(.noop) }
        let attempt = try await attempts.next()
        let second = Task { try await lane.send(.noop) }
        attempt.resume(throwing: refusal)
        await expect(.unavailable) { try await first.value }
        await expect(.unavailable) { try await second.value }
    }

    @Test("After a failure nobody waits: everybody is refused at once, and an attempt is made when it is due")
    func backingOff() async throws {
        let lane = lane()
        let first = Task { try await lane.send(.noop) }
        try await attempts.next().resume(throwing: refusal)
        await expect(.unavailable) { try await first.value }
        // Refused by the clock alone: no attempt is made, or the next one to answer would not be the due one.
        for _ in 0..<5 { await expect(.unavailable) { try await lane.send(.noop) } }
        time.advance(by: .milliseconds(50))
        await expect(.unavailable) { try await lane.send(.noop) }
        let due = try await attempts.next()
        await expect(.unavailable) { try await lane.send(.noop) }
        let server = try await ScriptedServer()
        due.resume(returning: MemcachedLink(connection: server.connection, version: "1.6.99", statistics: [:]))
        while lane.version == nil { await Task.yield() }
        async let reply = lane.send(.noop)
        #expect(try await server.received() == "mn\r\n")
        try await server.say("MN\r\n")
        #expect(try await reply.0 == .outcome(.noop))
        #expect(lane.version == "1.6.99")
    }

    @Test("A command for a run of the server that is over isn't sent to the next one")
    func runs() async throws {
        let lane = lane()
        let first = ["pid": "1", "time": "1000", "uptime": "10"]
        let server = try await ScriptedServer()
        async let version = lane.send(.version)
        try await attempts.next().resume(
            returning: MemcachedLink(connection: server.connection, version: "1", statistics: first))
        _ = try await server.received()
        try await server.say("VERSION 1\r\n")
        let run = try await version.run
        #expect(run == MemcachedLink.run(by: ["pid": "1", "time": "1500", "uptime": "510"]), "later, the same run")
        server.connection.close(.lost(Self.address))
        async let late = lane.send(.noop, onlyTo: run)
        let next = try await ScriptedServer()
        let restarted = ["pid": "1", "time": "1500", "uptime": "3"]
        try await attempts.next().resume(
            returning: MemcachedLink(connection: next.connection, version: "1", statistics: restarted))
        #expect(try await late == nil)
    }

    @Test("A connection closes when the lane goes")
    func closing() async throws {
        let server = try await ScriptedServer()
        do {
            let lane = lane()
            async let reply = lane.send(.noop)
            try await attempts.next().resume(
                returning: MemcachedLink(connection: server.connection, version: "1", statistics: [:]))
            _ = try await server.received()
            try await server.say("MN\r\n")
            _ = try await reply
        }
        while !server.connection.hasEnded { await Task.yield() }
    }
}
