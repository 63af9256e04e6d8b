@testable import SessionsRedis

extension RedisCommand {
    /// A command of text.
    static func of(_ words: String...) -> RedisCommand {
        RedisCommand(words: Self.words(words), key: words.count > 1 ? Array(words[1].utf8) : nil)
    }
}

extension RedisExecutor {
    /// Sends a command of text; its second word is its key.
    @discardableResult
    func send(_ words: String...) async throws -> RESPValue {
        let key = words.count > 1 ? Array(words[1].utf8) : nil
        return try await send(RedisCommand(words: RedisCommand.words(words), key: key))
    }
}
