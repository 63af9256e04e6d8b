import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("A balancer joined with a store", .serialized)
struct JoinedTests {
    /// A shop, its store, and both joined.
    private struct World {
        let shop: Shop
        let store = MemoryStore()
        let joined: BalancedSessions

        init(_ shop: Shop) async throws {
            self.shop = shop
            joined = BalancedSessions(try await shop.source(), with: store)
        }

        /// Signs somebody in, and binds their cookie to a server, or to none.
        func signIn(_ user: String, servedBy node: String?, pinnedTo server: Int?) async throws -> SessionID {
            let id = SessionID()
            var session = Session(
                id: id.hash, user: user, created: TimeSource.system.wall(),
                lifetime: try Lifetime(
                    idle: .seconds(600), absolute: .seconds(3600)))
            session.node = node
            try await store.insert(session)
            if let server { try await shop.tell("set table shop key \(id.secretText) data.server_id \(server)") }
            return id
        }

        func rows(limit: Int = 100) async throws -> [SessionRow] {
            var (rows, cursor): ([SessionRow], RowCursor?) = ([], nil)
            repeat {
                let page = try await joined.rows(after: cursor, limit: limit)
                rows += page.rows
                cursor = page.next
            } while cursor != nil
            return rows
        }
    }

    @Test("Each session is told with the node it is sent to, and what the two disagree on; page by page, too")
    func rows() async throws {
        try await Shop.with { shop in
            let world = try await World(shop)
            let agreed = try await world.signIn("alice", servedBy: "web-01", pinnedTo: 1).hash
            let moved = try await world.signIn("bob", servedBy: "web-01", pinnedTo: 2).hash
            let ended = try await world.signIn("carol", servedBy: "web-03", pinnedTo: 3).hash
            let loose = try await world.signIn("dave", servedBy: "web-03", pinnedTo: nil).hash
            _ = try await world.store.revoke(.sessions([ended]), order: .test)
            try await shop.visit("nobody-knows-this")
            let stray = IDHash(hashing: Array("nobody-knows-this".utf8))
            let now = TimeSource.system.wall()
            for limit in [1, 2, 3, 100] {
                let rows = try await world.rows(limit: limit)
                #expect(rows.count == 5 && Set(rows.map(\.id)).count == 5)
                let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
                #expect(byID[agreed]?.pin == Pin(node: "web-01", hasSession: true))
                #expect(byID[agreed]?.pinTrouble(at: now) == nil && byID[agreed]?.user == "alice")
                #expect(byID[moved]?.pinTrouble(at: now) == .elsewhere && byID[moved]?.pin?.node == "web-02")
                #expect(byID[ended]?.pinTrouble(at: now) == .ended)
                #expect(byID[loose]?.pin == nil && byID[loose]?.pinTrouble(at: now) == nil)
                #expect(byID[stray]?.pinTrouble(at: now) == .unknown && byID[stray]?.pin?.node != nil)
            }
            let detail = try #require(try await world.joined.detail(moved))
            let facts = Dictionary(detail.location.map { ($0.name, $0.value) }) { first, _ in first }
            #expect(facts["pinned to"] == "web-02" && facts["balancer's key"] == "•••• (43 bytes)")
            #expect(facts["disagreement"] == "last served by web-01, and now sent to web-02")
            let alone = try #require(try await world.joined.detail(stray))
            #expect(alone.row.pin?.hasSession == false)
            let prefix = try #require(HandlePrefix("\(stray.handle)"))
            #expect(try await world.joined.find(prefix, limit: 2) == [stray])
            let findings = try await world.joined.findings(at: now)
            let affinity = try #require(findings.first { $0.check == "affinity" })
            #expect(affinity.severity == .warning && affinity.message.hasPrefix("of 4 bound sessions 1 are sent"))
        }
    }

    @Test("A cookie that a table cuts short is told as what it is: the store knows none of them")
    func cut() async throws {
        try await Shop.with(.init(table: "type string len 20 size 100 expire 30m")) { shop in
            let world = try await World(shop)
            for user in ["alice", "bob"] { _ = try await world.signIn(user, servedBy: "web-01", pinnedTo: 1) }
            let findings = try await world.joined.findings(at: TimeSource.system.wall())
            #expect(findings.first { $0.check == "affinity" }?.advice?.contains("length") == true)
        }
    }

    @Test("A table that forgets sooner than sessions idle out is warned of")
    func expiry() async throws {
        try await Shop.with(.init(table: "type string len 64 size 100 expire 1m")) { shop in
            let world = try await World(shop)
            _ = try await world.signIn("alice", servedBy: "web-01", pinnedTo: 1)
            let findings = try await world.joined.findings(at: TimeSource.system.wall())
            #expect(findings.first { $0.check == "table-expiry" }?.severity == .warning)
        }
        try await Shop.with { shop in
            let world = try await World(shop)
            _ = try await world.signIn("alice", servedBy: "web-01", pinnedTo: 1)
            let findings = try await world.joined.findings(at: TimeSource.system.wall())
            #expect(findings.first { $0.check == "table-expiry" }?.severity == .fine)
            #expect(findings.first { $0.check == "affinity" }?.severity == .fine)
        }
    }

    @Test("A revoke ends the session in the store and takes its entry out; what only the balancer knows is unpinned")
    func revoking() async throws {
        try await Shop.with { shop in
            let world = try await World(shop)
            let alice = try await world.signIn("alice", servedBy: "web-01", pinnedTo: 1)
            _ = try await world.signIn("bob", servedBy: "web-02", pinnedTo: 2)
            try await shop.visit("stray")
            let stray = IDHash(hashing: Array("stray".utf8))
            let receipt = try await world.joined.revoke(.sessions([alice.hash, stray]), order: .test)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked, .revoked])
            #expect(try await world.store.load(alice.hash, at: TimeSource.system.wall())?.standing == .revoked)
            let rows = try await world.rows()
            #expect(rows.first { $0.id == alice.hash }?.pin == nil && !rows.contains { $0.id == stray })
            #expect(rows.first { $0.user == "bob" }?.pin?.node == "web-02")
            let all = try await world.joined.revoke(.user("bob"), order: .test)
            #expect(all.outcomes.map(\.outcome) == [.revoked])
            #expect(try await world.rows().allSatisfy { $0.pin == nil })
        }
    }

    @Test("Nodes are the balancer's servers with what the nodes publish; a revoke is effective when the nodes say so")
    func nodes() async throws {
        try await Shop.with { shop in
            let world = try await World(shop)
            let now = TimeSource.system.wall()
            for name in ["web-01", "web-09"] {
                try await world.store.publish(
                    NodeReport(id: name, started: now, heartbeat: now, applied: FeedPosition(3), lease: .seconds(2)))
            }
            try await world.joined.steer("web-01", to: .drain, order: .test)
            let nodes = try await world.joined.nodes()
            #expect(nodes.map(\.id) == ["web-01", "web-02", "web-03", "web-09"])
            #expect(nodes.map(\.applied) == [FeedPosition(3), nil, nil, FeedPosition(3)])
            #expect(nodes.map { $0.server != nil } == [true, true, true, false])
            #expect(nodes.map(\.status) == [.draining, .up, .up, .up])
            var watch = EffectivenessWatch(position: FeedPosition(4), durable: .now)
            #expect(watch.observe(nodes, at: .now) == .waiting(on: ["web-01", "web-09"]))
            // The store has no entry 3: it was of a past that is gone.
            let checked = try await world.joined.nodes(checkedUpTo: FeedPosition(3))
            #expect(checked.map(\.applied) == [.start, nil, nil, .start, .start])
            #expect(checked.map { $0.server != nil } == [true, true, true, false, false])
        }
    }
}
