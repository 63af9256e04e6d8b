import Sessions
import SessionTesting
import Subprocess
import Testing

@testable import SessionsHAProxy

@Suite("Stick tables as sessions", .serialized)
struct SourceTests {
    @Test("Each key is a session, known by its hash, with its server as its node and its expiry as its deadline")
    func rows() async throws {
        try await Shop.with { shop in
            let native = SessionID()
            var servers: [IDHash: String] = [:]
            for cookie in ["alpha", "a b", native.secretText] {
                let id = cookie == native.secretText ? native.hash : IDHash(hashing: Array(cookie.utf8))
                servers[id] = try await shop.visit(cookie)
            }
            let source = try await shop.source()
            #expect(source.description.layout == "haproxy" && source.description.url == shop.balancer.url())
            let now = TimeSource.system.wall()
            let page = try await source.rows(after: nil, limit: 10)
            #expect(page.next == nil)
            #expect(page.rows.map(\.id) == servers.keys.sorted())
            for row in page.rows {
                #expect(row.node == servers[row.id])
                #expect(row.user == nil && row.created == nil && row.seen == nil && row.byteCount == nil)
                let end = try #require(row.deadlines.idle)
                #expect(end > now + .seconds(1500) && end <= now + .seconds(1801) && row.deadlines.absolute == nil)
            }
            let counts = try await source.statistics(at: now)
            #expect(counts.sessions == 3 && counts.expiringIn1Hour == 3 && counts.withoutExpiry == 0)
        }
    }

    @Test("Pages meet every session once, whatever their size, and go on where the last ended though entries go")
    func pages() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(57)
            let source = try await shop.source()
            for limit in [1, 2, 7, 56, 57, 58] {
                var (met, cursor): ([IDHash], RowCursor?) = ([], nil)
                repeat {
                    let page = try await source.rows(after: cursor, limit: limit)
                    #expect(page.rows.count <= limit)
                    met += page.rows.map(\.id)
                    cursor = page.next
                } while cursor != nil
                #expect(met == ids.sorted())
            }
            let first = try await source.rows(after: nil, limit: 20)
            _ = try await source.revoke(.sessions([ids.sorted()[19], ids.sorted()[25]]), order: .test)
            let second = try await source.rows(after: first.next, limit: 100)
            let left = ids.sorted()[20...].filter { $0 != ids.sorted()[25] }
            #expect(second.rows.map(\.id) == left)
            #expect(try await source.rows(after: nil, limit: 100).rows.count == 55)
            await #expect(throws: SessionsError.self) {
                try await source.rows(after: RowCursor(mark: [1, 2]), limit: 1)
            }
        }
    }

    @Test("A handle's beginning finds its sessions")
    func finding() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(40).sorted()
            let source = try await shop.source()
            for id in ids {
                let prefix = try #require(HandlePrefix("\(id.handle)"))
                #expect(try await source.find(prefix, limit: 2) == [id])
            }
            let none = try #require(HandlePrefix("000000000000"))
            #expect(try await source.find(none, limit: 2) == [])
        }
    }

    @Test("A session in detail tells where it lies and what was counted, and nothing of the cookie")
    func detail() async throws {
        try await Shop.with { shop in
            let cookie = "a-very-secret-cookie"
            let server = try await shop.visit(cookie, path: "/track")
            let source = try await shop.source()
            let id = IDHash(hashing: Array(cookie.utf8))
            let detail = try #require(try await source.detail(id))
            #expect(detail.row.node == server)
            let facts = Dictionary(detail.location.map { ($0.name, $0.value) }) { first, _ in first }
            #expect(facts["table"] == "shop, string" && facts["server"] == server)
            #expect(facts["key"] == "•••• (20 bytes)")
            let data = try #require(detail.payload.flatMap { JSONValue(parsing: $0.bytes) })
            #expect(data["shop"]?["http_req_cnt"] == .integer(1))
            let rows = try await source.rows(after: nil, limit: 9).rows
            #expect(!"\(detail)\(rows)".contains("secret"))
            let unknown = try await source.detail(IDHash(hashing: [1]))
            #expect(unknown == nil)
        }
    }

    @Test("Looking changes nothing: no expiry moves, no count, nothing is in use")
    func looking() async throws {
        try await Shop.with { shop in
            try await shop.visit("alpha")
            func entry() async throws -> StickEntry {
                let key = Array("alpha".utf8)
                return try #require(try await shop.client.ask(.showEntry(table: "shop", key: key), EntryReader()))
            }
            let before = try await entry()
            let source = try await shop.source()
            let id = IDHash(hashing: Array("alpha".utf8))
            for _ in 0..<10 {
                _ = try await source.rows(after: nil, limit: 10)
                _ = try await source.detail(id)
                _ = try await source.statistics(at: TimeSource.system.wall())
                _ = try await source.nodes()
                _ = try await source.findings(at: TimeSource.system.wall())
            }
            let after = try await entry()
            #expect(after.data.map(\.value) == before.data.map(\.value) && after.use == 0)
            // Had anything moved it, it would stand at half an hour again.
            #expect(after.remaining < before.remaining)
        }
    }

    @Test("A session of several tables is one session, and unpinning takes it out of all")
    func severalTables() async throws {
        let more = """
            backend api
                stick-table type string len 128 size 100 expire 1h
                stick on req.cook(sid)
                server api-01 127.0.0.1:1
            backend limits
                stick-table type ip size 100 expire 1m store http_req_rate(10s)
            """
        try await Shop.with(.init(more: more)) { shop in
            try await shop.tell("set table shop key both data.server_id 2")
            try await shop.tell("set table api key both data.server_id 1")
            try await shop.tell("set table api key other data.server_id 1")
            try await shop.tell("set table limits key 192.0.2.1 data.http_req_rate 5")
            let source = try await shop.source()
            let id = IDHash(hashing: Array("both".utf8))
            let rows = try await source.rows(after: nil, limit: 10).rows
            #expect(rows.count == 2, "the table that counts addresses binds nobody")
            #expect(rows.first { $0.id == id }?.node == "api-01", "the entry that lasts longest says where it is")
            let detail = try #require(try await source.detail(id))
            #expect(detail.location.filter { $0.name.hasPrefix("server") }.map(\.value) == ["api-01", "web-02"])
            let receipt = try await source.revoke(.sessions([id]), order: .test)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await source.rows(after: nil, limit: 10).rows.map(\.node) == ["api-01"])
            let one = try await shop.source("table=shop")
            #expect(try await one.rows(after: nil, limit: 10).rows.isEmpty)
            let limits = try await shop.source("table=limits")
            #expect(try await limits.rows(after: nil, limit: 10).rows.isEmpty == false)
            await #expect(throws: SessionsError.self) { try await shop.source("table=none") }
        }
    }

    @Test("A balancer that was restarted has forgotten everything, and one that is away is told as that")
    func restart() async throws {
        try await Shop.with { shop in
            _ = try await shop.fill(3)
            let source = try await shop.source()
            #expect(try await source.rows(after: nil, limit: 10).rows.count == 3)
            try await shop.balancer.process.end(by: .kill)
            let error = await #expect(throws: SessionsError.self) { try await source.rows(after: nil, limit: 10) }
            #expect(error?.code == .unavailable)
            try await shop.balancer.process.start()
            #expect(try await source.rows(after: nil, limit: 10).rows.isEmpty)
        }
    }
}
