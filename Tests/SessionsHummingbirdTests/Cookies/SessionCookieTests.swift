import SessionTesting
import HummingbirdTesting
import HTTPTypes
import Hummingbird
import Sessions
import SessionsHummingbird
import Testing

@Suite("The session's cookie")
struct SessionCookieTests {
    @Test("It has every flag, no domain and no lifetime, and its response isn't stored")
    func flags() async throws {
        try await Shop().visit { browser in
            let response = try await browser.post("/cart/tea")
            #expect(response.status == .ok)
            let cookie = try #require(response.cookies().first)
            let parts = cookie.split(separator: "; ").map(String.init)
            let id = try #require(browser["__Host-session"])
            #expect(SessionID(text: id) != nil)
            #expect(parts == ["__Host-session=\(id)", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"])
            #expect(response.headers[.cacheControl] == "no-store")
        }
    }

    @Test("A request that changes nothing of the session is answered without a cookie")
    func noCookie() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            #expect(try await browser.get("/cart").cookies().isEmpty)
            try await browser.post("/cart/tea")
            let response = try await browser.get("/cart")
            #expect(response.text == "tea=1")
            #expect(response.cookies().isEmpty)
            #expect(response.headers[.cacheControl] == nil)
        }
    }

    @Test("A name that no cookie can have is refused", arguments: ["", "a b", "a;b", "a=b", "a\r\nb", "é", "a,b"])
    func names(_ name: String) {
        #expect(throws: SessionsError.self) { try SessionCookie(name: name) }
    }

    @Test("A cookie that lasts until the deadline is issued again when that has moved, and not before")
    func reissued() async throws {
        var shop = try Shop()
        shop.settings.cookie = try SessionCookie(keeping: .untilDeadline)
        let node = shop.node()
        try await shop.withRunning(node) { [shop] in
            try await shop.visit(node) { browser in
                let made = try await browser.post("/sign-in/alice")
                #expect(made.cookies().first?.hasSuffix("; Max-Age=1800") == true)
                #expect(try await browser.get("/me").cookies().isEmpty)
                let session = try #require(try await shop.stored(browser)?.session)
                let order = Order(actor: "ops", reason: "a call", at: shop.time.now)
                let later = shop.time.now + .seconds(7200)
                _ = try await shop.memory.extend([session.id], to: .until(later), order: order)
                await shop.pass(.seconds(4))
                let extended = try await browser.get("/me")
                #expect(extended.cookies().first?.hasSuffix("; Max-Age=7196") == true)
                #expect(extended.headers[.cacheControl] == "no-store")
                #expect(try await browser.get("/me").cookies().isEmpty)
            }
        }
    }
}
