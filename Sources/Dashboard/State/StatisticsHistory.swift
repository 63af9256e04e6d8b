public import Sessions

/// The store's counts now, and figures over time for the graphs.
public struct StatisticsHistory: Sendable, Equatable {
    /// The last counts; `nil`: none yet.
    ///
    /// Where all rows are held, what they tell is counted from them.
    public var latest: StoreStatistics?
    /// Whether the store is counting.
    public var isAsked = false
    /// How long it took the store to count.
    public var took: Duration?
    /// Not before this is the store asked again.
    public var askAgain: MonotonicInstant?
    /// One figure of each kind for each good poll; a failed poll leaves a gap, never a zero.
    public var points = Ring<Point>(capacity: 900)

    /// Nothing read yet.
    public init() {}

    /// Where all rows are held, the store is asked no oftener: it reads every session to answer.
    public static let readAfter = Duration.seconds(300)

    /// How long the store is left in peace after it has counted; elsewhere no longer than its budget asks for.
    func rest(holdingAll: Bool) -> Duration {
        holdingAll ? Self.readAfter : (took ?? .zero) * (Polling.glanceShare - 1)
    }

    /// The figures of one poll.
    public struct Point: Sendable, Equatable {
        /// When.
        public var at: Moment
        /// Live sessions.
        public var sessions: Int
        /// Users.
        public var users: Int
        /// How long the poll took.
        public var latency: Duration?
        /// Whether polls failed between the point before and this one: a gap is drawn.
        public var followsGap: Bool

        /// Makes a point.
        public init(at: Moment, sessions: Int, users: Int, latency: Duration?, followsGap: Bool) {
            self.at = at
            self.sessions = sessions
            self.users = users
            self.latency = latency
            self.followsGap = followsGap
        }
    }
}

/// The last few values of something: the oldest goes when a new one finds no room.
public struct Ring<Element: Sendable & Equatable>: Sendable, Equatable {
    private var storage: [Element] = []
    private var start = 0
    /// How many values are kept.
    public let capacity: Int

    /// An empty ring for so many values; one at least.
    public init(capacity: Int) { self.capacity = max(1, capacity) }

    /// How many values there are.
    public var count: Int { storage.count }

    /// Adds a value.
    public mutating func append(_ element: Element) {
        if storage.count < capacity {
            storage.append(element)
        } else {
            storage[start] = element
            start = (start + 1) % capacity
        }
    }

    /// The values, oldest first.
    public var values: [Element] { Array(storage[start...] + storage[..<start]) }

    /// The oldest.
    public var first: Element? { storage.isEmpty ? nil : storage[start] }

    /// The newest.
    public var last: Element? {
        storage.isEmpty ? nil : storage[(start + storage.count - 1) % storage.count]
    }
}
