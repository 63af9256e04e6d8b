import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsRedis

/// One server for all tests of a suite, a database for each.
struct OneRedis: SuiteTrait, TestScoping {
    @TaskLocal static var server: SessionTesting.RedisServer?
    private static let databases = Atomic(0)

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        var options = SessionTesting.RedisServer.Options()
        options.arguments = ["--databases", "1000"]
        try await SessionTesting.RedisServer.with(options) { server in
            try await Self.$server.withValue(server) { try await function() }
        }
    }

    /// A database that no other test has.
    static func database() throws -> RedisConfiguration {
        let number = databases.wrappingAdd(1, ordering: .relaxed).newValue
        return try RedisConfiguration(url: "\(try #require(server).url)/\(number)")
    }

    /// Time as the conformance suite has it.
    static let time = TimeSource(
        wall: { Timestamp(milliseconds: 1_800_000_000_000) }, monotonic: TimeSource.system.monotonic,
        sleep: TimeSource.system.sleep)

    /// Lends an empty store, and what its server is asked with.
    static func withStore(
        time: TimeSource = OneRedis.time, _ body: (RedisStore, RedisConfiguration) async throws -> Void
    ) async throws {
        let configuration = try database()
        let store = try await RedisStore.open(configuration, mode: .create, time: time)
        do { try await body(store, configuration) } catch {
            await store.shutDown()
            throw error
        }
        await store.shutDown()
    }
}

extension Trait where Self == OneRedis {
    /// One server for all tests of the suite.
    static var oneRedis: OneRedis { OneRedis() }
}

extension RedisStore {
    /// Sends a command of text.
    @discardableResult
    func ask(_ words: String...) async throws -> RESPValue {
        try await executor.send(RedisCommand(words: RedisCommand.words(words)))
    }
}

/// A session that begins when the conformance suite's time stands still.
func freshSession(
    _ lifetime: Lifetime = .office, user: String? = "alice", payload: [UInt8] = [1, 2, 3]
) -> Session {
    Session(
        id: SessionID().hash, user: user, created: OneRedis.time.wall(), lifetime: lifetime,
        payload: Payload(bytes: payload))
}
