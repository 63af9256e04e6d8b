import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("stats")
struct StatsTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    /// A node that answers so many look-ups a second from L1, and so many from the database, for so many seconds.
    private func serve(_ node: String, hits: Int64, misses: Int64, seconds: Int, from counters: Counters = Counters())
        async throws
    {
        let started = shop.time.now
        var counters = counters
        for _ in 0..<seconds {
            shop.time.advance(by: .seconds(1))
            counters[.l1Hit] += hits
            counters[.l1Miss] += misses
            counters[.databaseHit] += misses
            try await shop.store.publish(
                NodeReport(
                    id: node, started: started, heartbeat: shop.time.now, applied: .start, lease: .seconds(2),
                    counters: counters))
        }
    }

    @Test("Counts and tiers have the members of the contract")
    func members() async throws {
        try await shop.signIn("alice", idle: .seconds(200))
        try await shop.signIn("alice")
        try await shop.signIn(nil)
        try await serve("web-03", hits: 90, misses: 10, seconds: 90)
        let result = await shop.run("stats", "URL", "--format", "json")
        #expect(result.status == 0 && result.lines.count == 1)
        let object = try #require(result.objects.first)
        #expect(object["store"] as? String == shop.url && object["layout"] as? String == "native")
        #expect(object["sessions"] as? Int == 3 && object["users"] as? Int == 1 && object["anonymous"] as? Int == 1)
        #expect(object["withoutExpiry"] as? Int == 0)
        #expect((object["expiring"] as? [String: Int]) == ["5m": 1, "1h": 3])
        let tiers = try #require(object["tiers"] as? [[String: Any]])
        #expect(tiers.map { $0["tier"] as? String } == ["l1", "database"])
        #expect(tiers.allSatisfy { $0["scope"] as? String == "node web-03" })
        #expect(tiers[0]["hitRate"] as? Double == 0.9 && tiers[1]["hitRate"] as? Double == 1)
        let window = try #require(tiers[0]["window"] as? Double)
        #expect((55...65).contains(window), "\(window)")
        #expect(Double(tiers[0]["hits"] as? Int ?? 0) == window * 90)
    }

    @Test("Too few look-ups tell no rate")
    func few() async throws {
        try await serve("web-01", hits: 0, misses: 0, seconds: 30)
        let object = try #require(await shop.run("stats", "URL", "--format", "json").objects.first)
        let tiers = try #require(object["tiers"] as? [[String: Any]])
        #expect(tiers.count == 2 && tiers.allSatisfy { $0["hitRate"] is NSNull })
    }

    @Test("A node that began anew is counted from there")
    func restarted() async throws {
        var earlier = Counters()
        earlier[.l1Hit] = 1_000_000
        try await serve("web-01", hits: 1, misses: 99, seconds: 30, from: earlier)
        try await serve("web-01", hits: 100, misses: 0, seconds: 30)
        let object = try #require(await shop.run("stats", "URL", "--format", "json").objects.first)
        let l1 = try #require((object["tiers"] as? [[String: Any]])?.first)
        #expect(l1["hitRate"] as? Double == 1 && (l1["window"] as? Double ?? 99) <= 30)
    }

    @Test("OpenMetrics has a type before each sample, each family once, and the mark of the end")
    func openMetrics() async throws {
        try await shop.signIn("alice")
        try await serve("we\"b\\\n-01", hits: 90, misses: 10, seconds: 20)
        let result = await shop.run("stats", "URL", "--format", "openmetrics")
        var family = ""
        var families: Set<String> = []
        for line in result.lines.dropLast() {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if words[0] == "#" {
                if words[1] == "TYPE" {
                    family = words[2]
                    #expect(families.insert(family).inserted, "\(family) comes twice")
                }
                #expect(words[2] == family)
            } else {
                #expect(line.hasPrefix(family), "\(line)")
                let value = try #require(line.split(separator: " ").last.flatMap { Double($0) }, "\(line)")
                #expect(value >= 0)
            }
        }
        #expect(result.lines.last == "# EOF" && families.contains("sessiontop_sessions"))
        #expect(result.lines.contains { $0.hasPrefix(#"sessiontop_tier_hit_ratio{tier="l1",node="we\"b\\␊-01"} 0.9"#) })
    }

    @Test("The dashboard of the documentation asks for nothing that isn't there")
    func grafana() async throws {
        try await serve("web-01", hits: 90, misses: 10, seconds: 20)
        let said = await shop.run("stats", "URL", "--format", "openmetrics").lines.joined(separator: "\n")
        let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let path = root.appending(path: "Sources/Sessions/Sessions.docc/Resources/sessions-grafana.json")
        let dashboard = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        let asked = panels.flatMap { ($0["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String } }
        #expect(asked.count >= panels.count && panels.count > 10)
        for expression in asked {
            for match in expression.matches(of: /sessiontop_[a-z0-9_]+/) {
                #expect(said.contains("\n\(match.output){") || said.contains("\n\(match.output) "), "\(match.output)")
            }
            for match in expression.matches(of: /event=~?"([^"]+)"/) {
                for event in match.output.1.split(separator: "|") {
                    #expect(said.contains("event=\"\(event)\""), "\(event)")
                }
            }
        }
    }

    @Test("A person gets tables")
    func table() async throws {
        try await serve("web-03", hits: 90, misses: 10, seconds: 20)
        let result = await shop.run("stats", "URL")
        #expect(result.lines.contains { $0.hasPrefix("l1") && $0.contains("node web-03") && $0.contains("0.9") })
        #expect(result.lines.contains { $0.hasPrefix("web-03") && $0.contains("up") })
    }
}
