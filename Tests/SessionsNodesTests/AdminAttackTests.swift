import NIOCore
import NIOPosix
import SessionTesting
import Sessions
import SessionsHummingbird
import SessionsNodes
import Testing

@Suite("Attacks on a node's admin API")
struct AdminAttackTests {
    private static let token = "correct-horse-battery-staple"
    private static let revokeAll = #"{"everyone":true,"actor":"mallory","at":"2026-01-01T00:00:00Z"}"#

    /// Runs a test against one node.
    private func withNode(
        _ configure: (inout AdminConfiguration) -> Void = { _ in },
        _ body: (AdminFleet.Member, String) async throws -> Void
    ) async throws {
        let fleet = try AdminFleet()
        do {
            let node = try await fleet.start("web-01", configure)
            try await body(node, "\(node.address)")
        } catch {
            await fleet.stop()
            throw error
        }
        await fleet.stop()
    }

    @Test("Without the token, or with another, nothing is told and nothing done")
    func noToken() async throws {
        let token = try AdminToken(Self.token)
        try await withNode {
            $0.token = token
        } _: { node, url in
            let made = try await node.node.begin(user: "alice")
            let attempts: [[String]] = [
                [], ["-H", "authorization: Bearer "], ["-H", "authorization: Bearer \(Self.token)x"],
                ["-H", "authorization: Bearer correct-horse"], ["-H", "authorization: Basic \(Self.token)"],
                ["-H", "authorization: \(Self.token)"],
                ["-H", "authorization: Bearer x", "-H", "authorization: Bearer \(Self.token)"],
            ]
            for attempt in attempts {
                for path in ["/v1/sessions", "/v1/node", "/openapi.json", "/v1/events"] {
                    let answer = try await Curl.send("GET", url + path, attempt)
                    #expect(answer.status == 401 && !answer.body.contains("alice"), "\(attempt) \(path)")
                }
                #expect(try await Curl.send("POST", url + "/v1/revoke", body: Self.revokeAll, attempt).status == 401)
            }
            #expect(node.node.counters[.suspicious] == Int64(attempts.count * 5), "each is counted")
            #expect(try await node.store.detail(made.id.hash)?.row.state == .live)
            let right = ["-H", "authorization: Bearer \(Self.token)"]
            #expect(try await Curl.send("GET", url + "/v1/sessions", right).status == 200)
        }
    }

    @Test("A page in somebody's browser can neither ask nor order anything")
    func browsers() async throws {
        try await withNode { _, url in
            let headers = [["-H", "origin: https://evil.example"], ["-H", "sec-fetch-site: cross-site"]]
            for header in headers {
                let answer = try await Curl.send("POST", url + "/v1/revoke", body: Self.revokeAll, header)
                #expect(answer.status == 403)
            }
            // A name that leads to the loopback is not this machine's name.
            let rebound = ["-H", "host: evil.example"]
            #expect(try await Curl.send("GET", url + "/v1/sessions", rebound).status == 403)
            // What a form can send without asking first.
            let form = ["-H", "content-type: text/plain", "--data-binary", Self.revokeAll]
            #expect(try await Curl.send("POST", url + "/v1/revoke", form).status == 415)
        }
    }

    @Test("Hostile handles, ids, cursors and bodies are refused in words, and change nothing")
    func hostileInput() async throws {
        try await withNode { node, url in
            let made = try await node.node.begin(user: "alice")
            let paths = [
                "/v1/sessions/x", "/v1/sessions/\(String(repeating: "f", count: 63))", "/v1/sessions/..%2f..%2fetc",
                "/v1/handles/zz", "/v1/handles/\(String(repeating: "a", count: 70))", "/v1/sessions?after=***",
                "/v1/sessions?limit=-1", "/v1/sessions?limit=99999999999999999999", "/v1/changes",
                "/v1/changes?after=x",
                "/v1/samples?since=yesterday", "/v1/audit?after=-1", "/v1/user-sessions", "/v1/statistics?at=%00",
            ]
            for path in paths {
                let answer = try await Curl.send("GET", url + path)
                #expect(answer.status == 400 && answer.body.contains("\"error\""), "\(path)")
            }
            let bodies = [
                "", "[]", "null", "{", #"{"sessions":"x"}"#,
                #"{"sessions":["zz"],"actor":"a","at":"2026-01-01T00:00:00Z"}"#,
                #"{"everyone":true,"user":"x","actor":"a","at":"2026-01-01T00:00:00Z"}"#,
                #"{"everyone":true,"actor":"","at":"2026-01-01T00:00:00Z"}"#, #"{"everyone":true,"actor":"a"}"#,
                String(repeating: "[", count: 100_000),
            ]
            for body in bodies {
                #expect(try await Curl.send("POST", url + "/v1/revoke", body: body).status == 400, "\(body.prefix(40))")
            }
            #expect(try await node.store.detail(made.id.hash)?.row.state == .live)
            // What never happened isn't put on the record.
            let id = made.id.hash.hexadecimal
            let who = #""target":"x","count":1,"actor":"a","at":"2026-01-01T00:00:00Z""#
            let entries = [
                #"{"action":"revoke",\#(who)}"#, #"{"action":"revoke","result":"revoked 1",\#(who)}"#,
                #"{"action":"revoke","result":"revoked 1","outcomes":[{"id":"\#(id)","outcome":"revoked"}],\#(who)}"#,
                #"{"action":"revoke","result":"revoked 1","outcomes":[{"id":"\#(id)","outcome":"cameBack"}],\#(who)}"#,
                #"{"action":"export","outcomes":[{"id":"\#(id)","outcome":"revoked"}],\#(who)}"#,
            ]
            for entry in entries {
                #expect(try await Curl.send("POST", url + "/v1/audit", body: entry).status == 400, "\(entry)")
            }
            #expect(try await node.store.audit(after: 0, limit: 9).isEmpty)
        }
    }

    @Test("Tricks with paths lead nowhere")
    func pathTricks() async throws {
        try await withNode { _, url in
            let paths = [
                "/", "/v1", "/v1/", "/v2/sessions", "/../etc/passwd", "/v1/../../etc/passwd", "/v1/%2e%2e/node",
                "//v1//sessions/x/y", "/openapi.json/..", "/v1/sessions/x/../../node",
            ]
            for path in paths {
                let answer = try await Curl.send("GET", url + path)
                #expect([400, 404].contains(answer.status), "\(path)")
            }
            for method in ["PUT", "PATCH", "DELETE", "TRACE"] {
                #expect(try await Curl.send(method, url + "/v1/sessions").status == 404, "\(method)")
            }
        }
    }

    @Test("A body that is too long, or says so, is not read to its end")
    func hugeBody() async throws {
        try await withNode { node, url in
            let answer = try await ScratchFolder.with { folder in
                let file = folder + "/huge"
                try await Tool.run("truncate", ["-s", "64M", file])
                return try await Curl.send(
                    "POST", url + "/v1/revoke", ["-H", "content-type: application/json", "--data-binary", "@\(file)"])
            }
            #expect(answer.status == 413 || answer.status == 0, "the connection may end before curl has sent it all")
            #expect(try await node.store.statistics(at: TimeSource.system.wall()).revoked == 0)
            #expect(try await Curl.send("GET", url + "/v1/node").status == 200, "it goes on")
        }
    }

    @Test("A body that comes drop by drop is not waited for, and holds up nobody")
    func slowBody() async throws {
        try await withNode { node, url in
            let head = "POST /v1/revoke HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            async let slow = RawClient.send(
                Array((head + "Content-Length: 1000\r\n\r\n{").utf8), to: node.address.port)
            #expect(try await Curl.send("GET", url + "/v1/node").status == 200)
            let answer = try await slow
            #expect(answer.contains(" 408 ") || answer.isEmpty)
        }
    }

    @Test("Requests that are no HTTP, or two in one, end the connection")
    func smuggling() async throws {
        try await withNode { node, url in
            let both =
                "POST /v1/extend HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/node HTTP/1.1\r\nHost: x\r\n\r\n"
            for request in [both, "\u{16}\u{3}\u{1}", "GET /v1/node\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
                let answer = try await RawClient.send(Array(request.utf8), to: node.address.port)
                #expect(!answer.contains("200 OK"), "\(request.prefix(20))")
            }
            #expect(try await Curl.send("GET", url + "/v1/node").status == 200)
        }
    }

    @Test("It refuses to listen where strangers are, without TLS and credentials")
    func refusesToListen() async throws {
        let sticky = try await AdminFleet.member()
        let tls = AdminConfiguration.TLS(certificateFile: "/x", keyFile: "/y")
        var withToken = AdminConfiguration(host: "0.0.0.0", port: 0)
        withToken.token = try AdminToken(Self.token)
        let configurations = [
            AdminConfiguration(host: "0.0.0.0", port: 0), withToken,
            AdminConfiguration(host: "0.0.0.0", port: 0, tls: tls),
            AdminConfiguration(host: "::", port: 0), AdminConfiguration(host: "127.0.0.1.evil.example", port: 0),
        ]
        for configuration in configurations {
            let error = await #expect(throws: SessionsError.self) {
                try await AdminListener(AdminAPI(sticky), configuration).run()
            }
            #expect(error?.code == .usage)
        }
    }

    @Test("A token's file that others may read isn't used, nor is a short token; neither is ever printed")
    func tokenFile() async throws {
        try await ScratchFolder.with { folder in
            let file = folder + "/token"
            try await Tool.run("sh", ["-c", "printf '%s\\n' \(Self.token) > \(file); chmod 644 \(file)"])
            #expect(throws: SessionsError.self) { try AdminToken(file: file) }
            try await Tool.run("chmod", ["600", file])
            let token = try AdminToken(file: file)
            #expect(!"\(token) \(String(reflecting: token))".contains("horse"))
        }
        #expect(throws: SessionsError.self) { try AdminToken("short") }
    }

    @Test("Open for reading only, it changes nothing")
    func readOnly() async throws {
        let sticky = try await AdminFleet.member()
        _ = try await sticky.node.begin(user: "alice")
        var api = AdminAPI(sticky)
        api.isReadOnly = true
        let port = FreePort.take()
        let (ready, isReady) = AsyncStream.makeStream(of: Int.self)
        let listener = AdminListener(api, AdminConfiguration(port: port)) { isReady.yield($0) }
        let task = Task { try await listener.run() }
        for await _ in ready { break }
        let url = "http://127.0.0.1:\(port)"
        #expect(try await Curl.send("POST", url + "/v1/revoke", body: Self.revokeAll).status == 403)
        let drain = #"{"to":"drain","peers":[],"actor":"mallory","at":"2026-01-01T00:00:00Z"}"#
        #expect(try await Curl.send("POST", url + "/v1/steer", body: drain).status == 403)
        let address = NodeAddress(host: "127.0.0.1", port: port, isEncrypted: false)
        let directory = try await NodesDirectory.open(NodesConfiguration(addresses: [address]))
        #expect(!directory.capabilities.revoke.isPossible && !directory.capabilities.steering.isPossible)
        task.cancel()
        _ = await task.result
    }
}

/// Writes bytes, and reads until the other side ends it.
enum RawClient {
    static func send(_ bytes: [UInt8], to port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var answer = ""
            for try await part in inbound { answer += String(buffer: part) }
            return answer
        }
    }
}

extension AdminFleet {
    /// A node whose API isn't served.
    static func member() async throws -> StickyNode {
        let store = MemoryStore(namespace: "test", limits: MemoryLimits())
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        return StickyNode(ServiceNode(id: "web-01", store: store, policy: .sticky(), sealer: sealer), store: store)
    }
}
