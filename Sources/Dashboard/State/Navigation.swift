public import Sessions

/// A tab.
public enum Tab: Int, Sendable, CaseIterable {
    /// All sessions.
    case sessions = 1
    /// Users with their sessions' counts.
    case users
    /// Hit rates, counts, graphs.
    case stats
    /// Nodes and affinity.
    case nodes
    /// The audit log.
    case audit

    /// Its title.
    public var title: String {
        switch self {
        case .sessions: "Sessions"
        case .users: "Users"
        case .stats: "Stats"
        case .nodes: "Nodes"
        case .audit: "Audit"
        }
    }
}

/// Where an operator can be.
public enum Place: Sendable, Hashable {
    /// A list of sessions.
    case sessions(SessionList.Scope)
    /// The users.
    case users
    /// Hit rates, counts, graphs.
    case stats
    /// The nodes.
    case nodes
    /// The audit log.
    case audit
    /// One session in detail, over the whole screen.
    case inspect(IDHash)
    /// What became of a change: each session's outcome.
    case result(JobID)

    /// The tab that it belongs to.
    public var tab: Tab {
        switch self {
        case .sessions(.user): .users
        case .sessions(.node): .nodes
        case .sessions, .inspect, .result: .sessions
        case .users: .users
        case .stats: .stats
        case .nodes: .nodes
        case .audit: .audit
        }
    }
}

/// Where the operator is, how they came there, and where they have been.
public struct Navigation: Sendable, Equatable {
    /// The place that is shown and those under it: Escape goes down one.
    ///
    /// Never empty.
    public var stack: [Visit] = [Visit(.sessions(.all))]
    /// Places seen before, oldest first, for `[` and `]`; bounded.
    public var past: [Visit] = []
    /// Places gone back from, for `]`; the next to return to is the last.
    public var future: [Visit] = []

    /// The list of all sessions.
    public init() {}

    /// Places remembered.
    public static let historyLimit = 20
    /// How deep one can go.
    public static let depthLimit = 20

    /// The place that is shown.
    public var place: Place { stack.last?.place ?? .sessions(.all) }

    /// The tab that the place belongs to: what can be opened from everywhere belongs to where it was opened from.
    public var tab: Tab {
        let own = stack.last { visit in
            switch visit.place {
            case .inspect, .result: false
            default: true
            }
        }
        return (own?.place ?? place).tab
    }

    /// Whether Escape and `q` have nowhere to go.
    public var isAtRoot: Bool { stack.count <= 1 }
}

/// A place, and what was under the cursor there.
public struct Visit: Sendable, Equatable {
    /// The place.
    public var place: Place
    /// The session under its cursor.
    public var cursor: IDHash?
    /// The filter's text there.
    public var filter: String
    /// Its first row on the screen.
    public var top: Int

    /// A place that one comes to for the first time.
    public init(_ place: Place, cursor: IDHash? = nil, filter: String = "", top: Int = 0) {
        self.place = place
        self.cursor = cursor
        self.filter = filter
        self.top = top
    }
}
