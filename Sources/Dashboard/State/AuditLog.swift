public import Sessions

/// The audit log as far as it has been read, and whether its chain holds.
public struct AuditLog: Sendable, Equatable {
    /// The last entries, in order; older ones are verified and let go.
    public internal(set) var entries: [AuditEntry] = []
    /// How the chain stands.
    public var chain = Chain.unread
    /// The number of the entry under the cursor; `nil`: the newest.
    public var cursor: Int64?
    /// The place of the first entry on the screen, counted from the newest.
    public var top = 0
    /// Whether the entry under the cursor takes most of the room, with what became of its sessions.
    public var isExpanded = false
    /// The first line on the screen of the entry that does.
    public var entryTop = 0
    /// Only entries that contain this, whatever the case, are shown.
    public var text = "" {
        didSet { select() }
    }
    /// The entries that match ``text``, the newest first.
    public internal(set) var shown: [AuditEntry] = []

    /// What became of the sessions of the entry that was asked about last.
    public internal(set) var outcomes: Outcomes?

    /// Nothing read yet.
    public init() {}

    /// What became of the sessions of one entry.
    public struct Outcomes: Sendable, Equatable {
        /// The entry's number.
        public var number: Int64
        /// Whether an answer is awaited.
        public var isAwaited = true
        /// The first of them, in order; none where they are kept nowhere, or could not be read.
        public var first: [AuditOutcome] = []
        /// Where the store goes on after them; `nil`: there are no more, or nobody can tell them.
        public var next: Int64?
    }

    /// Outcomes that are asked for first, of each entry that is looked at.
    public static let outcomeLimit = 50
    /// Outcomes that are asked for at once after those, where an entry is scrolled through.
    public static let outcomePage = 500
    /// Outcomes that an entry is scrolled through at most.
    public static let outcomeBound = 10_000

    /// Entries kept for showing.
    public static let limit = 5_000
    /// Entries asked for at once.
    public static let pageSize = 500

    /// How the chain of hashes stands.
    public enum Chain: Sendable, Equatable {
        /// Nothing has been read.
        case unread
        /// The log has no entry.
        case empty
        /// Every entry read so far follows the one before; the number of the last.
        case verified(through: Int64)
        /// This entry does not follow the one before it: something was changed, removed or put in.
        case broken(at: Int64)
    }
}
