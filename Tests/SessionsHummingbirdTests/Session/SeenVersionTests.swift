import HTTPTypes
import HummingbirdTesting
import SessionTesting
import Sessions
import Testing

@testable import SessionsHummingbird

@Suite("The version that a client has seen")
struct SeenVersionTests {
    private static let name = "__Host-session-version"

    /// Two browsers' worth of one client: what it sends to either node.
    private func withTwoNodes(
        _ body:
            @escaping @Sendable (
                _ shop: Shop, _ nodes: [ServiceNode], _ a: any TestClientProtocol, _ b: any TestClientProtocol
            ) async throws -> Void
    ) async throws {
        let shop = try Shop()
        let nodes = ["web-1", "web-2"].map { shop.node($0) }
        let running = nodes.map { node in Task { try await node.run() } }
        defer { for task in running { task.cancel() } }
        await shop.time.waitForSleepers(4)
        try await shop.open(nodes[0]) { a in
            try await shop.open(nodes[1]) { b in try await body(shop, nodes, a, b) }
        }
    }

    private func cookies(_ browser: Browser) throws -> String {
        let id = try #require(browser["__Host-session"])
        return "__Host-session=\(id)" + (browser[Self.name].map { "; \(Self.name)=\($0)" } ?? "")
    }

    @Test("Whichever node answers, a client sees what it has changed")
    func roundRobin() async throws {
        try await withTwoNodes { shop, nodes, a, b in
            let browser = Browser(a)
            try await browser.post("/sign-in/alice")
            for count in 1...5 {
                #expect(try await Browser(b).get("/cart", cookies: try cookies(browser)).text != "tea=\(count)")
                try await browser.post("/cart/tea")
                let answer = try await Browser(b).get("/cart", cookies: try cookies(browser))
                #expect(answer.text == "tea=\(count)")
            }
            #expect(nodes[1].counters[.copiesBehind] == 5)
        }
    }

    @Test("It is told where the client doesn't know it, with all flags of the session's cookie, and forgotten with it")
    func cookie() async throws {
        try await withTwoNodes { shop, nodes, a, _ in
            let browser = Browser(a)
            let answer = try await browser.post("/sign-in/alice")
            #expect(answer.cookies(Self.name) == ["\(Self.name)=1; Path=/; Secure; HttpOnly; SameSite=Lax"])
            #expect(try await browser.get("/cart").cookies(Self.name).isEmpty)
            try await browser.post("/cart/tea")
            #expect(browser[Self.name] == "2")
            #expect(try await browser.get("/cart").headers[values: .setCookie].isEmpty)
            try await browser.post("/sign-out")
            #expect(browser[Self.name] == nil)
        }
    }

    @Test(
        "A number that nobody told costs a read of the store, and is put right",
        arguments: ["", "0", "99", "9223372036854775807", "9223372036854775808", "-1", "1.5", "x", "٣"])
    func forged(value: String) async throws {
        try await withTwoNodes { shop, nodes, a, _ in
            let browser = Browser(a)
            try await browser.post("/sign-in/alice")
            try await browser.post("/cart/tea")
            browser[Self.name] = value
            #expect(try await browser.get("/cart").text == "tea=1")
            #expect(browser[Self.name] == "2")
            let reads = shop.store.count(of: .load)
            #expect(try await browser.get("/cart").text == "tea=1")
            #expect(shop.store.count(of: .load) == reads, "the next request is served from memory")
        }
    }

    @Test("A client that doesn't keep it is served what the store has, at every node")
    func without() async throws {
        try await withTwoNodes { shop, nodes, a, b in
            let browser = Browser(a)
            try await browser.post("/sign-in/alice")
            let session = "__Host-session=\(try #require(browser["__Host-session"]))"
            for count in 1...3 {
                try await browser.post("/cart/tea")
                for client in [a, b] {
                    #expect(try await Browser(client).get("/cart", cookies: session).text == "tea=\(count)")
                }
            }
        }
    }

    @Test("Where each request asks the store anyway, nobody is told")
    func strict() async throws {
        var shop = try Shop()
        shop.policy.isStrict = true
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            try await browser.post("/cart/tea")
            #expect(browser[Self.name] == nil)
        }
    }
}
