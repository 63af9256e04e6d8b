public import Sessions

/// The store's counts now, and figures over time for the graphs.
public struct StatisticsHistory: Sendable, Equatable {
    /// The last counts; `nil`: none yet.
    public var latest: StoreStatistics?
    /// When the store was asked for them; between two times the rows that are held are counted instead.
    public var readAt: Moment?
    /// One figure of each kind for each good poll; a failed poll leaves a gap, never a zero.
    public var points = Ring<Point>(capacity: 900)

    /// Nothing read yet.
    public init() {}

    /// Where all rows are held, the store is asked no oftener: it reads every session to answer.
    public static let readAfter = Duration.seconds(300)

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
