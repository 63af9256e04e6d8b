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

    @Test("Our own layout is asked for by name, and a layout that isn't there is refused")
    func names() async throws {
        #expect(await shop.run("list", "URL", "--layout", "native").status == 0)
        #expect(await shop.run("list", url, "--layout", "native").status == 69)
        #expect(await shop.run("list", url, "--layout", "django-db").status == 69)
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
