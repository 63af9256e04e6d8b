import Sessions
import SessionTesting
import Subprocess
import Testing

@testable import SessionsHAProxy

@Suite("HAProxy's runtime API, spoken to a real one", .serialized)
struct ClientTests {
    @Test("Everything that is asked is answered, over a socket and over a port")
    func asking() async throws {
        try await Shop.with { shop in
            try await shop.visit("alpha")
            for url in [shop.balancer.url(), shop.balancer.hostURL] {
                let client = RuntimeClient(try HAProxyConfiguration(url: url))
                #expect(try await client.ask(.showTables, TableListReader()).map(\.name) == ["shop"])
                let dump = try await client.ask(.showTable("shop"), TableReader(wantsCounting: false))
                #expect(dump.entries.map { dump.key($0) } == [Array("alpha".utf8)])
                #expect(
                    try await client.ask(.showServers, ServerState.reader()).map(\.name) == [
                        "web-01", "web-02", "web-03",
                    ])
                #expect(try await client.ask(.showStatistics, ServerFigures.reader()).map(\.total).reduce(0, +) == 1)
                #expect(try await client.ask(.showInformation, ProcessReader()).version.hasPrefix("2."))
                #expect(try await client.ask(.showPeers, PeerReader()).tables == ["shop"])
                #expect(try await client.ask(.showLevel, WordsReader()) == "admin")
                #expect(try await client.ask(.showSockets, RuntimeSocket.reader()).count == 4)
            }
        }
    }

    @Test("Keys that would break out of a command are found and removed, each alone")
    func hostileKeys() async throws {
        try await Shop.with { shop in
            let client = try shop.client
            let keys =
                [
                    "plain", "a b", "a;b", "a;clear table shop", "a\\b", "a\\;b", "<<", "<<x", "a<<", "#c", "'q'",
                    "\"q\"",
                    "a=b", "key=x", "%20", "é", "a\tb", "\u{1b}[2J", "\u{1}", "\\", "data.gpc0", "-x",
                ].map { Array($0.utf8) } + [[0xff, 0x80]]
            for key in keys {
                let word = try RuntimeCommand.word(key)
                let command = Array("set table shop key ".utf8) + word + Array(" data.http_req_cnt 1".utf8)
                _ = try await shop.tell(command)
            }
            func held() async throws -> Set<[UInt8]> {
                let dump = try await client.ask(.showTable("shop"), TableReader(wantsCounting: true))
                return Set(dump.entries.map { dump.key($0) })
            }
            var left = Set(keys)
            #expect(try await held() == left)
            for key in keys {
                let entry = try await client.ask(.showEntry(table: "shop", key: key), EntryReader())
                #expect(entry?.key == key)
                #expect(try await client.ask(.clearEntry(table: "shop", key: key), WordsReader()) == "")
                left.remove(key)
                #expect(try await held() == left)
            }
        }
    }

    @Test(
        "An unusable address, an unwilling socket and a stopped balancer are told apart, and none makes one wait for ever"
    )
    func failures() async throws {
        try await Shop.with { shop in
            try await shop.visit("alpha")
            let user = RuntimeClient(try HAProxyConfiguration(url: shop.balancer.url(.user)))
            let clear = RuntimeCommand.clearEntry(table: "shop", key: Array("alpha".utf8))
            await expect(.refused) { try await user.ask(.showTable("shop"), TableReader(wantsCounting: true)) }
            #expect(try await user.ask(clear, WordsReader()) == "Permission denied")
            await expect(.storeNotFound) {
                try await shop.client.ask(.showTable("none"), TableReader(wantsCounting: true))
            }
            let nowhere = RuntimeClient(try HAProxyConfiguration(url: "haproxy:/nowhere/admin.sock"))
            await expect(.unavailable) { try await nowhere.ask(.showTables, TableListReader()) }
            let web = RuntimeClient(try HAProxyConfiguration(url: "haproxy://127.0.0.1:\(shop.port)"))
            await expect(.unavailable) { try await web.ask(.showTables, TableListReader()) }
            try shop.balancer.process.send(.suspend)
            var configuration = try HAProxyConfiguration(url: shop.balancer.url())
            configuration.silenceLimit = .milliseconds(200)
            await expect(.unavailable) {
                try await RuntimeClient(configuration).ask(.showTables, TableListReader())
            }
            let asking = Task { try await shop.client.ask(.showTables, TableListReader()) }
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
        }
    }

    private func expect<Answer>(_ code: SessionsError.Code, _ body: () async throws -> Answer) async {
        let error = await #expect(throws: SessionsError.self) { _ = try await body() }
        #expect(error?.code == code, "\(String(describing: error))")
    }
}
