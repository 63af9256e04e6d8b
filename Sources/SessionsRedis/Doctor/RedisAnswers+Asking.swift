internal import Sessions

extension RedisAnswers {
    /// Asks a server; what the user may not ask stays unknown, and no refusal is an error.
    ///
    /// - Parameters:
    ///   - executor: the server.
    ///   - time: this machine's clock.
    /// - Throws: `SessionsError` with `unavailable` where the server gives no answer at all.
    init(asking executor: any RedisExecutor, time: TimeSource) async throws {
        self.init()
        let before = time.wall()
        if let text = try await ask(executor, "INFO")?.text {
            asked = (before, time.wall())
            info = ServerInfo(text: text).facts
        }
        // One name each: Redis 6 takes no more than one.
        for name in ["save", "appendfsync", "min-replicas-to-write"] {
            for (key, value) in try await ask(executor, "CONFIG", "GET", name)?.pairs ?? [] {
                if let key = key.text, let value = value.text { config[key] = value }
            }
        }
        guard let name = try await ask(executor, "ACL", "WHOAMI")?.text,
            let reply = try await ask(executor, "ACL", "GETUSER", name)
        else { return }
        user = RedisUser(name: name, reply)
        defaultUser =
            name == "default"
            ? user
            : try await ask(executor, "ACL", "GETUSER", "default").flatMap {
                RedisUser(name: "default", $0)
            }
    }

    private mutating func ask(_ executor: any RedisExecutor, _ words: String...) async throws -> RESPValue? {
        do {
            return try await executor.send(RedisCommand(words: RedisCommand.words(words)))
        } catch is RedisError {
            // Not permitted, renamed, or not there in this server: it is unknown in each case.
            refused.insert(words.prefix(2).joined(separator: " "))
            return nil
        }
    }
}
