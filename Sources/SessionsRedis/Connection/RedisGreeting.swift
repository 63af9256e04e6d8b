internal import Sessions

/// What is said first on a connection: who we are, which protocol, which database.
///
/// HELLO says it all at once, from Redis 6 on. Where it isn't known, AUTH does, and the server speaks RESP2.
struct RedisGreeting: Sendable {
    /// What a connection is for.
    enum Role: Sendable {
        /// Ordinary commands.
        case primary
        /// Reads from a replica of a cluster.
        case replica
        /// Questions to a sentinel, who has users of its own and no databases.
        case sentinel
        /// Push messages, which RESP2 hasn't.
        case watch
    }

    private let configuration: RedisConfiguration
    private let role: Role

    init(_ configuration: RedisConfiguration, role: Role) {
        self.configuration = configuration
        self.role = role
    }

    /// Greets.
    ///
    /// - Throws: `SessionsError`: `refused` for a wrong password or a missing right, `unsupported` where a watch isn't
    ///   possible, `unavailable` else.
    func greet(_ connection: RedisConnection) async throws {
        let reply = try await connection.send(hello)
        if case .error(let error) = reply {
            guard error.meansUnknownCommand || error.kind == "NOPROTO" else { throw failure(error, connection) }
            if role == .watch {
                throw SessionsError(
                    .unsupported, "Redis at \(connection.address) can't tell of changes: that takes Redis 6 or later")
            }
            try await greetByAuth(connection)
        }
        for (words, isNeeded) in followUps {
            if case .error(let error) = try await connection.send(words), isNeeded { throw failure(error, connection) }
        }
    }

    private var user: String? { role == .sentinel ? configuration.sentinelUser : configuration.user }

    private var password: String? { role == .sentinel ? configuration.sentinelPassword : configuration.password }

    private var hello: [[UInt8]] {
        var words = ["HELLO", "3"]
        if let password { words += ["AUTH", user ?? "default", password] }
        return RedisCommand.words(words + ["SETNAME", configuration.clientName])
    }

    private func greetByAuth(_ connection: RedisConnection) async throws {
        if let password {
            let words = RedisCommand.words(["AUTH"] + (user.map { [$0] } ?? []) + [password])
            if case .error(let error) = try await connection.send(words) { throw failure(error, connection) }
        }
        // Nothing depends on the name.
        _ = try await connection.send(RedisCommand.words(["CLIENT", "SETNAME", configuration.clientName]))
    }

    /// What else is said, and whether it has to work.
    private var followUps: [(words: [[UInt8]], isNeeded: Bool)] {
        var all: [(words: [[UInt8]], isNeeded: Bool)] = []
        if role == .replica { all.append((RedisCommand.words(["READONLY"]), true)) }
        if role != .sentinel, configuration.database != 0 {
            all.append((RedisCommand.words(["SELECT", String(configuration.database)]), true))
        }
        if role != .sentinel, configuration.keepsIdleTimes {
            all.append((RedisCommand.words(["CLIENT", "NO-TOUCH", "ON"]), false))
        }
        return all
    }

    /// A server repeats an unknown command's arguments, and the password is one of them: only known words are shown.
    private func failure(_ error: RedisError, _ connection: RedisConnection) -> SessionsError {
        let address = connection.address
        switch error.kind {
        case "WRONGPASS":
            return SessionsError(.refused, "Redis at \(address) refused the user or the password: check both")
        case "NOAUTH":
            return SessionsError(
                .refused, "Redis at \(address) asks for a password: set SESSIONTOP_PASSWORD, or a passwordCommand")
        case "NOPERM":
            return SessionsError(
                .refused, "this user has no right to begin at Redis at \(address): grant +@connection", cause: error)
        case "DENIED":
            return SessionsError(
                .refused, "Redis at \(address) is in protected mode: give it a password, or connect from its own host")
        case "ERR" where error.message.contains("max number of clients"):
            return SessionsError(
                .unavailable, "Redis at \(address) has no connection left: raise maxclients, or close some")
        case "ERR" where error.message.contains("DB index"):
            return SessionsError(
                .usage, "Redis at \(address) has no database \(configuration.database): give a lower number")
        case "ERR" where error.message.contains("password"):
            return SessionsError(
                .refused, "Redis at \(address) has no password set, or refused this one: check it, or give none")
        default:
            return SessionsError(
                .unavailable, "Redis at \(address) refused the connection with \(error.kind): see its log")
        }
    }
}

extension RedisError {
    /// Whether the server doesn't know the command.
    var meansUnknownCommand: Bool { kind == "ERR" && message.lowercased().hasPrefix("unknown command") }
}

extension RedisCommand {
    /// Words of text as bytes.
    static func words(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}
