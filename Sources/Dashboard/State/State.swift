public import Screen
public import Sessions

/// Everything that the dashboard knows and shows: a value, and all there is.
///
/// ``update(_:)`` changes it, views draw it. Sessions are held by their ``IDHash`` everywhere, never by a row number.
/// It has no clock: ``now`` is the last time that an action carried.
public struct State: Sendable {
    /// What is looked at.
    public var store: StoreIdentity
    /// The stores that can be looked at instead.
    public var contexts: [NamedStore] = []
    /// What the operator may do, and what must be given for it.
    public var policy: Policy
    /// Whether the store answers, and what it said last.
    public var connection = Connection()
    /// What this tool costs the store.
    public var cost = CostMeter()
    /// When the store is asked again, and how far the rows have been read.
    public var polling = Polling()
    /// The sessions: rows, filter, order, cursor, marks.
    public var list: SessionList
    /// The users, counted from the rows.
    public var users = UserList()
    /// The refresh families of the user who is looked at.
    public var tokens = UserTokens()
    /// Sessions that ended lately, whose access tokens may live.
    var endings = RecentEndings()
    /// The nodes and what they count.
    public var fleet = Fleet()
    /// The store's counts, now and over the last quarter of an hour.
    public var statistics = StatisticsHistory()
    /// The audit log, as far as it has been read.
    public var audit = AuditLog()
    /// Where the operator is, and has been.
    public var navigation = Navigation()
    /// The session that is shown in detail.
    public var inspector = Inspector()
    /// What lies over the view and takes the keys; `nil`: nothing.
    public var overlay: Overlay?
    /// Changes that run or have run, the newest last.
    public var jobs = JobList()
    /// How much is under way of what is waited for before another store is looked at, besides jobs.
    var awaited = 0
    /// The message of the moment.
    public var flash: Flash?
    /// The last messages, the newest last; bounded.
    public internal(set) var messages: [Flash] = []
    /// What graphs are drawn with.
    public var graphs = PlotMarks.blocks
    /// The theme that is used, and those that can be.
    public var theme = ThemeChoice()
    /// The place of the line under the cursor, in the list of what became of a change.
    public var resultPlace = 0
    /// The first line of it on the screen.
    public var resultTop = 0
    /// The first line of the statistics on the screen, where they don't fit.
    public var statisticsTop = 0
    /// What was typed into prompts before.
    public var history = PromptHistory()
    /// Where files go whose paths don't begin with a folder; `nil`: unknown.
    public var folder: String?
    /// The size of the screen.
    public var size: Size
    /// The screen as it was drawn last; `nil`: nobody draws it.
    var drawn: DrawnScreen?
    /// The time, as the last action told it.
    public var now: Moment
    /// What the last click was meant for, while a second one may make a double click of it.
    var clicked: ClickTarget?
    /// When the operator came here from another store: keys are dropped for ``Dialog/deafTime``; `nil`: they began here.
    public var entered: Moment?
    /// When a key that quits was pressed once: a second one within 2 s does.
    public var interruptPressed: MonotonicInstant?

    /// Makes the state that a dashboard starts in; ``start()`` says what to do first.
    public init(store: StoreIdentity, policy: Policy, size: Size, now: Moment) {
        self.store = store
        self.policy = policy
        self.size = size
        self.now = now
        list = SessionList(layout: store.description.layout, now: now.wall)
        list.hiddenColumns = Set(SessionColumn.allCases).subtracting(columns)
    }

    /// What sessions can be listed and sorted by: pins only where a balancer is joined.
    var columns: [SessionColumn] {
        SessionColumn.allCases.filter { $0 != .pinned || store.capabilities.pins.isPossible }
    }
}
