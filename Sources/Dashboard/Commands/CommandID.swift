/// Everything that an operator can ask for, in the order of the help.
public enum CommandID: String, Sendable, CaseIterable {
    // Moving
    case moveDown, moveUp, halfPageDown, halfPageUp, pageDown, pageUp, top, bottom, scrollLeft, scrollRight
    // Going somewhere
    case open, inspect, back, leave, nextTab, previousTab, sessions, users, stats, nodes, audit
    case historyBack, historyForward, lastPlace, user, expand, raw, result, context
    // Rows
    case mark, markRange, markAll, clearMarks, filter, find, findNext, findPrevious
    case sort, sortPrevious, sortNext, invert, columns, follow, window, graphs
    // Changing
    case revoke, revokeUser, extend, reveal, drainNode, stopNode, readyNode
    // The rest
    case copy, export, pause, slower, faster, interval, refresh, stopLoading, redraw, suspend, command, help, log, theme
    case interrupt, quit
}

/// The kinds of places that a command is for.
public struct Scope: OptionSet, Sendable, Hashable {
    /// One bit for each kind of place.
    public let rawValue: Int

    /// Makes a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// A list of sessions.
    public static let list = Scope(rawValue: 1)
    /// The users.
    public static let users = Scope(rawValue: 2)
    /// Hit rates, counts, graphs.
    public static let stats = Scope(rawValue: 4)
    /// The nodes.
    public static let nodes = Scope(rawValue: 8)
    /// The audit log.
    public static let audit = Scope(rawValue: 16)
    /// One session in detail.
    public static let inspect = Scope(rawValue: 32)
    /// What became of a change.
    public static let result = Scope(rawValue: 64)

    /// Everywhere.
    public static let everywhere: Scope = [.list, .users, .stats, .nodes, .audit, .inspect, .result]
    /// Where there is one session to act on.
    public static let session: Scope = [.list, .inspect]
}

extension Place {
    /// The kind of place that it is.
    public var scope: Scope {
        switch self {
        case .sessions: .list
        case .users: .users
        case .stats: .stats
        case .nodes: .nodes
        case .audit: .audit
        case .inspect: .inspect
        case .result: .result
        }
    }
}
