import Testing

@testable import Dashboard

@Suite("A user agent in a few words")
struct AgentSummaryTests {
    static let mozilla = "Mozilla/5.0 ("

    @Test(
        "A browser is named with its version and system",
        arguments: [
            (
                "Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
                "Chrome 128 · macOS"
            ),
            (
                "Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36 "
                    + "Edg/127.0.2651.98", "Edge 127 · Windows"
            ),
            ("X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox 130 · Linux"),
            (
                "iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
                    + "Mobile/15E148 Safari/604.1", "Safari 17 · iOS"
            ),
            ("Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome 126 · Android"),
        ])
    func browsers(agent: String, text: String) {
        #expect(AgentSummary(Self.mozilla + agent).text == text)
    }

    @Test(
        "Anything else is left as it is",
        arguments: ["", "curl/8.5.0", "okhttp/4.12", "Mozilla/5.0 (", "Mozilla/5.0 (Windows NT 10.0) Chrome/", "作者"])
    func others(agent: String) { #expect(AgentSummary(agent).text == agent) }
}
