public import Sessions

/// A question before something that can't be taken back, or that leaves a mark.
public enum Dialog: Sendable, Equatable {
    /// End sessions.
    case revoke(RevokeDialog)
    /// Move idle deadlines later.
    case extend(ExtendDialog)
    /// Show secrets.
    case reveal(RevealDialog)
    /// Write what is listed into a file.
    case export(ExportDialog)
    /// Take a node out, or in again.
    case steer(SteerDialog)

    /// After a dialog opens, keys are dropped for so long: nothing typed ahead answers it.
    ///
    /// So they are after another store is shown, and after an Enter that brought the focus to a button that changes
    /// something.
    public static let deafTime = Duration.milliseconds(300)
}

/// How hard a change is to confirm, by how many sessions it is for.
public enum Confirmation: Sendable, Equatable {
    /// One session: `y`.
    case yes
    /// Up to 25: the list, with Cancel focused.
    case list
    /// More, or all of a user: the count is typed.
    case typed(String)
    /// Everyone, more than a twentieth of all sessions, or a protected context: its name is typed, 3 s after opening; of a
    /// long one its beginning.
    case typedName(String)

    /// Up to so many sessions are listed.
    public static let listLimit = 25
    /// The time before a typed name arms.
    public static let armingTime = Duration.seconds(3)

    /// What has to be typed; `nil`: nothing.
    public var expected: String? {
        switch self {
        case .yes, .list: nil
        case .typed(let text), .typedName(let text): text
        }
    }
}

/// The sessions that a dialog is about, as they were when it opened.
public struct FrozenSet: Sendable, Equatable {
    /// Where the sessions come from: asked again to tell the drift, and when the set is frozen anew.
    public enum Source: Sendable, Equatable {
        /// These, by id.
        case sessions
        /// Every live session of a user.
        case user(String)
        /// Every live session that the filter matched.
        case matching(String)
        /// Every live session.
        case everyone
    }

    /// One of the sessions, to be read before one confirms.
    public struct Line: Sendable, Equatable {
        /// Which.
        public var id: IDHash
        /// Whose.
        public var user: String?
        /// The address it was last used from.
        public var ip: String?
        /// The node that served it last.
        public var node: String?
        /// When it ends by itself, as far as is known by now.
        public var deadlines: Deadlines
        /// How it stood when that was last heard.
        public var state = SessionState.live

        /// How it stands at a moment: its deadline may have come since.
        public func standing(at now: Timestamp) -> SessionState {
            state == .live && deadlines.havePassed(at: now) ? .expired : state
        }
    }

    /// Where they come from.
    public var source: Source
    /// The sessions, in the order shown.
    ///
    /// Exactly these are acted on, unless the whole rule is chosen.
    public var ids: [IDHash]
    /// When they were frozen.
    public var at: Moment
    /// The first of them, to be read.
    public var lines: [Line]
    /// How many were meant that had ended already: nothing is done to them.
    public var endedCount = 0
    /// How many of them the list does not show.
    public var hiddenCount: Int
    /// Whether they are those that were marked.
    public var areMarked = false
    /// Whether the row that was under the cursor is none of them, because others are marked.
    public var sparesCursor = false
    /// How many each node served last, the most first; a few nodes at most.
    public var byNode: [NodeCount]
    /// How many users they belong to.
    public var userCount: Int
    /// Their part of all live sessions, 0 to 1.
    public var share: Double
    /// What has changed since they were frozen.
    public var drift = Drift()

    /// A node and how many of the sessions it served last.
    public struct NodeCount: Sendable, Equatable {
        /// The node; `nil`: unknown.
        public var node: String?
        /// How many.
        public var count: Int
    }

    /// What has changed since a set was frozen.
    public struct Drift: Sendable, Equatable {
        /// Sessions that would be in it now and aren't.
        public var added = 0
        /// Sessions in it that have ended meanwhile.
        public var gone = 0

        /// Whether nothing has.
        public var isNone: Bool { added == 0 && gone == 0 }
    }

    /// How many sessions it holds.
    public var count: Int { ids.count }
    /// Nodes that are named.
    public static let nodeLimit = 8
    /// Lines that are kept to be read.
    public static let lineLimit = 1_000
}
