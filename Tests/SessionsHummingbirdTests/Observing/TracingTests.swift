import Hummingbird
import HummingbirdTesting
import InMemoryTracing
import SessionTesting
import Sessions
import Testing
import Tracing

@Suite("What a tracer hears")
struct TracingTests {
    /// The process's tracer; other tests' spans belong to other traces.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test("Look-ups that leave the process, and writes, are spans of the request's trace, and carry nobody's secrets")
    func spans() async throws {
        let tracer = Self.tracer
        let shop = try Shop()
        let node = shop.node()
        let trace = try await withSpan("request") { span in
            try await shop.withRunning(node) {
                try await shop.visit(node) { browser in
                    try await browser.post("/sign-in/alice")
                    for _ in 0..<3 { try await browser.get("/me") }
                    try await browser.post("/note", body: "a secret")
                    shop.store.fail(.revoke)
                    try await browser.post("/sign-out")
                    shop.store.recover()
                    try await browser.post("/sign-out")
                }
            }
            return try #require(span as? InMemorySpan).traceID
        }
        let spans = tracer.finishedSpans.filter { $0.traceID == trace && $0.operationName.hasPrefix("session.") }
        #expect(
            spans.map(\.operationName) == [
                "session.signIn", "session.load", "session.save", "session.signOut", "session.signOut",
            ], "what the node's memory answers is none")
        #expect(spans.map { $0.errors.count } == [0, 0, 0, 1, 0])
        #expect(spans.allSatisfy { $0.attributes.isEmpty })
        for span in spans { #expect(!"\(span)".contains("alice") && !"\(span)".contains("a secret")) }
    }
}
