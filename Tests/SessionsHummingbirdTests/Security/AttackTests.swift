import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SessionTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("Attacks on the middleware")
struct AttackTests {
    @Test("Fixation: an id that the client chose is never adopted, not even at sign-in")
    func fixation() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            let chosen = SessionID()
            browser["__Host-session"] = chosen.secretText
            #expect(try await browser.get("/cart").text == "")
            #expect(browser["__Host-session"] == nil)
            for path in ["/cart/tea", "/sign-in/alice"] {
                browser["__Host-session"] = chosen.secretText
                try await browser.post(path)
                #expect(browser["__Host-session"] != chosen.secretText)
                #expect(try await shop.memory.load(chosen.hash, at: shop.time.now) == nil)
            }
            #expect(shop.attacks[.unknownSession] == 3)
        }
    }

    @Test("Fixation: a live session that was planted is of no use to whoever planted it after the victim's sign-in")
    func plantedSession() async throws {
        try await Shop().open { client in
            let (attacker, victim) = (Browser(client), Browser(client))
            try await attacker.post("/cart/bait")
            let planted = attacker["__Host-session"]
            victim["__Host-session"] = planted
            try await victim.post("/sign-in/alice")
            attacker["__Host-session"] = planted
            #expect(try await attacker.get("/me").status == .unauthorized)
            #expect(try await victim.get("/me").text == "alice")
        }
    }

    @Test("Replay after sign-out is refused at every node, and counted")
    func replay() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            let stolen = browser["__Host-session"]
            try await browser.post("/sign-out")
            try await shop.visit(shop.node("web-2")) { thief in
                thief["__Host-session"] = stolen
                let response = try await thief.get("/me")
                #expect(response.status == .unauthorized)
            }
            #expect(shop.attacks[.endedSession] == 1)
        }
    }

    @Test(
        "Malformed cookies are refused without a look-up, and removed",
        arguments: [
            "", "x", String(repeating: "A", count: 42), String(repeating: "A", count: 44),
            String(repeating: "A", count: 42) + "B", String(repeating: "=", count: 43),
            String(repeating: "é", count: 43), "../../etc/passwd", "' OR 1=1 --", "\u{1}\u{7f}", "%00",
        ])
    func malformed(_ value: String) async throws {
        let shop = try Shop()
        let node = shop.node()
        try await shop.visit(node) { browser in
            let response = try await browser.get("/cart", cookies: "__Host-session=\(value)")
            #expect(response.status == .ok)
            #expect(response.cookies().first?.contains("Max-Age=0") == true)
            #expect(shop.attacks[.malformedCookie] == 1)
            #expect(node.counters[.suspicious] == 1)
            #expect(shop.store.count(of: .load) == 0)
        }
    }

    @Test("Oversized cookies are refused without a look-up", arguments: [513, 5000, 20_000])
    func oversized(_ length: Int) async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            let response = try await browser.get(
                "/cart", cookies: "__Host-session=" + String(repeating: "A", count: length))
            #expect(response.status == .ok)
            #expect(shop.attacks[.oversizedCookie] == 1)
            #expect(shop.store.count(of: .load) == 0)
        }
    }

    @Test("Two cookies of one name: neither is taken, whichever comes first, even where both are the same")
    func twoCookies() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            let loads = shop.store.count(of: .load)
            let real = try #require(browser["__Host-session"])
            for other in [SessionID().secretText, "x", real] {
                for pair in [(real, other), (other, real)] {
                    let cookies = "__Host-session=\(pair.0); __Host-session=\(pair.1)"
                    let response = try await browser.get("/me", cookies: cookies)
                    #expect(response.status == .unauthorized)
                    #expect(response.headers[values: .setCookie].isEmpty)
                }
            }
            #expect(shop.attacks[.ambiguousCookie] == 6)
            #expect(shop.store.count(of: .load) == loads)
        }
    }

    @Test("A payload can't add a header, whatever is in it")
    func headerInjection() async throws {
        let shop = try Shop()
        let names: Set<Substring> = ["__Host-session", "__Host-session-version"]
        let injection = "x\r\nSet-Cookie: __Host-session=evil\r\n\r\n<script>"
        try await shop.visit { browser in
            for response in [
                try await browser.post("/note", body: injection), try await browser.post("/note", body: injection),
                try await browser.post("/sign-in/a%0d%0aSet-Cookie:%20x=y"), try await browser.post("/sign-out"),
            ] {
                for field in response.headers {
                    #expect(!field.value.contains { $0.isNewline }, "\(field)")
                    #expect(!field.value.contains("evil") && !field.value.contains("x=y"), "\(field)")
                }
                let cookies = response.headers[values: .setCookie].map { $0.prefix { $0 != "=" } }
                #expect(cookies.count == Set(cookies).count && Set(cookies).isSubset(of: names), "\(cookies)")
            }
        }
    }

    @Test("No cookie at all makes the middleware fail: any text is a visitor's, and leaves the store alone")
    func anyCookie() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<300 {
                let length = Int.random(in: 0..<80, using: &generator)
                let text = (0..<length).map { _ in
                    Character(UnicodeScalar(UInt8.random(in: 0x20...0x7e, using: &generator)))
                }
                let response = try await browser.get("/cart", cookies: "__Host-session=" + String(text))
                #expect(response.status == .ok)
            }
            #expect(shop.store.count(of: .load) == 0)
            #expect(shop.attacks.total >= 290)
        }
    }
}
