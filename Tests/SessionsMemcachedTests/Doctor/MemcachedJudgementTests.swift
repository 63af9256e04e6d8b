import Sessions
import Testing

@testable import SessionsMemcached

/// What is said of a server by given answers.
@Suite struct MemcachedJudgementTests {
    private static let healthy: MemcachedAnswers = {
        var answers = MemcachedAnswers()
        answers.statistics = [
            "evictions": "0", "evicted_active": "0", "limit_maxbytes": "1000", "bytes": "999", "store_no_memory": "0",
            "listen_disabled_num": "0", "rejected_connections": "0", "curr_connections": "89",
            "max_connections": "100", "time": "1800000000",
        ]
        answers.settings = [
            "auth_enabled_ascii": "/etc/memcached.users", "shutdown_command": "no", "cas_enabled": "yes",
            "lru_crawler": "yes", "dump_enabled": "yes", "evictions": "on",
        ]
        answers.asked = (Timestamp(milliseconds: 1_800_000_000_900), Timestamp(milliseconds: 1_800_000_001_000))
        return answers
    }()

    private static func severities(
        _ safety: LinkSafety = .encrypted, _ change: (inout MemcachedAnswers) -> Void = { _ in }
    ) -> [String: Finding.Severity] {
        var answers = healthy
        change(&answers)
        let findings = MemcachedJudgement(answers: answers, safety: safety).findings
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0.severity) })
    }

    @Test("A server with nothing wrong is fine in every respect, and one that tells nothing in none")
    func ends() {
        #expect(Self.severities().count == 9 && Set(Self.severities().values) == [.fine])
        let silent = MemcachedJudgement(answers: MemcachedAnswers(), safety: .plaintext).findings
        #expect(!silent.contains { $0.severity == .fine })
    }

    @Test(
        "What may be wrong is told, and how bad it is",
        arguments: [
            ("evictions", "3", "eviction", Finding.Severity.warning), ("evictions", nil, "eviction", .unknown),
            ("store_no_memory", "1", "memory", .warning), ("malloc_fails", "1", "memory", .warning),
            ("listen_disabled_num", "2", "connections", .warning), ("curr_connections", "90", "connections", .warning),
            ("rejected_connections", "1", "connections", .warning), ("curr_connections", "-1", "connections", .unknown),
            ("time", "1800000004", "clock", .warning), ("time", "1799999996", "clock", .warning),
            ("time", "1799999999", "clock", .fine), ("time", "18446744073709551615", "clock", .unknown),
        ] as [(String, String?, String, Finding.Severity)])
    func statistics(name: String, value: String?, check: String, severity: Finding.Severity) {
        #expect(Self.severities { $0.statistics[name] = value }[check] == severity)
    }

    @Test(
        "So are its settings",
        arguments: [
            ("auth_enabled_ascii", "no", "password", Finding.Severity.problem),
            ("auth_enabled_ascii", nil, "password", .unknown), ("shutdown_command", "yes", "rights", .warning),
            ("shutdown_command", nil, "rights", .unknown), ("cas_enabled", "no", "cas", .problem),
            ("lru_crawler", "no", "lru-crawler", .warning), ("lru_crawler", "maybe", "lru-crawler", .unknown),
            ("dump_enabled", "no", "lru-crawler", .warning), ("evictions", "off", "eviction", .warning),
        ] as [(String, String?, String, Finding.Severity)])
    func settings(name: String, value: String?, check: String, severity: Finding.Severity) {
        #expect(Self.severities { $0.settings[name] = value }[check] == severity)
    }

    @Test("Nobody's password is a warning where only this machine reaches it; a client's certificate is as good as one")
    func password() {
        let open: (inout MemcachedAnswers) -> Void = { $0.settings["auth_enabled_ascii"] = "no" }
        #expect(Self.severities(.local, open)["password"] == .warning)
        let guarded: (inout MemcachedAnswers) -> Void = {
            open(&$0)
            $0.settings["ssl_enabled"] = "yes"
            $0.settings["ssl_verify_mode"] = "2"
        }
        #expect(Self.severities(.encrypted, guarded)["password"] == .fine)
        #expect(
            Self.severities {
                guarded(&$0); $0.settings["ssl_verify_mode"] = "0"
            }["password"] == .problem)
    }

    @Test("Counts that are too large together are a warning like others")
    func largeCounts() {
        let severities = Self.severities {
            $0.statistics["store_no_memory"] = "\(UInt64.max)"
            $0.statistics["malloc_fails"] = "1"
        }
        #expect(severities["memory"] == .warning)
    }

    @Test("Copies in use that were thrown out are counted")
    func active() throws {
        var answers = Self.healthy
        (answers.statistics["evictions"], answers.statistics["evicted_active"]) = ("12", "5")
        let findings = MemcachedJudgement(answers: answers, safety: .local).findings
        let eviction = try #require(findings.first { $0.check == "eviction" })
        #expect(eviction.message.contains("12 copies") && eviction.message.contains("5 of them in use"))
    }
}
