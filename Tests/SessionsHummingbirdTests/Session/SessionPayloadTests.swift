import SessionTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("Payloads")
struct SessionPayloadTests {
    @Test("A codable state has the same bytes for the same state, in whatever order it was made")
    func stable() throws {
        var (a, b) = (Cart(), Cart())
        for item in 0..<50 { a.items["item \(item)"] = item }
        for item in (0..<50).reversed() { b.items["item \(item)"] = item }
        #expect(try a.sessionBytes() == b.sessionBytes())
        #expect(try Cart(sessionBytes: try a.sessionBytes()) == a)
    }

    @Test("State that can't be read is an error of the application: 500, and the cookie stays")
    func unreadable() async throws {
        let shop = try Shop()
        let node = shop.node()
        let made = try await node.begin(payload: Array("not JSON".utf8))
        try await shop.visit(node) { browser in
            browser["__Host-session"] = made.id.secretText
            let response = try await browser.get("/cart")
            #expect(response.status == .internalServerError)
            #expect(browser["__Host-session"] == made.id.secretText)
        }
    }

    @Test("No bytes at all are the state to begin with")
    func empty() async throws {
        let shop = try Shop()
        let node = shop.node()
        let made = try await node.begin()
        try await shop.visit(node) { browser in
            browser["__Host-session"] = made.id.secretText
            let response = try await browser.get("/cart")
            #expect(response.status == .ok)
            #expect(try await browser.post("/cart/tea").status == .ok)
            #expect(try await browser.get("/cart").text == "tea=1")
        }
    }

    @Test("Raw bytes are taken as they are")
    func raw() {
        #expect(RawPayload(sessionBytes: [1, 0, 255]).sessionBytes() == [1, 0, 255])
        #expect(RawPayload().bytes.isEmpty)
    }
}
