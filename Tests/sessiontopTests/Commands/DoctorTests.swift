import Foundation
import Sessions
import Testing

@testable import SessionsSQLite
@testable import sessiontop

@Suite("doctor")
struct DoctorTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    /// The severity of each check.
    private func examine() async throws -> (status: Int32, severities: [String: String]) {
        let result = await shop.run("doctor", "URL", "--format", "json")
        let pairs = result.objects.map { ($0["check"] as? String ?? "", $0["severity"] as? String ?? "") }
        return (result.status, Dictionary(pairs, uniquingKeysWith: { $1 }))
    }

    private func sealed() throws -> (id: IDHash, payload: Payload) {
        let id = SessionID().hash
        return (id, try PayloadSealer(keys: KeyRing(newKey: "k1"), namespace: "default").seal([1], id: id, version: 1))
    }

    @Test("A healthy store has nothing but fine findings, and status 0")
    func healthy() async throws {
        let (id, payload) = try sealed()
        try await shop.signIn("alice", id: id, payload: payload)
        let order = Order(actor: "mira", reason: "INC-1", at: shop.time.now)
        _ = try await shop.store.revoke(.sessions([id]), order: order)
        let (status, severities) = try await examine()
        #expect(status == 0)
        #expect(Set(severities.values) == ["fine"], "\(severities)")
        #expect(
            severities.keys.sorted() == [
                "audit-chain", "audit-outcomes", "clocks", "expiry", "feed-times", "log", "nodes", "payloads",
                "permissions", "resurrection", "soundness",
            ])
    }

    @Test("Payloads in plain text are a problem, and the status says so")
    func plainPayloads() async throws {
        try await shop.signIn("alice")
        let (status, severities) = try await examine()
        #expect(status == 1 && severities["payloads"] == "problem")
    }

    @Test("A file that others may read is warned of, one that they may write is a problem", arguments: [0o644, 0o666])
    func permissions(mode: Int) async throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: "\(shop.folder.path)/shop.db")
        #expect(try await examine().severities["permissions"] == (mode == 0o644 ? "warning" : "problem"))
    }

    @Test(
        "An audit log that was changed, cut or reordered is found out",
        arguments: [
            "UPDATE audit SET reason = 'tea' WHERE number = 2", "DELETE FROM audit WHERE number = 2",
            "UPDATE audit SET number = 10 - number",
        ])
    func tampering(sql: String) async throws {
        for _ in 0..<4 {
            let order = Order(actor: "mira", reason: "INC-1", at: shop.time.now)
            try await shop.store.record(.export, target: "everyone", count: 1, order: order)
        }
        #expect(try await examine().severities["audit-chain"] == "fine")
        let store = try #require(shop.store as? SQLiteStore)
        try await store.write { try $0.db.run(sql) }
        #expect(try await examine().severities["audit-chain"] == "problem")
    }

    @Test(
        "Outcomes that were changed, removed or added beside an entry are found out, and the entry is named",
        arguments: [
            "UPDATE audit_outcomes SET outcome = 'notFound' WHERE number = 2 AND place = 1",
            "DELETE FROM audit_outcomes WHERE number = 2 AND place = 0", "DELETE FROM audit_outcomes WHERE number = 2",
            "UPDATE audit_outcomes SET place = 9 - place WHERE number = 2",
            "UPDATE audit_outcomes SET id_hash = x'00' WHERE number = 2 AND place = 1",
            "INSERT INTO audit_outcomes SELECT ns, number, -1, id_hash, outcome FROM audit_outcomes WHERE place = 1",
        ])
    func tamperedOutcomes(sql: String) async throws {
        let order = Order(actor: "mira", reason: "INC-1", at: shop.time.now)
        try await shop.store.record(.export, target: "everyone", count: 1, order: order)
        let ids = [try await shop.signIn("alice"), try await shop.signIn("bob")]
        _ = try await shop.store.revoke(.sessions(ids), order: order)
        #expect(try await examine().severities["audit-outcomes"] == "fine")
        let store = try #require(shop.store as? SQLiteStore)
        try await store.write { try $0.db.run(sql) }
        let result = await shop.run("doctor", "URL", "--format", "json")
        let finding = result.objects.first { $0["check"] as? String == "audit-outcomes" }
        #expect(result.status == 1 && finding?["severity"] as? String == "problem")
        #expect((finding?["message"] as? String)?.contains("entry 2 ") == true)
        #expect(try await examine().severities["audit-chain"] == "fine")
    }

    @Test("A log without an entry is fine: nobody was told that the store is open for reading only")
    func emptyLog() async throws {
        let result = await shop.run("doctor", "URL", "--format", "json")
        let finding = result.objects.first { $0["check"] as? String == "audit-chain" }
        #expect(finding?["severity"] as? String == "fine")
        #expect(finding?["message"] as? String == "the audit log has no entry yet")
    }

    /// A store whose outcomes somebody else says, or nobody.
    private struct OutcomesOf: PassingDirectory {
        let inner: any SessionDirectory
        let page: AuditOutcomePage?

        func auditOutcomes(of number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage? {
            page
        }
    }

    private func severity(of directory: any SessionDirectory) async throws -> Finding.Severity? {
        let findings = try await Doctor(directory, at: shop.time.now).examine()
        return findings.first { $0.check == "audit-outcomes" }?.severity
    }

    @Test("A store in memory is looked at as well; one that can't tell its outcomes leaves it unknown")
    func memory() async throws {
        let store = MemoryStore(time: shop.time.source)
        let order = Order(actor: "mira", reason: "INC-1", at: shop.time.now)
        try await store.record(.export, target: "everyone", count: 1, order: order)
        #expect(try await severity(of: OutcomesOf(inner: store, page: nil)) == .fine)
        _ = try await store.revoke(.sessions([IDHash(hashing: [1])]), order: order)
        #expect(try await severity(of: store) == .fine)
        #expect(try await severity(of: OutcomesOf(inner: store, page: nil)) == .unknown)
        let other = AuditOutcomePage(outcomes: [AuditOutcome(id: IDHash(hashing: [2]), word: "revoked")], next: nil)
        #expect(try await severity(of: OutcomesOf(inner: store, page: other)) == .problem)
    }

    @Test("Silent nodes, clocks ahead and writes to ended sessions are warned of")
    func nodes() async throws {
        var counters = Counters()
        counters[.resurrectionAlarms] = 3
        for (name, offset) in [("web-01", -60), ("web-02", 30)] {
            try await shop.store.publish(
                NodeReport(
                    id: name, started: shop.time.now, heartbeat: shop.time.now + .seconds(offset), applied: .start,
                    lease: .seconds(2), counters: counters))
        }
        let (status, severities) = try await examine()
        #expect(status == 0)
        #expect(severities["nodes"] == "warning" && severities["clocks"] == "warning")
        #expect(severities["resurrection"] == "warning")
    }

    @Test("A feed that was told times far ahead is warned of: nothing of what comes after is purged before then")
    func feedTimes() async throws {
        let id = try await shop.signIn("alice")
        _ = try await shop.store.revoke(id, by: "x", reason: nil, at: shop.time.now + .seconds(59))
        #expect(try await examine().severities["feed-times"] == "fine")
        let ahead = shop.time.now + .seconds(365 * 86_400)
        _ = try await shop.store.cutOff(.user("bob"), by: "x", reason: nil, at: ahead)
        // Whoever's clock is right tells no earlier.
        _ = try await shop.store.cutOff(.user("bob"), by: "x", reason: nil, at: shop.time.now)
        let result = await shop.run("doctor", "URL", "--format", "json")
        let finding = result.objects.first { $0["check"] as? String == "feed-times" }
        #expect(finding?["severity"] as? String == "warning")
        #expect((finding?["message"] as? String)?.contains("\(ahead)") == true)
    }

    @Test("What can't be seen is said to be unknown, with the reason, and is never fine")
    func blind() async throws {
        try await shop.signIn("alice")
        var capabilities = Capabilities.all
        capabilities.nodes = .no(because: "nobody tells")
        let directory = BlindDirectory(inner: shop.store, capabilities: capabilities)
        let findings = try await Doctor(directory, at: shop.time.now).examine()
        for check in ["clocks", "nodes", "resurrection"] {
            let finding = try #require(findings.first { $0.check == check })
            #expect(finding.severity == .unknown && finding.message == "nobody tells", "\(finding)")
        }
        let payloads = try #require(findings.first { $0.check == "payloads" })
        #expect(payloads.severity == .unknown && payloads.message.contains("may not read"), "\(payloads)")
    }

    @Test("The worst stands first")
    func order() async throws {
        try await shop.signIn("alice")
        let result = await shop.run("doctor", "URL", "--format", "json")
        #expect(result.objects.first?["check"] as? String == "payloads")
    }
}
