import SessionTesting
import HummingbirdTesting
import Hummingbird
import HTTPTypes
import Sessions
import SessionsHummingbird
import Testing

@Suite("Whose word on a client's address is taken")
struct TrustedProxiesTests {
    @Test("Without a declared proxy, the connection's own address counts, whatever a header says")
    func none() {
        #expect(TrustedProxies.none.client(peer: "203.0.113.9", forwarded: ["1.2.3.4"]) == "203.0.113.9")
        #expect(TrustedProxies.none.client(peer: nil, forwarded: ["1.2.3.4"]) == nil)
        #expect(TrustedProxies.none.client(peer: "/run/app.sock", forwarded: ["1.2.3.4"]) == nil)
    }

    @Test(
        "The list is read from its end, for as long as a trusted proxy wrote it",
        arguments: [
            (["203.0.113.9"], "203.0.113.9"),
            (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
            (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
            (["6.6.6.6, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
            (["203.0.113.9,10.0.0.7 , 10.0.0.8"], "203.0.113.9"),
            (["2001:db8::1"], "2001:db8::1"),
            ([], "10.0.0.1"), ([""], "10.0.0.1"), (["unknown"], "10.0.0.1"),
            (["203.0.113.9, bad, 10.0.0.7"], "10.0.0.7"), (["10.0.0.3"], "10.0.0.3"),
        ])
    func chain(_ fields: [String], _ expected: String) throws {
        let proxies = try TrustedProxies(["10.0.0.0/8", "127.0.0.1"])
        #expect(proxies.client(peer: "10.0.0.1", forwarded: fields) == expected)
    }

    @Test("Whoever isn't a declared proxy is not believed")
    func stranger() throws {
        let proxies = try TrustedProxies(["10.0.0.0/8"])
        #expect(proxies.client(peer: "203.0.113.9", forwarded: ["10.0.0.1"]) == "203.0.113.9")
        #expect(throws: SessionsError.self) { try TrustedProxies(["proxy.example"]) }
    }

    @Test("The session's record has the client's address and agent, not the proxy's")
    func recorded() async throws {
        var shop = try Shop()
        shop.settings.trustedProxies = try TrustedProxies(["127.0.0.1"])
        try await shop.visit { [shop] browser in
            try await browser.post(
                "/sign-in/alice", [.init("X-Forwarded-For")!: "6.6.6.6, 203.0.113.9", .userAgent: "Test/1"])
            let session = try await shop.stored(browser)?.session
            #expect(session?.ip == "203.0.113.9")
            #expect(session?.agent == "Test/1")
        }
    }
}
