import Sessions
import Testing

@testable import SessionsPostgres

/// What is said of a server by given answers.
@Suite struct JudgementTests {
    private static let healthy: PostgresAnswers = {
        let link = PostgresAnswers.Link(safety: .encrypted, isSocket: false, usedPassword: true, hasCertificate: false)
        var answers = PostgresAnswers(link: link, majorVersion: 15)
        answers.role = PostgresAnswers.Role(name: "ops")
        answers.publicRights = []
        answers.trust = PostgresAnswers.Trust(local: 0, remote: 0)
        answers.settings = [
            "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on",
            "synchronous_standby_names": "*", "max_connections": "100", "superuser_reserved_connections": "3",
        ]
        answers.replication = PostgresAnswers.Replication(isStandby: false, hasPrimary: false, standbys: 1)
        answers.indexes = Dictionary(uniqueKeysWithValues: Schema.indexes.map { ($0, true) })
        answers.keepsFinality = true
        answers.tables = [PostgresAnswers.Table(name: "sessions", live: 9, dead: 1, bytes: 8192, isLeftOut: false)]
        answers.rows = PostgresAnswers.RowSizes(count: 1_000_000, width: 200, isComplete: true, bytes: 300 << 20)
        answers.connections = 10
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        answers.clock = ClockReading(server: moment, asked: moment, answered: moment)
        return answers
    }()

    private static func severities(_ change: (inout PostgresAnswers) -> Void = { _ in }) -> [String: Finding.Severity] {
        var answers = healthy
        change(&answers)
        let findings = PostgresJudgement(answers: answers).findings
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0.severity) })
    }

    @Test("A server with nothing wrong is fine in every respect")
    func fine() {
        #expect(Self.severities().count == 14 && Set(Self.severities().values) == [.fine], "\(Self.severities())")
    }

    @Test("A server that tells nothing is never said to be fine")
    func silent() {
        let link = PostgresAnswers.Link(safety: .plaintext, isSocket: true, usedPassword: false, hasCertificate: false)
        let findings = PostgresJudgement(answers: PostgresAnswers(link: link, majorVersion: 0)).findings
        #expect(!findings.contains { $0.severity == .fine }, "\(findings)")
    }

    @Test(
        "Settings that lose sessions, or make everything slow, are told",
        arguments: [
            ("fsync", "off", "fsync", Finding.Severity.problem), ("full_page_writes", "off", "fsync", .warning),
            ("fsync", nil, "fsync", .unknown), ("synchronous_commit", "off", "durability", .warning),
            ("synchronous_commit", "local", "durability", .warning),
            ("synchronous_commit", nil, "durability", .unknown),
            ("synchronous_commit", "remote_apply", "durability", .fine),
            ("synchronous_standby_names", "", "replicas", .warning), ("autovacuum", "off", "dead-rows", .warning),
            ("max_connections", "13", "connections", .problem), ("max_connections", "15", "connections", .warning),
            ("max_connections", nil, "connections", .unknown), ("max_connections", "many", "connections", .unknown),
        ] as [(String, String?, String, Finding.Severity)])
    func settings(name: String, value: String?, check: String, severity: Finding.Severity) {
        #expect(Self.severities { $0.settings[name] = value }[check] == severity)
    }

    @Test("How the connection came about says whether a password is needed")
    func password() {
        func severity(_ safety: LinkSafety, socket: Bool = false, certificate: Bool = false) -> Finding.Severity? {
            Self.severities {
                $0.trust = nil
                $0.link = .init(safety: safety, isSocket: socket, usedPassword: false, hasCertificate: certificate)
            }["password"]
        }
        #expect(severity(.local) == .warning && severity(.plaintext) == .problem && severity(.unverified) == .problem)
        #expect(severity(.local, socket: true) == .unknown && severity(.encrypted) == .unknown)
        #expect(severity(.unverified, certificate: true) == .unknown)
        #expect(Self.severities { $0.trust = .init(local: 1, remote: 0) }["password"] == .warning)
        #expect(Self.severities { $0.trust = .init(local: 1, remote: 1) }["password"] == .problem)
    }

    @Test("Each right that sessions don't need is told")
    func rights() {
        let rights: [(WritableKeyPath<PostgresAnswers.Role, Bool>, String)] = [
            (\.isSuperuser, "superuser"), (\.makesRoles, "make roles"), (\.makesDatabases, "make databases"),
            (\.replicates, "replication"), (\.passesRowSecurity, "row security"), (\.leavesDatabase, "programs"),
            (\.ownsTables, "audit log"),
        ]
        for (right, word) in rights {
            var answers = Self.healthy
            answers.role?[keyPath: right] = true
            let found = PostgresJudgement(answers: answers).findings.first { $0.check == "rights" }
            #expect(found?.severity == .warning && found?.message.contains(word) == true, "\(word)")
        }
        #expect(Self.severities { $0.publicRights = ["sessions SELECT"] }["public"] == .problem)
    }

    @Test("A server without a standby, and a standby, are told apart")
    func standbys() {
        func severity(_ isStandby: Bool, _ hasPrimary: Bool, _ standbys: Int) -> Finding.Severity? {
            Self.severities {
                $0.replication = .init(isStandby: isStandby, hasPrimary: hasPrimary, standbys: standbys)
            }["replicas"]
        }
        #expect(severity(false, false, 0) == .warning && severity(false, false, 2) == .fine)
        #expect(severity(true, true, 0) == .warning && severity(true, false, 0) == .problem)
    }

    @Test("Each index that is missing or not whole is named")
    func indexes() throws {
        for name in Schema.indexes {
            for isWhole in [nil, false] as [Bool?] {
                var answers = Self.healthy
                answers.indexes?[name] = isWhole
                let found = PostgresJudgement(answers: answers).findings.first { $0.check == "indexes" }
                #expect(found?.severity == .problem && found?.message.contains(name) == true)
            }
        }
        #expect(Self.severities { $0.keepsFinality = false }["finality"] == .problem)
    }

    @Test("Dead rows and empty pages are told where they are many")
    func tables() {
        func dead(_ dead: Int64, _ live: Int64, isLeftOut: Bool = false) -> Finding.Severity? {
            Self.severities {
                $0.tables = [.init(name: "feed", live: live, dead: dead, bytes: 0, isLeftOut: isLeftOut)]
            }["dead-rows"]
        }
        #expect(dead(9_999, 0) == .fine && dead(10_001, 0) == .warning && dead(100_000, 1_000_000) == .fine)
        #expect(dead(400_000, 1_000_000) == .warning && dead(0, 0, isLeftOut: true) == .warning)
        func bloat(_ bytes: Int64, _ count: Int64, isComplete: Bool = true) -> Finding.Severity? {
            Self.severities {
                $0.rows = .init(count: count, width: 200, isComplete: isComplete, bytes: bytes)
            }["bloat"]
        }
        #expect(bloat(300 << 20, 1_000_000) == .fine && bloat(1 << 30, 1_000_000) == .warning)
        #expect(bloat(1 << 30, 1_000_000, isComplete: false) == .unknown && bloat(1 << 30, -1) == .unknown)
        #expect(bloat(1 << 20, 0) == .fine && bloat(.max, .max) == .fine)
    }

    @Test("What a server says reaches screens as plain words alone")
    func escaped() {
        var answers = Self.healthy
        answers.role = PostgresAnswers.Role(name: "\u{1b}[2Jeve\u{202e}\n", isSuperuser: true)
        answers.publicRights = ["\u{1b}]0;x\u{7} SELECT"]
        answers.settings["synchronous_commit"] = "\u{9b}on"
        for finding in PostgresJudgement(answers: answers).findings {
            let text = finding.message + (finding.advice ?? "")
            #expect(
                !text.unicodeScalars.contains {
                    $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || $0.value == 0x202e
                })
        }
    }
}
