import Sessions
import Testing

@testable import sessiontop

@Suite("extend")
struct ExtendTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    @Test("The idle deadline moves as asked, and both deadlines are printed")
    func by() async throws {
        let id = try await shop.signIn("alice")
        let old = shop.time.now + .seconds(1800)
        let result = await shop.run("extend", "URL", "\(id.handle)", "--by", "30m", "--yes")
        #expect(result.status == 0)
        let object = try #require(result.objects.first)
        #expect(object["outcome"] as? String == "extended" && object["old"] as? String == "\(old)")
        #expect(object["new"] as? String == "\(old + .seconds(1800))")
        #expect(try await shop.audit().first?.action == .extend)
    }

    @Test("Never past the absolute deadline, never shorter, never reviving")
    func outcomes() async throws {
        let clipped = try await shop.signIn("a", absolute: .seconds(2000))
        let absolute = shop.time.now + .seconds(2000)
        let unchanged = try await shop.signIn("b", idle: .seconds(86_400), absolute: .seconds(90_000))
        let revoked = try await shop.signIn("c")
        _ = try await shop.store.revoke(revoked, by: "test", reason: nil, at: shop.time.now)
        let until = "\(shop.time.now + .seconds(3600))"
        let result = await shop.run(
            "extend", "URL", "\(clipped.handle)", "\(unchanged.handle)", "\(revoked.handle)", "--until", until, "--yes",
            "--reason", "x")
        #expect(result.objects.map { $0["outcome"] as? String } == ["clipped", "unchanged", "refused"])
        #expect(result.objects[0]["new"] as? String == "\(absolute)")
        #expect(result.status == 1, "the refused one was not done")
    }

    @Test(
        "A time or duration that can't be used does nothing",
        arguments: [
            [], ["--by", "30"], ["--by", "-5m"], ["--by", "0s"], ["--until", "tomorrow"],
            ["--until", "2001-01-01T00:00:00Z"], ["--by", "5m", "--until", "2099-01-01T00:00:00Z"],
            ["--by", "2940000d"], ["--by", "200000000000d"], ["--until", "9999-12-31T23:59:59-01:00"],
        ])
    func unusable(options: [String]) async throws {
        let id = try await shop.signIn("alice")
        let result = await shop.run(["extend", "URL", "\(id.handle)", "--yes"] + options)
        #expect(result.status == 64 && result.standardOutput.isEmpty)
        #expect(try await shop.audit().isEmpty)
    }

    @Test("A dry run tells both deadlines, and fails where a real run would refuse a session")
    func dryRun() async throws {
        let id = try await shop.signIn("alice")
        let clipped = try await shop.signIn("bob", absolute: .seconds(2000))
        let old = shop.time.now + .seconds(1800)
        let unchanged = try await shop.signIn("carol", idle: .seconds(1800), absolute: .seconds(1800))
        let good = await shop.run("extend", "URL", "--filter", "user:*", "--by", "5m", "--dry-run")
        let byHandle = Dictionary(
            good.objects.map { ($0["handle"] as? String ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        let (first, second) = (byHandle["\(id.handle)"], byHandle["\(clipped.handle)"])
        #expect(good.status == 0 && first?["outcome"] as? String == "wouldExtend")
        #expect(first?["old"] as? String == "\(old - .seconds(1))")
        #expect(first?["new"] as? String == "\(old + .seconds(299))")
        #expect(second?["outcome"] as? String == "wouldExtend" && second?["old"] as? String == "\(old)")
        #expect(second?["new"] as? String == "\(old + .seconds(200))")
        #expect(byHandle["\(unchanged.handle)"]?["outcome"] as? String == "unchanged")
        #expect(good.notes.contains { $0.hasPrefix("Dry run: it would extend 2;") })
        let ofUser = await shop.run("extend", "URL", "--user", "alice", "--by", "5m", "--dry-run")
        #expect(ofUser.objects.first?["new"] as? String == "\(old + .seconds(299))")
        _ = try await shop.store.revoke(id, by: "test", reason: nil, at: shop.time.now)
        let bad = await shop.run("extend", "URL", "\(id.handle)", "--by", "5m", "--dry-run")
        #expect(bad.status == 1 && bad.objects.first?["outcome"] as? String == "refused")
        #expect(try await shop.audit().allSatisfy { $0.action == .dryRun })
    }

    @Test("A dry run says what it would extend, a read-only store refuses, and many need a reason")
    func policy() async throws {
        for _ in 0..<3 { try await shop.signIn("alice") }
        let dry = await shop.run("extend", "URL", "--user", "alice", "--by", "5m", "--dry-run")
        #expect(dry.objects.map { $0["outcome"] as? String } == Array(repeating: "wouldExtend", count: 3))
        #expect(await shop.run("extend", "URL", "--user", "alice", "--by", "5m", "--yes").status == 77)
        let readOnly = await shop.run(
            "extend", "URL", "--user", "alice", "--by", "5m", "--yes", "--reason", "x", "--read-only")
        #expect(readOnly.status == 77)
        let done = await shop.run("extend", "URL", "--user", "alice", "--by", "5m", "--yes", "--reason", "x")
        #expect(done.status == 0 && done.lines.count == 3)
    }
}
