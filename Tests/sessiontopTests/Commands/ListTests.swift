import ArgumentParser
import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("list and users")
struct ListTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    @Test("A session is printed with every member of the contract, in order")
    func members() async throws {
        let id = try await shop.signIn("alice", payload: Payload(bytes: Array(repeating: 7, count: 412)))
        let result = await shop.run("list", "URL", "--format", "json")
        let line = try #require(result.lines.first)
        #expect(result.status == 0 && result.lines.count == 1)
        let now = shop.time.now
        #expect(
            line == """
                {"handle":"\(id.handle)","user":"alice","state":"live","created":"\(now)","lastSeen":"\(now)",\
                "expires":"\(now + .seconds(1800))","ttl":1800,"absoluteExpires":"\(now + .seconds(28_800))",\
                "ip":"203.0.113.9","agent":"Browser/1","node":"web-01","bytes":412,"layout":"native"}
                """)
    }

    @Test("What isn't known is null")
    func unknown() async throws {
        try await shop.signIn(nil, idle: nil, ip: nil, agent: nil, node: nil)
        let object = try #require(await shop.run("list", "URL", "--format", "json").objects.first)
        for name in ["user", "ip", "agent", "node"] { #expect(object[name] is NSNull, "\(name)") }
        #expect(object["expires"] as? String == object["absoluteExpires"] as? String)
    }

    @Test("Ended sessions are listed only where the filter speaks of states or ids")
    func ended() async throws {
        let live = try await shop.signIn("alice")
        let revoked = try await shop.signIn("bob")
        _ = try await shop.store.revoke(revoked, by: "test", reason: nil, at: shop.time.now)
        func handles(_ filter: String...) async -> Set<String> {
            let options = filter.flatMap { ["--filter", $0] }
            let result =
                options.isEmpty
                ? await shop.run("list", "URL", "--format", "json")
                : await shop.run("list", "URL", "--format", "json", options[0], options[1])
            return Set(result.objects.compactMap { $0["handle"] as? String })
        }
        #expect(await handles() == ["\(live.handle)"])
        #expect(await handles("state:*") == ["\(live.handle)", "\(revoked.handle)"])
        #expect(await handles("state:revoked") == ["\(revoked.handle)"])
        #expect(await handles("id:\(revoked.handle)") == ["\(revoked.handle)"])
        #expect(await handles("user:bob") == [])
        let object = try #require(
            await shop.run("list", "URL", "--format", "json", "--filter", "state:revoked").objects.first)
        #expect(object["state"] as? String == "revoked" && object["ttl"] as? Double == 0)
    }

    @Test("A filter may begin with a minus, and a limit below zero is refused as one")
    func minus() async throws {
        let visitor = try await shop.signIn(nil)
        try await shop.signIn("alice")
        for command in ["list", "users"] {
            let result = await shop.run(command, "URL", "--filter", "-has:user", "--format", "json")
            #expect(result.status == 0 && result.objects.count == 1 && result.objects[0]["user"] is NSNull)
            let limited = await shop.run(command, "URL", "--limit", "-1")
            #expect(limited.status == 64)
            let error = try #require(limited.error)
            #expect(SessionTop.message(for: error).contains("--limit is zero or more"))
        }
        let list = await shop.run("list", "URL", "--filter", "-has:user", "--format", "json")
        #expect(list.objects.first?["handle"] as? String == "\(visitor.handle)")
    }

    @Test("An order can be turned round only where there is one")
    func reverse() async throws {
        let result = await shop.run("list", "URL", "--reverse")
        #expect(result.status == 64 && result.standardOutput.isEmpty)
        #expect(await shop.run("list", "URL", "--reverse", "--sort", "ttl").status == 0)
    }

    @Test("A filter that doesn't parse is an error that says where, and prints nothing")
    func badFilter() async throws {
        try await shop.signIn("alice")
        let result = await shop.run("list", "URL", "--filter", "ttl<")
        #expect(result.status == 64 && result.standardOutput.isEmpty)
        #expect("\(try #require(result.error))".contains("at character"))
    }

    @Test("Sorted and limited, the first rows by the column come, in order", arguments: [1, 7, 40, 100])
    func sorted(limit: Int) async throws {
        var generator = SystemRandomNumberGenerator()
        var lifetimes: [Int] = []
        for _ in 0..<40 {
            let seconds = Int.random(in: 60...20_000, using: &generator)
            lifetimes.append(seconds)
            try await shop.signIn("u", idle: .seconds(seconds))
        }
        let result = await shop.run("list", "URL", "--sort", "ttl", "--limit", "\(limit)", "--format", "json")
        let ttls = result.objects.compactMap { $0["ttl"] as? Double }
        #expect(ttls.count == min(limit, 40) && ttls == ttls.sorted())
        let all = await shop.run("list", "URL", "--sort", "ttl", "--reverse", "--format", "json")
        let reversed = all.objects.compactMap { $0["ttl"] as? Double }
        #expect(Array(reversed.reversed().prefix(limit)) == ttls)
    }

    @Test("A limit may be as large as numbers go, with an order and without one", arguments: [[], ["--sort", "ttl"]])
    func greatestLimit(order: [String]) async throws {
        for _ in 0..<3 { try await shop.signIn("alice") }
        let arguments = ["list", "URL", "--limit", "\(Int.max)", "--format", "json"] + order
        #expect(await shop.run(arguments).lines.count == 3)
    }

    @Test("Every column can be sorted by, and rows that lack it come last", arguments: RowOrder.allCases)
    func columns(order: RowOrder) async throws {
        try await shop.signIn(nil, ip: nil, agent: nil, node: nil)
        try await shop.signIn("alice")
        try await shop.signIn("bob", ip: "203.0.113.1", agent: "A", node: "web-00")
        let result = await shop.run("list", "URL", "--sort", order.rawValue, "--format", "json")
        #expect(result.objects.count == 3)
        if [.user, .ip, .node, .agent].contains(order) {
            #expect(result.objects.last?["user"] is NSNull)
            #expect(result.objects.first?["user"] as? String == (order == .user ? "alice" : "bob"))
        }
    }

    @Test("Sizes that no payload can have are sorted like any others")
    func impossibleSizes() {
        var top = TopRows(by: .bytes, limit: nil, at: Timestamp(milliseconds: 0))
        for size in [Int.min, 3, Int.max] {
            var row = SessionRow(id: SessionID().hash, state: .live)
            row.byteCount = size
            top.offer(row)
        }
        #expect(top.take().map(\.byteCount) == [Int.max, 3, Int.min])
    }

    @Test("Without an order a limit still holds, also none at all", arguments: [0, 1, 3])
    func limited(limit: Int) async throws {
        for _ in 0..<3 { try await shop.signIn("alice") }
        #expect(await shop.run("list", "URL", "--limit", "\(limit)", "--format", "json").lines.count == limit)
    }

    @Test("What strangers wrote reaches JSON whole, and no format raw", arguments: ResultFormat.allCases)
    func hostile(format: ResultFormat) async throws {
        let agent = "=HYPERLINK(\"x\")\u{1B}]0;pwned\u{7}\u{202E}\u{200B}\u{9B}31m\n,\"'"
        try await shop.signIn("e\u{301}vil\u{1B}[2J", agent: agent)
        let result = await shop.run("list", "URL", "--format", format.rawValue)
        let forbidden: Set<Unicode.Scalar> = ["\u{1B}", "\u{7}", "\u{202E}", "\u{200B}", "\u{9B}", "\r", "\t"]
        #expect(!result.standardOutput.unicodeScalars.contains { forbidden.contains($0) })
        switch format {
        case .json:
            let object = try #require(result.objects.first)
            #expect((object["agent"] as? String)?.utf8.elementsEqual(agent.utf8) == true)
            #expect((object["user"] as? String)?.utf8.elementsEqual("e\u{301}vil\u{1B}[2J".utf8) == true)
        case .csv:
            #expect(result.lines.count == 2)
            #expect(result.lines[1].contains("\"'=HYPERLINK"))
        case .table: #expect(result.lines.count == 2)
        }
    }

    @Test("Looking changes nothing")
    func harmless() async throws {
        let id = try await shop.signIn("alice")
        let before = try await shop.store.load(id, at: shop.time.now)
        for command in ["list", "users", "stats"] { _ = await shop.run(command, "URL") }
        _ = await shop.run("inspect", "URL", "\(id.handle)")
        #expect(try await shop.store.load(id, at: shop.time.now) == before)
        #expect(try await shop.audit().isEmpty)
    }

    @Test("Users are counted, those with the most sessions first, visitors without a name together")
    func users() async throws {
        try await shop.signIn("bob", ip: "203.0.113.1", node: "web-02")
        try await shop.signIn("alice", idle: .seconds(60), ip: "203.0.113.1", node: "web-02")
        let first = shop.time.now
        try await shop.signIn("alice", ip: "203.0.113.2", node: "web-01")
        try await shop.signIn("alice", ip: "203.0.113.1", node: "web-01")
        for _ in 0..<2 { try await shop.signIn(nil) }
        let result = await shop.run("users", "URL", "--format", "json")
        #expect(
            result.lines[0] == """
                {"user":"alice","sessions":3,"lastSeen":"\(first + .seconds(2))","expires":"\(first + .seconds(60))",\
                "nodes":["web-01","web-02"],"ips":2}
                """)
        #expect(result.objects.map { $0["sessions"] as? Int } == [3, 2, 1])
        #expect(result.objects[1]["user"] is NSNull)
        let limited = await shop.run("users", "URL", "--filter", "user:bob", "--limit", "5", "--format", "csv")
        #expect(limited.lines[0] == "user,sessions,lastSeen,expires,ips,nodes" && limited.lines.count == 2)
    }

    @Test("Names that only look alike are two users")
    func canonicalEquivalents() async throws {
        try await shop.signIn("\u{E9}")
        try await shop.signIn("e\u{301}")
        #expect(await shop.run("users", "URL", "--format", "json").lines.count == 2)
    }

    @Test(
        "A store that isn't there can't be reached, and is never made", arguments: ["list", "users", "stats", "watch"])
    func missing(command: String) async throws {
        let path = shop.folder.appendingPathComponent("none.db").path
        #expect(await shop.run(command, "sqlite:\(path)").status == 69)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
