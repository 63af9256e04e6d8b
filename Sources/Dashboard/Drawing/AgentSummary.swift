/// A user agent in a few words, where it has the usual form of a browser's: `Chrome 128 · macOS`.
///
/// Anything else is left as it is: a guess would be worse than the raw text.
struct AgentSummary: Sendable, Equatable {
    /// The summary, or the text itself; not escaped yet.
    var text: String

    /// Reads at most the first 300 bytes: strangers write agents.
    init(_ agent: String) {
        let bytes = Array(agent.utf8.prefix(300))
        guard bytes.starts(with: Self.beginning), let browser = Self.browser(in: bytes) else {
            text = agent
            return
        }
        text = Self.system(in: bytes).map { "\(browser) · \($0)" } ?? browser
    }

    /// The usual form's beginning.
    private static let beginning = Array("Mozilla/5.0 (".utf8)

    /// How many columns an agent's summary may take, by its bytes alone: `Firefox 9999 · ChromeOS` is the longest; `nil`:
    /// it is left as it is.
    static func roomFor(_ agent: UnsafeBufferPointer<UInt8>) -> Int? {
        agent.starts(with: beginning) ? min(23, agent.count) : nil
    }

    /// Which product names which browser; the first that is there counts, for each claims to be those below it, too.
    private static let browsers: [(token: [UInt8], name: String)] = [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari"),
    ].map { (Array($0.0.utf8), $0.1) }

    private static let systems: [(token: [UInt8], name: String)] = [
        ("Windows NT", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"),
        ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func browser(in bytes: [UInt8]) -> String? {
        for (token, name) in browsers {
            guard let end = position(after: token, in: bytes) else { continue }
            let version = bytes[end...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.prefix(4)
            return version.isEmpty ? nil : "\(name) \(String(decoding: version, as: UTF8.self))"
        }
        return nil
    }

    private static func system(in bytes: [UInt8]) -> String? {
        systems.first { position(after: $0.token, in: bytes) != nil }?.name
    }

    private static func position(after token: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= token.count else { return nil }
        for start in 0...(bytes.count - token.count)
        where bytes[start] == token[0] && bytes[start..<start + token.count].elementsEqual(token) {
            return start + token.count
        }
        return nil
    }
}
