import Sessions
import Synchronization

@testable import SessionsRedis

/// A server that answers what it was told to, whatever it is asked.
final class ScriptedExecutor: RedisExecutor {
    private let answers: Mutex<[[Result<RESPValue, RedisError>]]>

    /// Makes one.
    ///
    /// - Parameter answers: to each send of one command or more, in order.
    init(_ answers: [[Result<RESPValue, RedisError>]]) { self.answers = Mutex(answers) }

    let name = "a script"

    /// To how many sends there are answers still.
    var left: Int { answers.withLock { $0.count } }

    func send(_ command: RedisCommand) async throws -> RESPValue {
        let results = try await send([command])
        return try results[0].get()
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        guard !commands.isEmpty else { return [] }
        let results = answers.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        guard results.count == commands.count else { throw SessionsError(.unavailable, "there is no such answer") }
        return results
    }

    func servers() async throws -> [any RedisExecutor] { [self] }

    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {}

    func shutDown() async {}
}
