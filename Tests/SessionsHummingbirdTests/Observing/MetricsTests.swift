import Hummingbird
import HummingbirdTesting
import MetricsTestKit
import SessionTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("What swift-metrics hears")
struct MetricsTests {
    @Test("Look-ups by outcome, writes by kind and outcome, attacks by kind, and how long each took")
    func counted() async throws {
        let metrics = TestMetrics()
        var shop = try Shop()
        shop.settings.metrics = metrics
        shop.settings.attacks = AttackCounters(metrics: metrics)
        let node = shop.node()
        try await shop.withRunning(node) { [shop] in
            try await shop.visit(node) { browser in
                try await browser.get("/cart")
                try await browser.post("/sign-in/alice")
                for _ in 0..<3 { try await browser.get("/me") }
                try await browser.post("/nothing")
                try await browser.post("/cart/tea")
                try await browser.get("/cart", cookies: "__Host-session=x")
                try await browser.post("/sign-out")
                await shop.pass(.seconds(3))
                shop.store.fail(.load)
                try await browser.get("/cart", cookies: "__Host-session=\(SessionID().secretText)")
            }
        }
        func loads(_ outcome: String) throws -> Int64 {
            try metrics.expectCounter("sessions.loads", [("outcome", outcome)]).totalValue
        }
        func writes(_ write: String, _ outcome: String) throws -> Int64 {
            try metrics.expectCounter("sessions.writes", [("write", write), ("outcome", outcome)]).totalValue
        }
        #expect(try loads("none") == 2)
        #expect(try loads("database") == 1)
        #expect(try loads("l1") == 5)
        #expect(try loads("refusedCookie") == 1)
        #expect(try loads("unavailable") == 1)
        #expect(try writes("signIn", "done") == 1)
        #expect(try writes("save", "unchanged") == 1)
        #expect(try writes("save", "done") == 1)
        #expect(try writes("signOut", "done") == 1)
        #expect(try metrics.expectCounter("sessions.suspicious", [("kind", "malformedCookie")]).totalValue == 1)
        #expect(try metrics.expectTimer("sessions.load.duration").values.count == 2)
        #expect(try metrics.expectTimer("sessions.write.duration", [("write", "save")]).values.count == 1)
    }
}
