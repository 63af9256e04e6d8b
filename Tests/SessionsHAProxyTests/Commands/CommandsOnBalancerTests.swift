import Foundation
import SessionTesting
import Sessions
import SessionsSQLite
import Testing

@testable import SessionsHAProxy
@testable import sessiontop

@Suite("Commands on a balancer", .serialized)
struct CommandsOnBalancerTests {
    @Test("list, inspect, stats and doctor tell of it, and of no cookie")
    func looking() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(5)
            let url = shop.balancer.url()
            let list = await Commands.run("list", url, "--format", "json")
            #expect(list.status == 0 && list.objects.count == 5)
            #expect(Set(list.objects.compactMap { $0["handle"] as? String }) == Set(ids.map { "\($0.handle)" }))
            #expect(list.objects.allSatisfy { ($0["node"] as? String)?.hasPrefix("web-0") == true })
            #expect(list.objects.allSatisfy { $0["user"] is NSNull && $0["layout"] as? String == "haproxy" })
            #expect(list.objects.allSatisfy { $0["pinned"] == nil })

            let inspect = await Commands.run("inspect", url, "\(ids[0].handle)", "--format", "json")
            let place = inspect.objects.first?["store"] as? [String: Any]
            #expect(inspect.status == 0 && place?["table"] as? String == "shop, string")
            let data = inspect.objects.first?["data"] as? [String: Any]
            #expect((data?["shop"] as? [String: Any])?["http_req_cnt"] as? Int == 0)

            let stats = await Commands.run("stats", url, "--format", "json")
            let report = try #require(stats.objects.first)
            #expect(report["sessions"] as? Int == 5 && report["store"] as? String == url)
            let nodes = try #require(report["nodes"] as? [[String: Any]])
            #expect(nodes.compactMap { $0["pinned"] as? Int } == [2, 2, 1])
            #expect(nodes.allSatisfy { $0["applied"] is NSNull && $0["status"] as? String == "up" })
            let metrics = await Commands.run("stats", url, "--format", "openmetrics")
            #expect(metrics.status == 0 && metrics.text.contains("node_up{node=\"web-01\"} 1"))

            let doctor = await Commands.run("doctor", url, "--format", "json")
            let severities = Dictionary(
                doctor.objects.map { ($0["check"] as? String ?? "", $0["severity"] as? String ?? "") }
            ) { first, _ in first }
            #expect(doctor.status == 0 && severities["table-room"] == "fine", "\(doctor)")
            #expect(severities["audit-chain"] == "unknown")
            for result in [list, inspect, stats, metrics, doctor] {
                #expect(!result.text.contains("cookie-of-visitor"))
            }
        }
    }

    private static let unpinned = "Unpinned; no session was ended: revoke it in its store, or add --with STORE."

    @Test("revoke unpins, says that it ends no session, and tells that one came back")
    func revoking() async throws {
        try await Shop.with { shop in
            try await ScratchFolder.with { try await checkRevoking(shop, state: $0) }
        }
    }

    private func checkRevoking(_ shop: Shop, state: String) async throws {
        let ids = try await shop.fill(3)
        let url = shop.balancer.url()
        let extend = await Commands.run("extend", url, "\(ids[0].handle)", "--by", "5m", "--yes", state: state)
        #expect(extend.status == 77)
        let dry = await Commands.run("extend", url, "\(ids[0].handle)", "--by", "5m", "--dry-run", state: state)
        #expect(dry.status == 77 && dry.text.isEmpty)
        let revoke = await Commands.run(
            "revoke", url, "\(ids[0].handle)", "000000000000", "--yes", "--no-wait", "--reason", "kernel", state: state)
        #expect(revoke.status == 1, "one of them was not there")
        #expect(revoke.objects.compactMap { $0["outcome"] as? String }.sorted() == ["notFound", "revoked"])
        #expect(revoke.text.contains("ends no session"))
        #expect(revoke.notes == [Self.unpinned])
        let user = await Commands.run("revoke", url, "--user", "alice", "--yes", "--reason", "kernel", state: state)
        #expect(user.status != 0 && "\(user)".contains("--with"))
        let reading = await Commands.run("revoke", url, "\(ids[1].handle)", "--yes", "--read-only", state: state)
        #expect(reading.status == 77)
        let counts = try await shop.source().statistics(at: TimeSource.system.wall())
        #expect(counts.sessions == 2)
        // Its client comes back as soon as it is unpinned: it is bound anew, and that is told.
        let client = Task {
            while try await shop.source().detail(ids[1]) != nil { try await Task.sleep(for: .milliseconds(100)) }
            try await shop.visit(Shop.cookie(1))
        }
        let back = await Commands.run("revoke", url, "\(ids[1].handle)", "--yes", "--reason", "kernel", state: state)
        client.cancel()
        _ = await client.result
        #expect(back.status == 1 && back.text.contains("cameBack"), "\(back)")
        #expect(back.notes == [Self.unpinned], "no node is waited for, and nothing is said to be effective")
    }

    @Test(
        "What is changed goes into an audit log of the operator's own, which doctor verifies; what can't be isn't done")
    func audit() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(3)
            let url = shop.balancer.url()
            try await ScratchFolder.with { folder in
                for id in ids.prefix(2) {
                    let handle = "\(id.handle)"
                    let revoke = await Commands.run(
                        "revoke", url, handle, "--yes", "--no-wait", "--reason", "INC-1", state: folder)
                    #expect(revoke.status == 0)
                }
                let source = try await HAProxySource.attach(try #require(StoreURL(url)), access(folder))
                try await source.steer("web-02", to: .drain, order: .test)
                let entries = try await source.audit(after: 0, limit: 10)
                #expect(entries.map(\.action) == [.revoke, .revoke, .steer])
                #expect(entries.map(\.target) == ["s:\(ids[0].handle)", "s:\(ids[1].handle)", "node:web-02"])
                #expect(entries.map(\.result) == ["revoked 1", "revoked 1", "drain"])
                let doctor = await Commands.run("doctor", url, "--format", "json", state: folder)
                #expect(doctor.text.contains("3 entries, each with the hash of the one before"))
            }
            let refused = await Commands.run(
                "revoke", url, "\(ids[2].handle)", "--yes", "--no-wait", "--reason", "INC-1", state: "/dev/null")
            #expect(refused.status == 69)
            let homeless = await Commands.run(
                "revoke", url, "\(ids[2].handle)", "--yes", "--no-wait", "--reason", "INC-1")
            #expect(homeless.status == 77 && "\(homeless)".contains("XDG_STATE_HOME"))
            let kept = try await shop.source().detail(ids[2])
            #expect(kept != nil)
        }
    }

    @Test("Where the audit log is damaged nothing is unpinned and no server is moved")
    func damagedLog() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(2)
            try await ScratchFolder.with { folder in
                let path = "\(folder)/audit.jsonl"
                try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: path))
                let source = try await HAProxySource.open(
                    HAProxyConfiguration(url: shop.balancer.url()), log: OperatorLog(path: path))
                let errors = [
                    await #expect(throws: SessionsError.self) { try await source.revoke(.sessions(ids), order: .test) },
                    await #expect(throws: SessionsError.self) {
                        try await source.steer("web-01", to: .drain, order: .test)
                    },
                ]
                #expect(errors.allSatisfy { $0?.code == .corrupt })
                #expect(try await source.rows(after: nil, limit: 10).rows.count == 2)
                #expect(try await source.nodes().allSatisfy { $0.status == .up })
            }
        }
    }

    private func access(_ folder: String) -> StoreAccess {
        StoreAccess(isReadOnly: false, layout: nil, time: .system, variable: { $0 == "XDG_STATE_HOME" ? folder : nil })
    }

    @Test("watch tells who is bound, and who is not any more")
    func watching() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(2)
            let (lines, feed) = AsyncStream.makeStream(of: String.self)
            let url = shop.balancer.url()
            let watch = Task { await Commands.run("watch", url) { feed.yield($0) } }
            var said = ""
            var step = 0
            for await line in lines {
                said += line
                if step == 0, said.contains("2 sessions are there") {
                    step = 1
                    try await shop.visit("another")
                } else if step == 1, said.contains("\"event\":\"created\"") {
                    step = 2
                    _ = try await shop.source().revoke(.sessions([ids[0]]), order: .test)
                } else if step == 2, said.contains("\"event\":\"removed\"") {
                    break
                }
            }
            watch.cancel()
            _ = await watch.value
            #expect(said.contains("\(ids[0].handle)"))
        }
    }

    @Test("--with joins it with the store of its sessions")
    func joining() async throws {
        try await Shop.with { shop in
            try await ScratchFolder.with { folder in
                let store = try SQLiteStore.open(path: "\(folder)/shop.db", mode: .create)
                let id = SessionID()
                var session = Session(
                    id: id.hash, user: "alice", created: TimeSource.system.wall(),
                    lifetime: try Lifetime(idle: .seconds(600), absolute: .seconds(3600)))
                session.node = "web-03"
                try await store.insert(session)
                try await shop.tell("set table shop key \(id.secretText) data.server_id 1")
                try await check(shop.balancer.url(), "sqlite:\(folder)/shop.db", id, state: folder)
                let after = try await shop.source().statistics(at: TimeSource.system.wall())
                #expect(after.sessions == 0)
            }
        }
    }

    private func check(_ url: String, _ with: String, _ id: SessionID, state: String) async throws {
        let list = await Commands.run("list", url, "--with", with, "--format", "json")
        let row = try #require(list.objects.first)
        #expect(list.objects.count == 1 && row["user"] as? String == "alice" && row["layout"] as? String == "native")
        #expect(row["node"] as? String == "web-03" && row["pinned"] as? String == "web-01")
        #expect(row["disagreement"] as? String == "elsewhere")
        let table = await Commands.run("list", url, "--with", with)
        #expect(table.text.contains("PINNED TO") && table.text.contains("elsewhere"))
        let inspect = await Commands.run("inspect", url, "\(id.hash.handle)", "--with", with, "--format", "json")
        let place = inspect.objects.first?["store"] as? [String: Any]
        #expect(place?["pinned to"] as? String == "web-01" && place?["disagreement"] != nil)
        let doctor = await Commands.run("doctor", url, "--with", with, "--format", "json")
        let affinity = doctor.objects.first { $0["check"] as? String == "affinity" }
        #expect(affinity?["severity"] as? String == "warning")
        let revoke = await Commands.run(
            "revoke", url, "--user", "alice", "--with", with, "--yes", "--no-wait", "--reason", "gone",
            state: state)
        #expect(revoke.status == 0 && revoke.text.contains("\"revoked\""))
        #expect(revoke.notes.contains { $0.hasPrefix("Durable.") } && !revoke.notes.contains(Self.unpinned))
        let balancer = try await HAProxySource.attach(try #require(StoreURL(url)), access(state))
        #expect(try await balancer.audit(after: 0, limit: 10).map(\.target) == ["s:\(id.hash.handle)"])
        for result in [list, table, inspect, doctor, revoke] { #expect(!result.text.contains(id.secretText)) }
        for (first, second) in [(with, url), (url, url)] {
            let wrong = await Commands.run("list", first, "--with", second)
            #expect(wrong.status == 64)
        }
    }
}
