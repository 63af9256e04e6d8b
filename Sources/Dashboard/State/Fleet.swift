public import Sessions

/// The nodes: what they last published, and what they counted over the last quarter of an hour.
public struct Fleet: Sendable, Equatable {
    /// The last reports, by name.
    public var nodes: [NodeReport] = []
    /// Live sessions by the node that served them last, counted from the rows.
    public var sessions: [String: Int] = [:]
    /// The counters' history, by node, in the order of time; bounded.
    public var samples: [String: [CounterSample]] = [:]
    /// The window that rates are shown over.
    public var window = RateWindow.minute
    /// The node under the cursor.
    public var cursor: String?
    /// The place of the first node on the screen.
    public var top = 0
    /// When the reports were read, by this machine's clock; `nil`: not yet.
    public var readAt: Timestamp?

    /// Nothing read yet.
    public init() {}

    /// Samples kept of one node: 15 minutes of one a second, and a few.
    public static let sampleLimit = 1_000
    /// Nodes whose samples are kept.
    public static let nodeLimit = 1_000
}

/// The time that rates are taken over.
public enum RateWindow: Sendable, CaseIterable, Hashable {
    /// Ten seconds.
    case tenSeconds
    /// A minute.
    case minute
    /// A quarter of an hour.
    case quarter

    /// Its length.
    public var duration: Duration {
        switch self {
        case .tenSeconds: .seconds(10)
        case .minute: .seconds(60)
        case .quarter: .seconds(900)
        }
    }

    /// Its name on the screen.
    public var label: String {
        switch self {
        case .tenSeconds: "10s"
        case .minute: "1m"
        case .quarter: "15m"
        }
    }
}
