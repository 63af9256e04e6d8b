public import Sessions

/// A request that presented a refresh token: when, and from where.
public struct RefreshUse: Sendable, Equatable {
    /// When it came, by the clock of the node that took it.
    public let at: Timestamp
    /// The address it came from, as text.
    public let ip: String?
    /// Its user agent, written by strangers.
    public let agent: String?

    /// Takes down a request.
    init(_ request: RequestInfo, at moment: Timestamp) {
        at = moment
        ip = request.ip
        agent = request.agent
    }
}

extension RefreshUse: CustomStringConvertible {
    /// In words: `2026-11-25T12:40:51.000Z from 203.0.113.9 ("curl/8.5")`.
    ///
    /// Whatever strangers wrote is escaped as JSON has it.
    public var description: String {
        "\(at) from \(ip.map { "\(JSONValue.string($0))" } ?? "an unknown address")"
            + (agent.map { " (\(JSONValue.string($0)))" } ?? "")
    }
}
