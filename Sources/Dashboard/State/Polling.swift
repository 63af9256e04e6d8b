public import Sessions

/// When the store is asked again, and how far its rows have been read.
public struct Polling: Sendable, Equatable {
    /// The time between polls.
    public var interval = Duration.seconds(2)
    /// Whether what is shown is held still; the connection is watched all the same.
    public var isPaused = false
    /// When the next poll is due.
    public var due: MonotonicInstant?
    /// When the changes alone are asked for, between two polls; `nil`: the store is quiet.
    public var glanceDue: MonotonicInstant?
    /// Whether the question that is under way is for the changes alone.
    public var isGlance = false
    /// Whether the last changes were some, and more are to be had at once.
    public var news = News.none
    /// How far the rows have been read.
    public var loading = Loading.waiting
    /// Each complete reading of all rows has its number: pages of an older one are dropped.
    public var generation = 0
    /// Where the changes were read up to.
    public var position: ChangePosition?
    /// The page to ask for next, while rows are being read.
    public var nextPage: RowCursor?
    /// Whether a page, or the beginning of a reading, has been asked for and not come.
    public var isPageAsked = false
    /// What changed while a page was under way: the page may have it as it was before.
    public var overtaken: Set<IDHash> = []
    /// When the last reading of all rows was complete; `nil`: only a part is held.
    public var completed: MonotonicInstant?

    /// The state before the first poll.
    public init() {}

    /// What the last question for changes brought.
    public enum News: Sendable, Equatable {
        /// Nothing: the next poll is soon enough.
        case none
        /// Changed rows: there will be more.
        case some
        /// As many as were asked for, and more are there.
        case more
    }

    /// How far the rows have been read.
    public enum Loading: Sendable, Equatable {
        /// Nothing has come yet.
        case waiting
        /// Pages are coming; so many rows so far.
        case reading(rows: Int)
        /// All rows are here.
        case complete
        /// The operator stopped it, or the limit was reached: a part of the sessions is on the screen.
        case partial(rows: Int, because: String)
    }

    /// Whether the rows that are held are all there are, so that they can be counted; a new reading doesn't alter that.
    public var holdsAll: Bool { completed != nil }

    /// Without a way to ask for changes, all rows are read again so long after the last time, or an interval later.
    public static let reloadAfter = Duration.seconds(10)
    /// After failures polls come at most so far apart.
    public static let longestWait = Duration.seconds(30)
    /// The intervals that `+` and `-` step through.
    public static let intervals: [Duration] = [0.5, 1, 2, 5, 10, 30, 60].map { .milliseconds(Int($0 * 1000)) }
    /// While rows keep changing, the changes are asked for so often between polls: each is on the screen within a second.
    public static let glanceAfter = Duration.milliseconds(500)
    /// Changes, and counts, are asked for at most so large a part of the time, so that a store of one core is spared the
    /// rest: 5 %.
    public static let glanceShare = 20
    /// Rows in a page.
    public static let pageSize = 2_000
}

extension Polling.Loading {
    /// Whether pages are still coming.
    public var isReading: Bool {
        switch self {
        case .waiting, .reading: true
        case .complete, .partial: false
        }
    }
}
