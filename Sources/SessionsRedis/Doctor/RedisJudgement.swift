internal import Sessions

/// What is wrong or unsafe about a server, by its answers: no I/O.
struct RedisJudgement {
    /// What the server is there for.
    enum Purpose {
        /// The sessions themselves: nothing may get lost.
        case store
        /// Copies: any of them may get lost, none may stay for want of room.
        case cache
    }

    let answers: RedisAnswers
    let purpose: Purpose
    let safety: LinkSafety

    /// Everything that was looked at.
    var findings: [Finding] {
        var all = [tls, password, rights]
        guard !answers.info.isEmpty else {
            all.append(
                Finding(
                    "server", .unknown, "the server's state is unknown, because this user may not run INFO",
                    advice: "ACL SETUSER it +info"))
            return all
        }
        all += [version, eviction, memory, connections, answers.clock.finding]
        if purpose == .store {
            all += [recency, persistence, saving, replicas, replication] + (hasLog == true ? [fsync] : [])
        }
        return all
    }

    // MARK: Who may do what

    private var tls: Finding {
        safety.finding(
            verify: "leave verify=none out of the URL", encrypt: "write rediss:// (or tls=yes) without plaintext=yes")
    }

    private var password: Finding {
        let known = [answers.user, answers.defaultUser].compactMap { $0 }
        if let open = known.first(where: \.isOpen) {
            return Finding(
                "password", safety == .local ? .warning : .problem,
                "\(named(open)) needs no password: whoever reaches the server is this user",
                advice: open.name == "default"
                    ? "set requirepass, or ACL SETUSER default off once others are there" : "ACL SETUSER it >PASSWORD")
        }
        guard known.count == 2, let user = answers.user else {
            return unknown("password", "whether a password is needed", userCommand)
        }
        return Finding("password", .fine, "\(named(user)) has a password, and nobody gets in without one")
    }

    private var rights: Finding {
        guard let user = answers.user else { return unknown("rights", "what else this user may do", userCommand) }
        let dangers = user.dangers
        guard dangers.isEmpty else {
            return Finding(
                "rights", .warning, "\(named(user)) may run \(dangers.joined(separator: ", "))",
                advice: "give it the rules of RedisAccess alone: an operator those of revoking(), a node serving()")
        }
        guard !user.hasAllKeys else {
            return Finding(
                "rights", .warning, "\(named(user)) may touch every key, the payloads and other applications' too",
                advice: "ACL SETUSER it resetkeys ~sessions:NAMESPACE:*, and for a node ~payloads:NAMESPACE:*")
        }
        return Finding("rights", .fine, "\(named(user)) may touch keys of its own alone, and end none of them all")
    }

    /// A name is somebody else's text: a few of its plain characters are enough to know it by.
    private func named(_ user: RedisUser) -> String { "the user \(Self.word(user.name))" }

    /// What tells of the user, as far as it is the reason that nothing is known.
    var userCommand: String { answers.refused.contains("ACL WHOAMI") ? "ACL WHOAMI" : "ACL GETUSER" }

    /// A finding about what the user may not ask, or the server doesn't tell.
    func unknown(_ check: String, _ what: String, _ command: String) -> Finding {
        guard answers.refused.contains(command) else {
            return Finding(check, .unknown, "\(what) is unknown, because the server doesn't tell")
        }
        return Finding(
            check, .unknown, "\(what) is unknown, because this user may not run \(command) here",
            advice: "ask once as a user who may run \(command)")
    }

    /// A word of somebody else's, fit for screens.
    static func word(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { (0x21...0x7e).contains($0.value) }.prefix(40)
        return String(String.UnicodeScalarView(plain))
    }

    // MARK: The server

    private var version: Finding {
        let version = answers.version
        guard let major = version.first, major > 0 else {
            return Finding("version", .unknown, "the server doesn't tell its version")
        }
        let text = version.map(String.init).joined(separator: ".")
        guard version.lexicographicallyPrecedes([6, 2]) else {
            return Finding("version", .fine, "it speaks as Redis \(text) does")
        }
        return Finding(
            "version", .warning, "the server is as old as Redis \(text), which gets no fixes any more",
            advice: "bring it to Redis 7.2 or later, or to Valkey")
    }

    private var connections: Finding {
        guard let rejected = answers.count("rejected_connections") else {
            return Finding("connections", .unknown, "the server doesn't tell how many connections it refused")
        }
        guard rejected > 0 else { return Finding("connections", .fine, "no connection was refused for want of room") }
        return Finding(
            "connections", .warning, "\(rejected) connections were refused since the server started",
            advice: "raise maxclients, or open fewer connections")
    }
}
