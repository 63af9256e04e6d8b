/// What a request says of whoever sent it.
public struct RequestInfo: Sendable, Equatable {
    /// The longest user agent kept, in bytes of UTF-8.
    public static let longestAgent = 512
    /// The longest address kept, in bytes of UTF-8.
    public static let longestAddress = 64

    /// The address it came from, as text.
    public let ip: String?
    /// The user agent.
    ///
    /// Written by strangers.
    public let agent: String?

    /// Makes one; what is too long is cut.
    public init(ip: String? = nil, agent: String? = nil) {
        self.ip = ip.map { Self.cut($0, to: Self.longestAddress) }
        self.agent = agent.map { Self.cut($0, to: Self.longestAgent) }
    }

    private static func cut(_ text: String, to byteCount: Int) -> String {
        text.utf8.count <= byteCount ? text : String(decoding: text.utf8.prefix(byteCount), as: UTF8.self)
    }
}
