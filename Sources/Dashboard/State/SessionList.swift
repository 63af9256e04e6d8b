public import Sessions

/// The sessions as a table: the rows, which of them are shown in which order, and where the operator is among them.
///
/// The cursor and the marks are ids. When the cursor's row goes, the cursor goes to the row that took its place.
public struct SessionList: Sendable {
    /// All rows that are held.
    public var table = SessionTable()
    /// The rows that are shown, in their order.
    public var order = SessionOrder()
    /// Whose sessions are listed.
    public var scope = Scope.all
    /// What was asked for, and whether it can be understood.
    public var filter = FilterInput()
    /// The column that the rows are sorted by, and the direction.
    public var sort = SessionSort(column: .ttl, descending: false)
    /// The session under the cursor; `nil` where nothing is listed.
    public var cursor: IDHash?
    /// The cursor's place in the order when it was last known: where its successor is looked for.
    public var cursorPlace = 0
    /// The marked sessions, also those that the filter hides.
    public var marks: Set<IDHash> = []
    /// Where a range of marks began; the rows from there to the cursor are marked by the next `v`.
    public var rangeStart: IDHash?
    /// The place in the order of the first row on the screen.
    public var top = 0
    /// How many columns are scrolled off to the left.
    public var leftColumn = 0
    /// Whether the cursor's row is kept in the middle of the screen.
    public var isFollowing = false
    /// Columns that the operator hid.
    public var hiddenColumns: Set<SessionColumn> = []
    /// Rows that ended while one watched: shown until this moment, marked, then dropped from the list.
    public var endings: [IDHash: Timestamp] = [:]
    /// What `n` and `N` look for.
    public var find = FindInput()
    /// Marked sessions that the list doesn't show, counted when either last changed.
    public var hiddenMarkCount = 0
    /// Whether the order has been put off, because the operator is moving: the header says `≈`.
    public var isOrderHeld = false

    /// An empty list.
    public init(now: Timestamp) {}

    /// Whose sessions are listed.
    public enum Scope: Sendable, Hashable {
        /// Everyone's.
        case all
        /// One user's, by exact bytes; `nil`: the sessions without a user.
        case user(String?)
        /// Those that a node served last.
        case node(String)
    }

    /// A row that ended while one watched stays this long.
    public static let endingStay = Duration.seconds(60)
    /// Marks are held up to so many.
    public static let markLimit = 2_000_000
}

/// The filter: as typed, and as understood.
public struct FilterInput: Sendable {
    /// The text.
    public var text = ""
    /// What it means; `nil` where it is empty or can't be understood.
    public var filter: Filter?
    /// Why it can't be understood, and where; then nothing matches, and nothing that acts on several rows can be done.
    public var error: FilterError?

    /// No filter.
    public init() {}
}

/// What is looked for without hiding anything.
public struct FindInput: Sendable {
    /// The text; empty: nothing.
    public var text = ""
    /// Where the cursor was when the prompt opened; Escape goes back to it.
    public var origin: IDHash?

    /// Nothing.
    public init() {}
}
