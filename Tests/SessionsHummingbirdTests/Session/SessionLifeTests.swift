import SessionTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("The life of a session over HTTP")
struct SessionLifeTests {
    @Test("A visitor's cart comes along at sign-in, under another id, and the old one ends")
    func signIn() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/cart/tea")
            let before = try #require(browser["__Host-session"])
            #expect(try await browser.get("/me").status == .unauthorized)
            try await browser.post("/sign-in/alice")
            #expect(browser["__Host-session"] != before)
            #expect(try await browser.get("/me").text == "alice")
            #expect(try await browser.get("/cart").text == "tea=1")
            let old = try #require(SessionID(text: before))
            #expect(try await shop.memory.load(old.hash, at: shop.time.now)?.standing == .revoked)
        }
    }

    @Test("A renewal changes the id alone")
    func renew() async throws {
        try await Shop().visit { browser in
            try await browser.post("/sign-in/alice")
            try await browser.post("/cart/tea")
            let before = browser["__Host-session"]
            #expect(try await browser.post("/renew").text == "renewed")
            #expect(browser["__Host-session"] != before)
            #expect(try await browser.get("/me").text == "alice")
            #expect(try await browser.get("/cart").text == "tea=1")
        }
    }

    @Test("Signing out ends the session, removes the cookie and clears the site's data")
    func signOut() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            let session = try #require(try await shop.stored(browser)?.session)
            let response = try await browser.post("/sign-out")
            #expect(response.headers[values: .init("Clear-Site-Data")!] == ["\"cache\", \"cookies\", \"storage\""])
            #expect(
                response.cookies() == [
                    "__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0; "
                        + "Expires=Thu, 01 Jan 1970 00:00:00 GMT"
                ])
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(browser["__Host-session"] == nil)
            #expect(try await shop.memory.load(session.id, at: shop.time.now)?.standing == .revoked)
        }
    }

    @Test("Who signs in as somebody else at once keeps the new cookie: only the rest of the site's data is cleared")
    func switchUser() async throws {
        try await Shop().visit { browser in
            try await browser.post("/sign-in/alice")
            let response = try await browser.post("/switch-to/bob")
            #expect(response.headers[values: .init("Clear-Site-Data")!] == ["\"cache\", \"storage\""])
            #expect(try await browser.get("/me").text == "bob")
        }
    }

    @Test("Signing out everywhere ends the sessions of every device")
    func everywhere() async throws {
        try await Shop().open { client in
            let (phone, laptop) = (Browser(client), Browser(client))
            for browser in [phone, laptop] { try await browser.post("/sign-in/alice") }
            try await phone.post("/everywhere")
            #expect(try await laptop.get("/me").status == .unauthorized)
            #expect(laptop["__Host-session"] == nil)
            #expect(try await phone.post("/everywhere").status == .unauthorized)
        }
    }

    @Test("A session that is revoked or expired makes the request nobody's, and its cookie goes")
    func refused() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            let session = try #require(try await shop.stored(browser)?.session)
            _ = try await shop.memory.revoke(session.id, by: "ops", reason: nil, at: shop.time.now)
            let response = try await browser.get("/cart")
            #expect(response.status == .ok, "the page itself is for everybody")
            #expect(browser["__Host-session"] == nil)
            try await browser.post("/sign-in/alice")
            shop.time.advance(by: .seconds(1801))
            #expect(try await browser.get("/me").status == .unauthorized)
            #expect(browser["__Host-session"] == nil)
        }
    }

    @Test(
        "A handler that fails after a sign-in has signed somebody in: the client gets the cookie",
        arguments: [
            ("/sign-in-and-fail", HTTPResponse.Status.badGateway), ("/sign-in-and-break", .internalServerError),
        ])
    func failsAfterSignIn(_ path: String, _ status: HTTPResponse.Status) async throws {
        try await Shop().visit { browser in
            let response = try await browser.post(path)
            #expect(response.status == status)
            #expect(try await browser.get("/me").text == "alice")
        }
    }

    @Test("Nothing is written where nothing has changed, and no session begins")
    func nothingWritten() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/nothing")
            try await browser.get("/cart")
            #expect(browser["__Host-session"] == nil)
            #expect(shop.store.count(of: .insert) == 0)
            try await browser.post("/cart/tea")
            try await browser.post("/nothing")
            #expect(shop.store.count(of: .save) == 0)
            try await browser.post("/note", body: "x")
            try await browser.post("/note", body: "x")
            #expect(shop.store.count(of: .save) == 1)
        }
    }

    @Test("A route outside of the middleware has no session, and says so")
    func unmounted() async throws {
        let router = Router(context: ShopContext.self)
        router.get("/cart") { _, context in try await context.session.update { $0.note }.description }
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/cart", method: .get) { #expect($0.status == .internalServerError) }
        }
    }
}
