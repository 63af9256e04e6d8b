import SessionTesting
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("The affinity cookie")
struct AffinityCookieTests {
    private let key = SymmetricKey(size: .bits256)

    private func shop() throws -> Shop {
        var shop = try Shop()
        shop.settings.affinity = try AffinityCookie(node: "web-1", key: key)
        return shop
    }

    @Test("It names the node that made the session, and goes with the session")
    func made() async throws {
        let shop = try shop()
        try await shop.visit { browser in
            let response = try await browser.post("/sign-in/alice")
            #expect(
                response.cookies("__Host-node").first?.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax") == true)
            #expect(browser["__Host-node"]?.hasPrefix("web-1.") == true)
            #expect(try await browser.get("/made-by").text == "web-1")
            #expect(shop.attacks[.forgedAffinity] == 0)
            try await browser.post("/sign-out")
            #expect(browser["__Host-node"] == nil)
        }
    }

    @Test("A forged one is counted, has no effect, and is replaced; the session isn't touched")
    func forged() async throws {
        let shop = try shop()
        try await shop.open { client in
            let (browser, other) = (Browser(client), Browser(client))
            for browser in [browser, other] { try await browser.post("/sign-in/alice") }
            let real = try #require(browser["__Host-node"])
            let code = real.dropFirst("web-1.".count)
            let forgeries = [
                "web-2.\(code)", "web-1.", "web-1", ".", "", "web-1.\(String(code.reversed()))", "web-2.AAAA",
                try #require(other["__Host-node"]),
            ]
            for (count, forgery) in forgeries.enumerated() {
                browser["__Host-node"] = forgery
                let response = try await browser.get("/made-by")
                #expect(response.text == "unknown", "\(forgery)")
                #expect(shop.attacks[.forgedAffinity] == count + 1, "\(forgery)")
                #expect(browser["__Host-node"] == real)
                #expect(try await browser.get("/me").text == "alice")
            }
        }
    }

    @Test("A node trusts what another node with the same key wrote, and keeps it")
    func otherNode() async throws {
        var shop = try shop()
        try await shop.visit { [shop, key] browser in
            try await browser.post("/sign-in/alice")
            var there = shop
            there.settings.affinity = try AffinityCookie(node: "web-2", key: key)
            let names = ["__Host-session", "__Host-session-version", "__Host-node"]
            let cookies = names.map { ($0, browser[$0]) }
            try await there.visit(there.node("web-2")) { browser in
                for (name, value) in cookies { browser[name] = value }
                let response = try await browser.get("/made-by")
                #expect(response.text == "web-1")
                #expect(response.headers[values: .setCookie].isEmpty)
            }
        }
        shop.settings.affinity = nil
    }

    @Test("Short keys and names that would break a header are refused")
    func refused() {
        #expect(throws: SessionsError.self) { try AffinityCookie(node: "web-1", key: SymmetricKey(size: .bits128)) }
        for node in ["", "web.1", "web 1", "web;1", "wéb", String(repeating: "a", count: 65)] {
            #expect(throws: SessionsError.self) { try AffinityCookie(node: node, key: key) }
        }
    }
}
