import Sessions
import Synchronization

@testable import SessionsRedis

/// A server that answers what it was told to, whatever it is asked.
final class ScriptedExecutor: RedisExecutor {
    typealias Answer = Result<RESPValue, RedisError>

    /// What opening a store asks it.
    static let opening: [[Answer]] = [
        [.success(.bytes(.word("redis_version:7.0.15\r\n")))], [.success(.bytes(.word(StoreKeys.format)))],
    ]

    /// What a script answers.
    static func packed(_ write: (inout PackedWriter) -> Void) -> Answer {
        var writer = PackedWriter()
        write(&writer)
        return .success(.bytes(writer.bytes))
    }

    private let state: Mutex<(answers: [[Answer]], asked: [RedisCommand])>

    /// Makes one.
    ///
    /// - Parameter answers: to each send of one command or more, in order.
    init(_ answers: [[Answer]]) { state = Mutex((answers: answers, asked: [])) }

    let name = "a script"

    /// To how many sends there are answers still.
    var left: Int { state.withLock { $0.answers.count } }
    /// What it has been asked.
    var asked: [RedisCommand] { state.withLock { $0.asked } }

    /// Opens a store on it.
    func store() async throws -> RedisStore {
        try await RedisStore.open(
            executor: self, url: "redis://x", mode: .existing, namespace: "default", retention: Retention(),
            time: OneRedis.time)
    }

    func send(_ command: RedisCommand) async throws -> RESPValue {
        let results = try await send([command])
        return try results[0].get()
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        guard !commands.isEmpty else { return [] }
        let results = state.withLock { state in
            state.asked += commands
            return state.answers.isEmpty ? [] : state.answers.removeFirst()
        }
        guard results.count == commands.count else { throw SessionsError(.unavailable, "there is no such answer") }
        return results
    }

    func servers() async throws -> [any RedisExecutor] { [self] }

    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {}

    func shutDown() async {}
}
