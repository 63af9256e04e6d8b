import HummingbirdTesting
import HTTPTypes
import Hummingbird
import SessionTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("A store that is away")
struct OutageTests {
    private static let everything = ScriptedStore.Call.allCases

    private func cut(_ store: ScriptedStore) { for call in Self.everything { store.fail(call) } }

    @Test("For 30 s: 503 and never 401, no cookie touched, nobody signed out, no session lost")
    func halfAMinute() async throws {
        let shop = try Shop()
        let node = shop.node()
        try await shop.withRunning(node) {
            try await shop.open(node) { client in
                let browsers = (0..<20).map { _ in Browser(client) }
                for (number, browser) in browsers.enumerated() {
                    try await browser.post("/sign-in/user-\(number)")
                    try await browser.post("/cart/tea")
                }
                let cookies = browsers.map { $0["__Host-session"] }
                cut(shop.store)
                for second in 0..<30 {
                    await shop.pass(.seconds(1))
                    for browser in browsers {
                        let response = try await browser.get("/me")
                        #expect(response.status == .serviceUnavailable || (response.status == .ok && second < 3))
                        #expect(response.headers[values: .setCookie].isEmpty)
                        if response.status == .serviceUnavailable { #expect(response.headers[.retryAfter] == "2") }
                    }
                }
                #expect(try await browsers[0].get("/health").text == "well")
                shop.store.recover()
                await shop.pass(.seconds(1))
                #expect(browsers.map { $0["__Host-session"] } == cookies)
                for (number, browser) in browsers.enumerated() {
                    #expect(try await browser.get("/me").text == "user-\(number)")
                    #expect(try await browser.get("/cart").text == "tea=1")
                }
            }
        }
    }

    @Test("A write that got no answer is 503: nobody is told that it was done")
    func writes() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            let cookie = browser["__Host-session"]
            shop.store.fail(.save, .rotate, .revoke, .cutOff, .insert)
            for path in ["/cart/tea", "/sign-in/bob", "/sign-out", "/everywhere", "/renew"] {
                let response = try await browser.post(path)
                #expect(response.status == .serviceUnavailable, "\(path)")
                #expect(response.headers[values: .setCookie].isEmpty, "\(path)")
                #expect(response.headers[values: .init("Clear-Site-Data")!].isEmpty, "\(path)")
            }
            shop.store.recover()
            #expect(browser["__Host-session"] == cookie)
            #expect(try await browser.get("/me").text == "alice")
        }
    }

    @Test("What went wrong is for the log, not for the client")
    func message() async throws {
        let shop = try Shop()
        try await shop.visit { browser in
            try await browser.post("/sign-in/alice")
            shop.store.fail(.load, with: SessionsError(.unavailable, "postgres://secret-host gave no answer"))
            let response = try await browser.get("/me")
            #expect(response.text == "503 Service Unavailable\n")
            #expect(response.headers[.cacheControl] == "no-store")
        }
    }
}
