import Foundation
import SessionTokens
import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("token revoke")
struct TokenRevokeTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    private func feed() async throws -> [FeedEntry.Event] {
        try await shop.store.feed(after: .start, limit: 99).entries.map(\.event)
    }

    @Test("One token is denied, on record, and followed until it is effective")
    func one() async throws {
        let denial = TokenDenial(issuer: "https://i", tokenID: "j")
        let result = await shop.run(
            "token", "revoke", "URL", "--jti", "j", "--issuer", "https://i", "--yes", "--reason", "INC-7")
        #expect(result.status == 0)
        #expect(
            result.lines == [
                #"{"target":"token:\#(denial.key.handle)","outcome":"revoked","detail":"denied from now on"}"#
            ])
        #expect(try await feed() == [.denied(denial)])
        #expect(result.notes.contains { $0.hasPrefix("Effective ") })
        let entry = try #require(try await shop.audit().first)
        #expect(entry.action == .deny && entry.actor == "mira@desk" && entry.reason == "INC-7" && entry.count == 1)
    }

    @Test("A client or a tenant is cut off: its sessions end, and others live", arguments: ["client", "tenant"])
    func scope(kind: String) async throws {
        func signIn(_ name: String) async throws -> IDHash {
            let id = SessionID().hash
            try await shop.store.insert(
                Session(id: id, user: "u", tenant: name, client: name, created: shop.time.now, lifetime: .office))
            return id
        }
        let (mine, other) = (try await signIn("a"), try await signIn("b"))
        let result = await shop.run("token", "revoke", "URL", "--\(kind)", "a", "--yes", "--reason", "r")
        #expect(result.status == 0 && result.objects.first?["target"] as? String == "\(kind):a")
        #expect(try await shop.standing(mine) == .revoked)
        #expect(try await shop.standing(other) == .live)
        #expect(try await shop.audit().map(\.action) == [.cutoff])
    }

    @Test("It says until when tokens may be accepted by services that don't follow the feed")
    func exposure() async throws {
        let result = await shop.run(
            "token", "revoke", "URL", "--client", "a", "--yes", "--reason", "r", "--token-life", "5m", "--no-wait")
        // 14:13:20 UTC, five minutes, and a minute of leeway.
        #expect(result.notes.contains { $0.contains("until 14:19:20Z") && $0.contains("5m") })
        #expect(result.notes.contains { $0.hasPrefix("Durable.") })
    }

    @Test("A revoke of a user says the same, where it is told how long tokens live")
    func exposureOfUser() async throws {
        try await shop.signIn("alice")
        let plain = ["revoke", "URL", "--user", "alice", "--yes", "--reason", "r", "--no-wait"]
        let result = await shop.run(plain + ["--token-life", "15m"])
        // A second after 14:13:20 UTC, a quarter of an hour, and a minute of leeway.
        #expect(result.status == 0 && result.notes.contains { $0.contains("until 14:29:21Z") })
        #expect(await !shop.run(plain).notes.contains { $0.contains("until") })
        #expect(await shop.run(plain + ["--token-life", "x"]).status == 64)
    }

    @Test("Where the keys are at hand, it counts the access tokens that nobody can take back")
    func counted() async throws {
        let keys = try KeyRing(newKey: "k1")
        let families = RefreshFamilies(
            store: shop.store, sealer: PayloadSealer(keys: keys, namespace: "default"), accessLife: .seconds(300),
            time: shop.time.source)
        for _ in 0..<3 { _ = try await families.issue(user: "alice", client: "app") }
        _ = try await families.issue(user: "bob", client: "app")
        try await shop.signIn("alice")
        let plain = ["revoke", "URL", "--yes", "--reason", "r", "--no-wait", "--user"]
        #expect(await !shop.run(plain + ["bob"]).notes.contains { $0.contains("still verif") }, "no key is here")
        try keys.write(file: shop.folder.appendingPathComponent("shop.db.keys").path)
        let result = await shop.run(plain + ["alice"])
        // 14:13:20 UTC, five minutes, and a minute of leeway.
        #expect(
            result.notes.contains(
                "3 access tokens still verify at services that don't follow the feed; the last dies at 14:19:20Z."))
    }

    @Test("A dry run changes nothing, and stands on record")
    func dryRun() async throws {
        let result = await shop.run("token", "revoke", "URL", "--tenant", "t", "--dry-run")
        #expect(result.status == 0 && result.objects.first?["outcome"] as? String == "wouldRevoke")
        #expect(try await feed().isEmpty)
        #expect(try await shop.audit().map(\.target) == ["revoke tenant:t"])
    }

    @Test("Somebody at the terminal agrees with y, or with the name of the client")
    func agreement() async throws {
        let questions = Mutex<[String]>([])
        func answering(_ text: String) -> @Sendable (String) -> String? {
            { question in
                questions.withLock { $0.append(question) }
                return text
            }
        }
        let token = ["token", "revoke", "URL", "--jti", "j", "--issuer", "i", "--no-wait"]
        let client = ["token", "revoke", "URL", "--client", "app", "--reason", "r", "--no-wait"]
        #expect(await shop.run(token, answer: answering("n")).status == 77)
        #expect(await shop.run(client, answer: answering("y")).status == 77)
        #expect(try await feed().isEmpty)
        #expect(await shop.run(token, answer: answering("y")).status == 0)
        #expect(await shop.run(client, answer: answering("app")).status == 0)
        #expect(try await feed().count == 2)
        #expect(questions.withLock { $0.last } == "Type app to revoke, anything else not to:")
    }

    @Test(
        "Policy refuses, and nothing is done",
        arguments: [
            ["--client", "a", "--yes"], ["--tenant", "t", "--yes", "--reason", " "], ["--jti", "j", "--issuer", "i"],
            ["--jti", "j", "--issuer", "i", "--yes", "--read-only"],
        ])
    func refused(options: [String]) async throws {
        let result = await shop.run(["token", "revoke", "URL"] + options)
        #expect(result.status == 77 && result.standardOutput.isEmpty)
        #expect(try await feed().isEmpty)
        #expect(try await shop.audit().isEmpty)
    }

    @Test(
        "Options that name nothing, or two things, are unusable",
        arguments: [
            [], ["--jti", "j"], ["--issuer", "i"], ["--client", "a", "--tenant", "t"], ["--client", ""],
            ["--jti", "j", "--issuer", "i", "--client", "a"], ["--jti", "j", "--issuer", "i", "--token-life", "0s"],
            ["--jti", "j", "--issuer", "i", "--token-life", "soon"],
        ])
    func unusable(options: [String]) async throws {
        let result = await shop.run(["token", "revoke", "URL", "--yes", "--reason", "r"] + options)
        #expect(result.status == 64)
        #expect(try await feed().isEmpty)
    }

    @Test("What strangers named can't act on the terminal")
    func escaping() async throws {
        let result = await shop.run(
            "token", "revoke", "URL", "--client", "a\u{1b}[31m", "--yes", "--reason", "r", "--no-wait")
        #expect(result.status == 0)
        #expect(!(result.standardOutput + result.notes.joined()).contains("\u{1b}"))
    }
}
