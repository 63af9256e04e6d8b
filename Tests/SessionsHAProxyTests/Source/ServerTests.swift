import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("Servers as nodes", .serialized)
struct ServerTests {
    @Test("Servers are told with their state, their weight and who is bound to them")
    func report() async throws {
        try await Shop.with { shop in
            for number in 0..<9 { try await shop.visit(Shop.cookie(number)) }
            let source = try await shop.source()
            let nodes = try await source.nodes()
            let now = TimeSource.system.wall()
            #expect(nodes.map(\.id) == ["web-01", "web-02", "web-03"])
            #expect(
                nodes.allSatisfy { $0.status == .up && $0.isAlive(at: now) && $0.applied == nil && $0.lease == nil })
            let servers = nodes.compactMap(\.server)
            #expect(servers.map(\.pinned) == [3, 3, 3])
            #expect(servers.map(\.total).reduce(0, +) == 9)
            #expect(servers.allSatisfy { $0.backend == "shop" && $0.weight == 1 && $0.address.hasPrefix("127.0.0.1:") })
            #expect(servers.allSatisfy { ($0.lastPinEnds ?? now) > now + .seconds(1500) })
            #expect(try await source.nodes().map(\.started) == nodes.map(\.started), "one process, one beginning")
        }
    }

    @Test("A drained server keeps its clients and gets no others; one in maintenance loses them; ready takes both back")
    func steering() async throws {
        try await Shop.with { shop in
            var homes: [Int: String] = [:]
            for number in 0..<9 { homes[number] = try await shop.visit(Shop.cookie(number)) }
            let source = try await shop.source()
            func status(_ node: String) async throws -> NodeReport.Status? {
                try await source.nodes().first { $0.id == node }?.status
            }
            try await source.steer("web-02", to: .drain, order: .test)
            #expect(try await status("web-02") == .draining)
            for number in 0..<9 { #expect(try await shop.visit(Shop.cookie(number)) == homes[number]) }
            for number in 10..<16 { #expect(try await shop.visit(Shop.cookie(number)) != "web-02") }

            try await source.steer("web-02", to: .maintenance, order: .test)
            #expect(try await status("web-02") == .maintenance)
            for number in 0..<9 { #expect(try await shop.visit(Shop.cookie(number)) != "web-02") }

            try await source.steer("web-02", to: .ready, order: .test)
            #expect(try await status("web-02") == .up)
            var served: Set<String> = []
            for number in 20..<26 { served.insert(try await shop.visit(Shop.cookie(number))) }
            #expect(served.contains("web-02"))
            let error = await #expect(throws: SessionsError.self) {
                try await source.steer("web-09", to: .drain, order: .test)
            }
            #expect(error?.code == .storeNotFound)
        }
    }

    @Test("A server that fails its health checks is down, and doctor warns of it")
    func down() async throws {
        let more = """
            backend api
                stick-table type string len 64 size 100 expire 1h
                stick on req.cook(sid)
                server web-01 127.0.0.1:\(FreePort.take()) check inter 50 fall 1
            """
        try await Shop.with(.init(more: more)) { shop in
            let source = try await shop.source()
            try await Waiting.until("the server is down") {
                try await source.nodes().contains { $0.id == "api/web-01" && $0.status == .down }
            }
            let nodes = try await source.nodes()
            #expect(nodes.map(\.id) == ["shop/web-01", "web-02", "web-03", "api/web-01"])
            #expect(nodes.last?.isAlive(at: TimeSource.system.wall()) == false)
            try await source.steer("shop/web-01", to: .drain, order: .test)
            #expect(try await source.nodes().map(\.status) == [.draining, .up, .up, .down])
            #expect(try await shop.finding("servers", source)?.severity == .warning)
            #expect(try await shop.source("table=shop").nodes().count == 3, "the servers of one table's backend alone")
        }
    }
}
