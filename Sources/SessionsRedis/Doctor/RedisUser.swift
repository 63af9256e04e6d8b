/// A user as ACL GETUSER describes it.
struct RedisUser: Sendable, Equatable {
    /// What it may do with some keys: the user's own rules, or those of a selector (Redis 7).
    struct Grant: Sendable, Equatable {
        /// The rules about commands, in order: `-@all +get`.
        var commands: [String]
        /// The patterns of the keys: `~*`.
        var keys: [String]
    }

    /// Its name.
    var name: String
    /// `on`, `nopass` and so on.
    var flags: Set<String>
    /// The user's own rules, then those of its selectors: each of them is enough for what it allows.
    var grants: [Grant]

    /// Reads an answer; `nil` where it is none.
    init?(name: String, _ reply: RESPValue) {
        let facts = Self.facts(reply)
        guard let flags = facts["flags"].map(Self.words), let own = Grant(facts) else { return nil }
        let selectors = facts["selectors"]?.elements ?? []
        let more = selectors.compactMap { Grant(Self.facts($0)) }
        // One that can't be read may allow anything.
        guard more.count == selectors.count else { return nil }
        self.init(name: name, flags: Set(flags), grants: [own] + more)
    }

    init(name: String, flags: Set<String>, grants: [Grant]) {
        (self.name, self.flags, self.grants) = (name, flags, grants)
    }

    fileprivate static func facts(_ reply: RESPValue) -> [String: RESPValue] {
        let pairs = (reply.pairs ?? []).compactMap { pair in pair.0.text.map { ($0, pair.1) } }
        return Dictionary(pairs) { $1 }
    }

    /// Redis 6 lists the keys, Redis 7 writes them in one text.
    fileprivate static func words(_ value: RESPValue) -> [String] {
        (value.elements?.compactMap(\.text) ?? [value.text ?? ""]).flatMap { $0.split(separator: " ").map(String.init) }
    }
}

extension RedisUser.Grant {
    fileprivate init?(_ facts: [String: RESPValue]) {
        guard let commands = facts["commands"].map(RedisUser.words) else { return nil }
        self.init(commands: commands, keys: facts["keys"].map(RedisUser.words) ?? [])
    }
}

// MARK: - What it may do

extension RedisUser {
    /// Whether everybody can be this user.
    var isOpen: Bool { flags.contains("on") && flags.contains("nopass") }

    /// Whether it may touch every key.
    var hasAllKeys: Bool {
        flags.contains("allkeys")
            || grants.contains { $0.keys.contains { ["*", "~*", "%RW~*", "%R~*", "%W~*"].contains($0) } }
    }

    /// Which of the commands that no session needs it may run.
    var dangers: [String] {
        Self.dangerous.filter { danger in
            grants.contains { Self.mayRun(danger.command, danger.categories, $0, flags) }
        }.map(\.name)
    }

    /// Whether it may look at keys without their idle times being changed (CLIENT NO-TOUCH).
    var mayKeepIdleTimes: Bool {
        grants.contains { Self.mayRun("client|no-touch", ["all", "connection", "slow"], $0, flags) }
    }

    private static let dangerous: [(name: String, command: String, categories: Set<String>)] = [
        ("FLUSHALL", "flushall", ["all", "keyspace", "write", "slow", "dangerous"]),
        ("CONFIG SET", "config|set", ["all", "admin", "slow", "dangerous"]),
        ("KEYS", "keys", ["all", "keyspace", "read", "slow", "dangerous"]),
        ("SHUTDOWN", "shutdown", ["all", "admin", "slow", "dangerous"]),
    ]

    /// Later rules win over earlier ones, as in the server.
    private static func mayRun(
        _ command: String, _ categories: Set<String>, _ grant: Grant, _ flags: Set<String>
    ) -> Bool {
        var may = flags.contains("allcommands")
        for rule in grant.commands {
            let word = rule.dropFirst().lowercased()
            let isMeant =
                word.hasPrefix("@")
                ? categories.contains(String(word.dropFirst())) : word == command || command.hasPrefix("\(word)|")
            if isMeant { may = rule.hasPrefix("+") }
        }
        return may
    }
}
