internal import Sessions

/// What is wrong or unsafe about a server and our tables in it, by its answers: no I/O.
struct PostgresJudgement {
    let answers: PostgresAnswers

    /// Everything that was looked at.
    var findings: [Finding] {
        [
            tls, password, rights, everybody, version, connections, answers.clock.finding, fsync, durability, standbys,
            indexes, finality, deadRows, bloat,
        ]
    }

    // MARK: Who may do what

    private var tls: Finding {
        answers.link.safety.finding(
            verify: "write sslmode=verify-full", encrypt: "write sslmode=verify-full into the URL")
    }

    /// A rule of trust is worse than the way that this connection came in by.
    private var password: Finding {
        if let trust = answers.trust, trust.local + trust.remote > 0 {
            let (count, whence) = trust.remote > 0 ? (trust.remote, "elsewhere") : (trust.local, "its own machine")
            return Finding(
                "password", trust.remote > 0 ? .problem : .warning,
                "\(count) rules of pg_hba.conf let anybody in from \(whence) as any role, without a password (trust)",
                advice: "write scram-sha-256 in place of trust, and reload the configuration")
        }
        let link = answers.link
        if link.usedPassword { return Finding("password", .fine, "the server asked for a password") }
        if link.isSocket {
            return Finding(
                "password", .unknown,
                "the server let a process of its own machine in without a password: peer or trust",
                advice: "look at the rules for local in pg_hba.conf")
        }
        if link.hasCertificate || link.safety == .encrypted {
            return Finding(
                "password", .unknown, "the server asked for no password; it may have seen a certificate or ticket")
        }
        return Finding(
            "password", link.safety == .local ? .warning : .problem, "the server let this role in without a password",
            advice: "write scram-sha-256 in pg_hba.conf, and reload the configuration")
    }

    private var rights: Finding {
        guard let role = answers.role else { return Finding("rights", .unknown, "what this role may do is unknown") }
        let advice = "make a role for each task, and grant it what PostgresStore.grants lists"
        if role.isSuperuser {
            return Finding(
                "rights", .warning, "\(named(role)) is a superuser: it may do everything, on the server's machine too",
                advice: advice)
        }
        let more: [(Bool, String)] = [
            (role.leavesDatabase, "touch files or run programs on the server"), (role.makesRoles, "make roles"),
            (role.makesDatabases, "make databases"), (role.replicates, "copy the whole server (replication)"),
            (role.passesRowSecurity, "pass over row security"),
            (role.ownsTables, "drop the tables and change the audit log, which are its own"),
        ]
        let words = more.filter(\.0).map(\.1)
        guard !words.isEmpty else {
            return Finding("rights", .fine, "\(named(role)) has no right that sessions don't need")
        }
        return Finding("rights", .warning, "\(named(role)) may \(words.joined(separator: ", "))", advice: advice)
    }

    private var everybody: Finding {
        guard let rights = answers.publicRights else {
            return Finding("public", .unknown, "what everybody may do with the tables is unknown")
        }
        guard !rights.isEmpty else { return Finding("public", .fine, "nothing in the tables is for everybody") }
        let shown = rights.prefix(3).map(Self.word).joined(separator: ", ")
        return Finding(
            "public", .problem, "everybody who signs in to the database has rights: \(shown)",
            advice: "REVOKE ALL ON ALL TABLES IN SCHEMA the store's FROM PUBLIC")
    }

    /// A name is somebody else's text: a few of its plain characters are enough to know it by.
    private func named(_ role: PostgresAnswers.Role) -> String { "the role \(Self.word(role.name))" }

    static func word(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { (0x20...0x7e).contains($0.value) }.prefix(60)
        return String(String.UnicodeScalarView(plain))
    }

    // MARK: The server

    private var version: Finding {
        let major = answers.majorVersion
        guard major < 14 else { return Finding("version", .fine, "it is PostgreSQL \(major)") }
        return Finding(
            "version", .warning, "the server is PostgreSQL \(major), which gets no fixes any more",
            advice: "bring it to a version that is looked after (pg_upgrade)")
    }

    private var connections: Finding {
        guard let open = answers.connections, let limit = number("max_connections") else {
            return Finding("connections", .unknown, "how many connections are open is unknown")
        }
        let free = limit - (number("superuser_reserved_connections") ?? 0)
        let words = "\(open) of \(free) connections are open"
        let advice = "raise max_connections, or let each node open fewer (PostgresStore.Limits)"
        if open >= free { return Finding("connections", .problem, "\(words): nobody else can connect", advice: advice) }
        guard open * 5 < free * 4 else {
            return Finding("connections", .warning, "\(words): few are left", advice: advice)
        }
        return Finding("connections", .fine, words)
    }

    func number(_ setting: String) -> Int? { answers.settings[setting].flatMap { Int($0) } }
}
