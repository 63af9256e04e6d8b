public import Sessions

/// The sessions as a table: the rows, which of them are shown in which order, and where the operator is among them.
///
/// The cursor and the marks are ids. When the cursor's row goes, the cursor goes to the row that took its place.
public struct SessionList: Sendable {
    /// All rows that are held; which of them are shown, and in which order.
    public var table: SessionTable
    /// Whose sessions are listed.
    public internal(set) var scope = Scope.all
    /// What was asked for, and whether it can be understood.
    public internal(set) var filter = FilterInput()
    /// The session under the cursor; `nil` where nothing is listed.
    public var cursor: IDHash?
    /// The cursor's place in the order.
    public var cursorPlace = 0
    /// The row under the cursor as it was last seen: where it has gone, its successor is looked for.
    var cursorRow: SessionRow?
    /// How many sessions are marked, also those that the filter hides; counted when either last changed.
    public internal(set) var markCount = 0
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
    /// What `n` and `N` look for.
    public var find = FindInput()
    /// How many of them the list doesn't show.
    public internal(set) var hiddenMarkCount = 0
    /// Until when the rows keep their places, because the operator is choosing one; `nil`: they don't.
    public var heldUntil: MonotonicInstant?
    /// How much room the texts of the rows took so far.
    private(set) var widest = WidestTexts()
    /// Whether the operator has chosen a row: until then the cursor is on the first, whichever that is.
    public var hasMoved = false

    /// An empty list.
    public init(layout: String, now: Timestamp) { table = SessionTable(layout: layout, now: now) }

    /// Takes the rows into account that are on the screen.
    mutating func noteWidths(rows: Int) {
        for slot in table.shown.dropFirst(top).prefix(rows) { widest.note(slot, in: table.columns) }
    }

    /// Lets the columns be as wide as the rows need that come now.
    mutating func forgetWidths() { widest = WidestTexts() }

    /// Whose sessions are listed.
    public enum Scope: Sendable, Hashable {
        /// Everyone's.
        case all
        /// One user's, by exact bytes; `nil`: the sessions without a user.
        case user(String?)
        /// Those that a node served last.
        case node(String)
    }

    /// The rows keep their places for so long after the operator moved.
    public static let holdTime = Duration.seconds(2)
}

/// The filter: as typed, and as understood.
public struct FilterInput: Sendable, Equatable {
    /// The text.
    public let text: String
    /// What it means; `nil` where it can't be understood: then nothing matches.
    public let filter: Filter?
    /// Why it can't be understood, and where; then nothing that acts on several rows can be done.
    public let error: FilterError?

    /// Reads a text; without one, every live session.
    public init(_ text: String = "") {
        self.text = text
        do throws(FilterError) {
            filter = try Filter.parse(text)
            error = nil
        } catch {
            filter = nil
            self.error = error
        }
    }
}

/// What is looked for without hiding anything.
public struct FindInput: Sendable {
    /// The text; empty: nothing.
    public var text = ""
    /// Whether nothing was found the last time.
    public var isMissed = false

    /// Looks for a text; empty: for nothing.
    public init(text: String = "") { self.text = text }
}
