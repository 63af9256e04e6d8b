import Sessions
import SessionTesting
import Testing

@testable import SessionsHAProxy

@Suite("What doctor finds at a balancer", .serialized)
struct FindingTests {
    @Test("A balancer that is set up well has no problem; cookies that lie open are warned of")
    func healthy() async throws {
        try await Shop.with { shop in
            _ = try await shop.fill(3)
            let source = try await shop.source()
            let findings = try await source.findings(at: TimeSource.system.wall())
            let severities = Dictionary(findings.map { ($0.check, $0.severity) }) { first, _ in first }
            #expect(
                severities == [
                    "process": .fine, "runtime-api": .fine, "table-room": .fine, "reload": .fine, "cookies": .warning,
                    "servers": .fine,
                ])
        }
    }

    @Test("A socket that everybody may write to is a problem")
    func worldWritable() async throws {
        var options = Shop.Options()
        options.server.socketMode = "666"
        try await Shop.with(options) { shop in
            let finding = try await shop.finding("runtime-api", shop.source())
            #expect(finding?.severity == .problem && finding?.message.contains("admin.sock") == true)
        }
    }

    @Test("A port of the runtime API that is open to others is a problem")
    func openPort() async throws {
        var options = Shop.Options()
        options.server.global = ["stats socket ipv4@0.0.0.0:\(FreePort.take()) level operator"]
        try await Shop.with(options) { shop in
            let finding = try await shop.finding("runtime-api", shop.source())
            #expect(finding?.severity == .problem && finding?.message.contains("0.0.0.0") == true)
        }
    }

    @Test("A table that is nearly full is warned of, and a full one is a problem")
    func room() async throws {
        var options = Shop.Options()
        options.table = "type string len 128 size 20 expire 30m"
        try await Shop.with(options) { shop in
            let source = try await shop.source()
            _ = try await shop.fill(10)
            #expect(try await shop.finding("table-room", source)?.severity == .fine)
            _ = try await shop.fill(18)
            #expect(try await shop.finding("table-room", source)?.severity == .warning)
            _ = try await shop.fill(20)
            #expect(try await shop.finding("table-room", source)?.severity == .problem)
        }
    }

    @Test("A table that no peers section shares is forgotten by a reload")
    func reload() async throws {
        var options = Shop.Options()
        options.table = "type string len 128 size 1k expire 30m"
        try await Shop.with(options) { shop in
            let finding = try await shop.finding("reload", shop.source())
            #expect(finding?.severity == .warning && finding?.message.contains("shop") == true)
        }
    }

    @Test("A peer that is away is warned of")
    func peers() async throws {
        var options = Shop.Options()
        options.peers = ["peer other 127.0.0.1:\(FreePort.take())"]
        try await Shop.with(options) { shop in
            let finding = try await shop.finding("reload", shop.source())
            #expect(finding?.severity == .warning && finding?.message.contains("other") == true)
        }
    }
}
