import Sessions
import Testing

@testable import SessionsRedis

/// What is said of a server by given answers.
@Suite struct RedisJudgementTests {
    /// One that has nothing wrong with it.
    private static let healthy: RedisAnswers = {
        var answers = RedisAnswers()
        answers.info = [
            "redis_version": "7.2.4", "maxmemory": "1000000", "maxmemory_policy": "noeviction", "used_memory": "1000",
            "evicted_keys": "0", "rejected_connections": "0", "aof_enabled": "1", "rdb_last_bgsave_status": "ok",
            "aof_last_write_status": "ok", "role": "master", "connected_slaves": "1",
            "server_time_usec": "1800000000000000",
        ]
        answers.config = ["save": "", "appendfsync": "always", "min-replicas-to-write": "1"]
        answers.asked = (Timestamp(milliseconds: 1_800_000_000_000), Timestamp(milliseconds: 1_800_000_000_001))
        answers.user = RedisUser(
            name: "ops", flags: ["on"], grants: [.init(commands: ["-@all", "+get"], keys: ["~sessions:default:*"])])
        answers.defaultUser = RedisUser(
            name: "default", flags: ["off"], grants: [.init(commands: ["+@all"], keys: ["~*"])])
        return answers
    }()

    private static func severities(
        _ purpose: RedisJudgement.Purpose = .store, _ safety: LinkSafety = .encrypted,
        _ change: (inout RedisAnswers) -> Void = { _ in }
    ) -> [String: Finding.Severity] {
        var answers = healthy
        change(&answers)
        let findings = RedisJudgement(answers: answers, purpose: purpose, safety: safety).findings
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0.severity) })
    }

    @Test("A server with nothing wrong is fine in every respect")
    func fine() {
        #expect(Set(Self.severities().values) == [.fine])
        #expect(Self.severities().count == 14)
        #expect(Set(Self.severities(.cache) { $0.info["maxmemory_policy"] = "allkeys-lru" }.values) == [.fine])
        #expect(Self.severities(.cache)["persistence"] == nil)
    }

    @Test("A server that tells nothing is never said to be fine")
    func silent() {
        for purpose in [RedisJudgement.Purpose.store, .cache] {
            let findings = RedisJudgement(answers: RedisAnswers(), purpose: purpose, safety: .plaintext).findings
            #expect(!findings.contains { $0.severity == .fine }, "\(findings)")
            var talking = RedisAnswers()
            talking.info = ["nothing": "known"]
            let more = RedisJudgement(answers: talking, purpose: purpose, safety: .plaintext).findings
            let unsaid = more.filter { $0.severity == .fine && $0.check != "replication" }
            #expect(unsaid.isEmpty, "\(unsaid)")
        }
    }

    @Test(
        "What may be wrong with the server is told, and how bad it is",
        arguments: [
            ("maxmemory_policy", "allkeys-lru", "eviction", Finding.Severity.problem),
            ("maxmemory_policy", "volatile-ttl", "eviction", .problem), ("evicted_keys", "7", "eviction", .problem),
            ("maxmemory", "0", "memory", .warning), ("used_memory", "950000", "memory", .warning),
            ("used_memory", "1000001", "memory", .problem), ("rejected_connections", "1", "connections", .warning),
            ("redis_version", "6.0.16", "version", .warning), ("redis_version", "x", "version", .unknown),
            ("aof_enabled", "0", "persistence", .problem), ("aof_last_write_status", "err", "saving", .problem),
            ("connected_slaves", "0", "replicas", .warning), ("role", "slave", "replication", .problem),
            ("server_time_usec", "1800000060000000", "clock", .warning),
            ("server_time_usec", "18446744073709551615", "clock", .unknown),
            ("server_time_usec", "-5", "clock", .unknown), ("maxmemory", "much", "eviction", .unknown),
        ])
    func server(name: String, value: String, check: String, severity: Finding.Severity) {
        #expect(Self.severities { $0.info[name] = value }[check] == severity)
    }

    @Test(
        "So are its settings, and those that may not be asked for are unknown",
        arguments: [
            ("appendfsync", "everysec", "fsync", Finding.Severity.warning), ("appendfsync", "no", "fsync", .problem),
            ("appendfsync", "sometimes", "fsync", .unknown), ("appendfsync", nil, "fsync", .unknown),
            ("min-replicas-to-write", "0", "replicas", .warning), ("min-replicas-to-write", nil, "replicas", .unknown),
        ] as [(String, String?, String, Finding.Severity)])
    func settings(name: String, value: String?, check: String, severity: Finding.Severity) {
        #expect(Self.severities { $0.config[name] = value }[check] == severity)
    }

    @Test("Snapshots alone are warned of; a cache needs nothing on its disk")
    func snapshots() {
        let change: (inout RedisAnswers) -> Void = {
            $0.info["aof_enabled"] = "0"
            $0.config["save"] = "3600 1"
        }
        #expect(Self.severities(change: change)["persistence"] == .warning)
        let untold: (inout RedisAnswers) -> Void = {
            change(&$0)
            $0.config["save"] = nil
        }
        #expect(Self.severities(change: untold)["persistence"] == .unknown)
    }

    private static func severities(change: (inout RedisAnswers) -> Void) -> [String: Finding.Severity] {
        severities(.store, .encrypted, change)
    }

    @Test("Where what is thrown out depends on its last use, looking must not count as one")
    func recency() {
        func severity(_ policy: String, _ version: String, _ rules: [String]?) -> Finding.Severity? {
            Self.severities { answers in
                answers.info["maxmemory_policy"] = policy
                answers.info["redis_version"] = version
                answers.user = rules.map {
                    RedisUser(name: "ops", flags: ["on"], grants: [.init(commands: $0, keys: ["~sessions:*"])])
                }
            }["recency"]
        }
        let (without, with) = (["-@all", "+get"], ["-@all", "+get", "+client|no-touch"])
        for policy in ["noeviction", "volatile-ttl", "allkeys-random"] {
            #expect(severity(policy, "7.0.15", without) == .fine)
        }
        for policy in ["allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu"] {
            #expect(severity(policy, "7.0.15", with) == .warning)
            #expect(severity(policy, "7.2.4", without) == .warning)
            #expect(severity(policy, "7.2.4", with) == .fine)
            #expect(severity(policy, "8.0.1", ["+@all"]) == .fine)
            #expect(severity(policy, "7.2.4", ["+@all", "-client"]) == .warning)
            #expect(severity(policy, "7.2.4", nil) == .unknown)
        }
        #expect(severity("allkeys-lru", "x", with) == .unknown)
    }

    @Test("Copies may be thrown out, but a cache must not be full for good")
    func cache() {
        #expect(Self.severities(.cache)["eviction"] == .warning)
        let busy = Self.severities(.cache) { answers in
            answers.info["maxmemory_policy"] = "allkeys-lru"
            answers.info["evicted_keys"] = "5"
            answers.info["used_memory"] = "999999"
        }
        #expect(busy["eviction"] == .warning && busy["memory"] == .fine)
    }

    @Test("The connection is judged by who can hear it, and a missing password by the same")
    func links() {
        let open: (inout RedisAnswers) -> Void = { $0.user?.flags = ["on", "nopass"] }
        for (safety, tls, password) in [
            (LinkSafety.encrypted, Finding.Severity.fine, Finding.Severity.problem), (.unverified, .warning, .problem),
            (.local, .fine, .warning), (.plaintext, .problem, .problem),
        ] {
            #expect(Self.severities(.store, safety)["tls"] == tls)
            #expect(Self.severities(.store, safety, open)["password"] == password)
            #expect(Self.severities(.store, safety)["password"] == .fine)
        }
    }

    @Test("A default user without a password is everybody's way in, whoever asks")
    func defaultUser() {
        #expect(Self.severities { $0.defaultUser?.flags = ["on", "nopass"] }["password"] == .problem)
        #expect(Self.severities { $0.defaultUser?.flags = ["off", "nopass"] }["password"] == .fine)
        #expect(Self.severities { $0.defaultUser = nil }["password"] == .unknown)
    }

    @Test("A refused question is named as the one that was refused")
    func refused() {
        for command in ["ACL WHOAMI", "ACL GETUSER"] {
            var answers = Self.healthy
            (answers.user, answers.defaultUser, answers.refused) = (nil, nil, [command])
            let findings = RedisJudgement(answers: answers, purpose: .store, safety: .local).findings
            for finding in findings where ["password", "rights"].contains(finding.check) {
                #expect(finding.severity == .unknown && finding.message.contains("may not run \(command)"))
            }
        }
    }

    @Test(
        "Rights are judged as the server judges them: the last rule counts",
        arguments: [
            (["+@all"], ["~s:*"], Finding.Severity.warning), (["+@all", "-@dangerous"], ["~s:*"], .fine),
            (["-@all", "+@admin", "-shutdown", "-config"], ["~s:*"], .fine),
            (["-@all", "+@admin", "-shutdown", "-config|set"], ["~s:*"], .fine),
            (["-@all", "+config"], ["~s:*"], .warning), (["-@all", "+config|get"], ["~s:*"], .fine),
            (["-@all", "+flushall"], ["~s:*"], .warning), (["-@all", "+get"], ["%R~*"], .warning),
            (["-@all", "+keys", "-@read"], ["~s:*"], .fine),
        ])
    func rights(commands: [String], keys: [String], severity: Finding.Severity) {
        let grant = RedisUser.Grant(commands: commands, keys: keys)
        #expect(Self.severities { $0.user?.grants = [grant] }["rights"] == severity)
        // A selector allows as much as the user's own rules.
        let none = RedisUser.Grant(commands: ["-@all"], keys: [])
        #expect(Self.severities { $0.user?.grants = [none, grant] }["rights"] == severity)
    }

    @Test("A user is read as Redis 6 and as Redis 7 write it, and one with a selector that can't be read not at all")
    func users() throws {
        func text(_ text: String) -> RESPValue { .bytes(Array(text.utf8)) }
        let six: [(RESPValue, RESPValue)] = [
            (text("flags"), .array([text("on"), text("allkeys")])), (text("commands"), text("-@all +get")),
            (text("keys"), .array([text("*")])),
        ]
        let old = try #require(RedisUser(name: "a", .map(six)))
        #expect(old.hasAllKeys && old.dangers.isEmpty && old.grants[0].keys == ["*"])
        var seven: [(RESPValue, RESPValue)] = [
            (text("flags"), .array([text("on")])), (text("commands"), text("-@all +get")),
            (text("keys"), text("~a:* %R~b:*")),
            (text("selectors"), .array([.map([(text("commands"), text("+@all")), (text("keys"), text("~*"))])])),
        ]
        let new = try #require(RedisUser(name: "a", .map(seven)))
        #expect(new.hasAllKeys && new.dangers == ["FLUSHALL", "CONFIG SET", "KEYS", "SHUTDOWN"])
        #expect(new.grants[0].keys == ["~a:*", "%R~b:*"])
        seven[3].1 = .array([.integer(1)])
        #expect(RedisUser(name: "a", .map(seven)) == nil)
        #expect(RedisUser(name: "a", .null) == nil)
    }

    @Test("What a server says reaches screens as plain words alone")
    func escaped() {
        var answers = Self.healthy
        answers.user?.name = "\u{1b}[2Jeve\u{202e}\n"
        answers.user?.flags = ["on", "nopass"]
        answers.info["maxmemory_policy"] = "\u{1b}]0;x\u{7}"
        for finding in RedisJudgement(answers: answers, purpose: .store, safety: .local).findings {
            let text = finding.message + (finding.advice ?? "")
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f || $0.value == 0x202e })
        }
    }
}
