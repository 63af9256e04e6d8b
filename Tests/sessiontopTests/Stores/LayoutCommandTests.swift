import Foundation
import Sessions
import Subprocess
import Testing

@testable import sessiontop

/// Commands on another framework's sessions.
@Suite struct LayoutCommandTests {
    let shop: CommandShop

    init() throws {
        shop = try CommandShop()
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try FileManager.default.copyItem(
            at: tests.appending(path: "SessionLayoutsTests/Fixtures/laravel-database-sqlite/db.sqlite3"),
            to: shop.folder.appending(path: "laravel.db"))
    }

    private var url: String { "sqlite:\(shop.folder.path)/laravel.db" }

    @Test("A list says which layout was found, by what, and what can't be known")
    func list() async throws {
        let result = await shop.run("list", url, "--format", "json")
        #expect(result.status == 0 && result.objects.count == 20)
        #expect(result.objects.allSatisfy { $0["layout"] as? String == "laravel-database" })
        #expect(Set(result.objects.compactMap { $0["user"] as? String }) == ["1", "2", "3", "4", "5"])
        #expect(result.notes.contains { $0.hasPrefix("Layout laravel-database: 20 of 20 ") })
        #expect(result.notes.contains { $0.contains("?lifetime=120m") })
        let told = await shop.run("list", url, "--format", "json", "--layout", "laravel-database?lifetime=120m")
        #expect(told.objects.allSatisfy { $0["ttl"] is NSNumber })
        #expect(!told.notes.contains { $0.contains("lifetime") })
    }

    @Test("A session is shown decoded, its secrets masked, its id nowhere")
    func inspect() async throws {
        let handle = try #require(try await session(of: "3"))
        let result = await shop.run("inspect", url, handle, "--format", "json")
        let object = try #require(result.objects.first)
        let data = try #require(object["data"] as? [String: Any])
        #expect(data["_token"] as? String == "***")
        #expect(data["user_agent"] is String)
        #expect((object["store"] as? [String: Any])?["table"] as? String == "sessions")
        let ids = try await DatabaseIDs.all(in: "\(shop.folder.path)/laravel.db")
        #expect(ids.count == 20 && ids.allSatisfy { !result.standardOutput.contains($0) })
    }

    @Test("A revoke says that nobody knows of nodes, looks again, and tells what else signs the user in")
    func revoke() async throws {
        let handle = try #require(try await session(of: "2"))
        let began = shop.time.now
        let result = await shop.run("revoke", url, handle, "--yes", "--reason", "INC-7")
        #expect(result.status == 0)
        #expect(result.objects.first?["outcome"] as? String == "revoked")
        #expect(shop.time.now - began >= .seconds(10))
        #expect(result.notes.contains { $0.contains("can't be known") })
        #expect(result.notes.contains { $0.contains("remember_token") })
        #expect(!result.notes.contains { $0.hasPrefix("Effective") })
        #expect(await shop.run("inspect", url, handle).status != 0)
    }

    @Test("What else signs the user in is told also where nothing is waited for")
    func revokeWithoutWaiting() async throws {
        let handle = try #require(try await session(of: "2"))
        let result = await shop.run("revoke", url, handle, "--yes", "--reason", "INC-7", "--no-wait")
        #expect(result.status == 0 && result.notes.contains { $0.contains("remember_token") })
    }

    @Test("Of a user without sessions nothing is said to be ended: no cut-off is there to be set")
    func nobody() async throws {
        let result = await shop.run("revoke", url, "--user", "999999", "--yes", "--reason", "INC-7")
        #expect(result.status == 0 && result.standardOutput.isEmpty)
        #expect(result.notes.contains("No live session of 999999 was found."))
        #expect(result.notes.last == "Nothing was done.", "\(result.notes)")
    }

    @Test("doctor calls nothing fine that it could not see")
    func doctor() async throws {
        let result = await shop.run("doctor", url, "--format", "json")
        let severities = Dictionary(
            result.objects.map { ($0["check"] as? String ?? "", $0["severity"] as? String ?? "") }
        ) { first, _ in first }
        for check in ["payloads", "clocks", "nodes", "resurrection"] { #expect(severities[check] == "unknown") }
    }

    @Test("A deadline that isn't known is not taken for none, until the lifetime is told")
    func unknownDeadlines() async throws {
        let stats = try #require(await shop.run("stats", url, "--format", "json").objects.first)
        #expect(stats["sessions"] as? Int == 20 && stats["withoutExpiry"] is NSNull)
        #expect((stats["expiring"] as? [String: Any])?["5m"] is NSNull)
        let metrics = await shop.run("stats", url, "--format", "openmetrics")
        #expect(metrics.status == 0 && !metrics.standardOutput.contains("expiry"))
        let doctor = await shop.run("doctor", url, "--format", "json")
        let expiry = try #require(doctor.objects.first { $0["check"] as? String == "expiry" })
        #expect(expiry["severity"] as? String == "unknown")
        #expect((expiry["advice"] as? String)?.contains("--layout laravel-database?lifetime=120m") == true)
        let layout = ["--layout", "laravel-database?lifetime=9999d", "--format", "json"]
        let told = try #require(await shop.run(["stats", url] + layout).objects.first)
        #expect(told["withoutExpiry"] as? Int == 0)
        let known = await shop.run(["doctor", url] + layout).objects.first { $0["check"] as? String == "expiry" }
        #expect(known?["severity"] as? String == "fine")
    }

    @Test("An extend is refused until the lifetime is told, and then says how long it lasts")
    func extend() async throws {
        let handle = try #require(try await session(of: "2"))
        #expect(await shop.run("extend", url, handle, "--by", "1h", "--yes").status == 77)
        let dry = await shop.run("extend", url, handle, "--by", "1h", "--dry-run")
        #expect(dry.status == 77 && dry.standardOutput.isEmpty, "a dry run promises nothing else")
        for mode in ["--dry-run", "--yes"] {
            let token = await shop.run("token", "revoke", url, "--tenant", "t", "--reason", "x", mode)
            #expect(token.status == 64 && token.standardOutput.isEmpty)
        }
        let layout = "laravel-database?lifetime=9999d"
        let result = await shop.run("extend", url, handle, "--by", "1h", "--yes", "--layout", layout)
        #expect(result.objects.first?["outcome"] as? String == "extended")
        #expect(result.notes.contains { $0.contains("next request") })
    }

    /// The operator's own audit logs.
    private func logs() throws -> [OperatorLog] {
        let folder = shop.state.appending(path: "sessiontop").path
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { OperatorLog(path: "\(folder)/\($0)") }
    }

    @Test("What is changed or revealed stands in a log of the operator's own, with its outcomes, which doctor verifies")
    func audit() async throws {
        let handles = [try await session(of: "2"), try await session(of: "3"), try await session(of: "4")]
            .compactMap { $0 }
        try #require(handles.count == 3)
        #expect(await shop.run("revoke", url, handles[0], "--yes", "--no-wait", "--reason", "INC-7").status == 0)
        let reveal = await shop.run("inspect", url, handles[1], "--reveal", "--reason", "INC-8", "--format", "json")
        let data = reveal.objects.first?["data"] as? [String: Any]
        #expect(reveal.status == 0 && data?["_token"] as? String != "***")
        // However the file is named, it is the same one.
        let other = "sqlite:\(shop.folder.path)/./laravel.db"
        let extend = await shop.run(
            "extend", other, handles[2], "--by", "1h", "--yes", "--layout", "laravel-database?lifetime=9999d")
        #expect(extend.status == 0)

        let logs = try logs()
        let log = try #require(logs.first)
        let entries = try log.entries(after: 0, limit: 9)
        #expect(logs.count == 1 && entries.map(\.action) == [.revoke, .reveal, .extend])
        #expect(entries.map(\.target) == handles.map { "s:\($0)" })
        #expect(entries.map(\.reason) == ["INC-7", "INC-8", nil] && entries.allSatisfy { $0.actor == "mira@desk" })
        #expect(entries[1].result == "recorded", "as stores of sessiontop's own layout have it")
        let outcomes = try log.outcomes(of: 1, after: nil, limit: 9)?.outcomes
        #expect(outcomes?.map { "\($0.id.handle) \($0.word)" } == ["\(handles[0]) revoked"])

        #expect(try await severities() == ["audit-chain": "fine", "audit-outcomes": "fine"])
        let file = URL(filePath: log.path)
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let altered = text.replacingOccurrences(of: "\"outcome\":\"revoked\"", with: "\"outcome\":\"notFound\"")
        try Data(altered.utf8).write(to: file)
        #expect(try await severities() == ["audit-chain": "fine", "audit-outcomes": "problem"])
        let chopped = text.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        try Data(chopped.utf8).write(to: file)
        #expect(try await severities()["audit-chain"] == "problem")
    }

    /// What doctor says of the log.
    private func severities() async throws -> [String: String] {
        let checks = await shop.run("doctor", url, "--format", "json").objects.compactMap { finding in
            (finding["check"] as? String).map { ($0, finding["severity"] as? String ?? "") }
        }
        return Dictionary(checks.filter { $0.0.hasPrefix("audit-") }, uniquingKeysWith: { $1 })
    }

    @Test("Two stores share no log")
    func ownLogs() async throws {
        let copy = shop.folder.appending(path: "copy.db")
        try FileManager.default.copyItem(at: shop.folder.appending(path: "laravel.db"), to: copy)
        let handle = try #require(try await session(of: "2"))
        for store in [url, "sqlite:\(copy.path)"] {
            #expect(await shop.run("revoke", store, handle, "--yes", "--no-wait", "--reason", "INC-7").status == 0)
        }
        #expect(try logs().map { try $0.entries(after: 0, limit: 9).map(\.number) } == [[1], [1]])
    }

    @Test("A dry run changes nothing in the store, and is on the record unless nothing may be written")
    func dryRun() async throws {
        let file = shop.folder.appending(path: "laravel.db")
        let before = try Data(contentsOf: file)
        let reading = await shop.run("revoke", url, "--user", "2", "--dry-run", "--read-only")
        #expect(reading.status == 0 && reading.notes.contains { $0.hasPrefix("Not on record") })
        #expect(try logs().isEmpty)
        let result = await shop.run("revoke", url, "--user", "2", "--dry-run")
        #expect(result.status == 0 && !result.notes.contains { $0.hasPrefix("Not on record") })
        #expect(try logs().flatMap { try $0.entries(after: 0, limit: 9).map(\.action) } == [.dryRun])
        #expect(try Data(contentsOf: file) == before)
    }

    @Test(
        "Where there can be no record nothing is changed or revealed, and everything can be looked at",
        arguments: [("/dev/null", 69), ("", 77)] as [(String, Int32)])
    func noRecord(_ state: String, _ status: Int32) async throws {
        let file = shop.folder.appending(path: "laravel.db")
        let before = try Data(contentsOf: file)
        let handle = try #require(try await session(of: "2"))
        let layout = "laravel-database?lifetime=9999d"
        for command in [
            ["revoke", url, handle, "--yes", "--no-wait", "--reason", "INC-7"],
            ["extend", url, handle, "--by", "1h", "--yes", "--layout", layout],
            ["inspect", url, handle, "--reveal", "--reason", "INC-7"],
        ] {
            let result = await shop.run(command, variables: ["XDG_STATE_HOME": state])
            #expect(result.status == status, "\(command[0])")
        }
        #expect(try Data(contentsOf: file) == before)
        #expect(await shop.run(["list", url], variables: ["XDG_STATE_HOME": state]).status == 0)
    }

    @Test("Who ends a user's sessions hears of those that can't be read, and they count as nobody's")
    func unreadable() async throws {
        let path = shop.folder.appending(path: "django.db").path
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "SessionLayoutsTests/Fixtures")
        try FileManager.default.copyItem(
            at: fixtures.appending(path: "django-db-sqlite/db.sqlite3"), to: URL(filePath: path))
        // One payload is longer than what is read.
        let sql = """
            UPDATE django_session SET expire_date = '2099-01-01 00:00:00';
            UPDATE django_session SET session_data = hex(zeroblob(550000))
            WHERE session_key = (SELECT min(session_key) FROM django_session);
            """
        _ = try await Subprocess.run(.name("sqlite3"), arguments: [path, sql], output: .string(limit: 1 << 20))
        let rows = await shop.run("list", "sqlite:\(path)", "--format", "json")
        #expect(rows.status == 0 && rows.objects.count == 21)
        let stats = try #require(await shop.run("stats", "sqlite:\(path)", "--format", "json").objects.first)
        let nobody = rows.objects.count { $0["user"] is NSNull }
        #expect(stats["sessions"] as? Int == 21 && stats["anonymous"] as? Int == nobody - 1)
        let user = try #require(rows.objects.lazy.compactMap { $0["user"] as? String }.first)
        let result = await shop.run(
            "revoke", "sqlite:\(path)", "--user", user, "--yes", "--no-wait", "--reason", "INC-7")
        #expect(!result.objects.isEmpty && result.objects.allSatisfy { $0["outcome"] as? String == "revoked" })
        #expect(result.status == 1)
        #expect(result.notes.contains("Incomplete: 1 session can't be read: whose it is isn't known."))
    }

    @Test("Our own layout is asked for by name, and a layout that isn't there is refused")
    func names() async throws {
        #expect(await shop.run("list", "URL", "--layout", "native").status == 0)
        #expect(await shop.run("list", url, "--layout", "native").status == 64)
        #expect(await shop.run("list", url, "--layout", "django-db").status == 64)
        #expect(await shop.run("list", url, "--layout", "nonsense").status == 64)
    }

    @Test(
        "A new visitor under an old id is not the session that was revoked",
        arguments: [("alice", true), (nil, false), ("bob", false)] as [(String?, Bool)])
    func newVisitor(_ user: String?, _ comesBack: Bool) async throws {
        let store = MemoryStore(time: shop.time.source)
        let id = IDHash(hashing: [1])
        try await store.insert(
            Session(id: id, user: "alice", created: shop.time.now, lifetime: .office, payload: .empty))
        let directory = RevivingDirectory(store: store, id: id, newUser: .some(user))
        let environment = CommandEnvironment(variable: { _ in nil }, time: shop.time.source, ask: nil)
        let output = Output(isTerminal: false, width: 80, sink: { _ in }, notes: { _ in })
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        let session = Target.Session(id: id, user: "alice", state: .live)
        await work.revoke(Target(choice: .handles, sessions: [session]), reason: nil) { _ in }
        let returned = await work.lookAgain(since: shop.time.source.monotonic())
        #expect(returned.isEmpty != comesBack)
    }

    private func session(of user: String) async throws -> String? {
        await shop.run("list", url, "--filter", "user:\(user)", "--limit", "1", "--format", "json")
            .objects.first?["handle"] as? String
    }
}

/// The ids of a Laravel's sessions, as its table has them.
private enum DatabaseIDs {
    static func all(in path: String) async throws -> [String] {
        let output = try await Subprocess.run(
            .name("sqlite3"), arguments: [path, "SELECT id FROM sessions"], output: .string(limit: 1 << 20))
        return output.standardOutput.split(separator: "\n").map(String.init)
    }
}
