public import Sessions

/// Whether the store answers, and what it said last.
///
/// A lost connection freezes nothing: the last data stay, dimmed, with their age, and changes are refused.
public struct Connection: Sendable, Equatable {
    /// When a poll last succeeded, or a page of rows came where only readings of all rows tell what changed; `nil`: not
    /// yet.
    public var lastGood: Moment?
    /// Why the last poll failed; `nil`: it succeeded, or none has ended.
    public var error: String?
    /// How many polls failed one after the other.
    public var failures = 0
    /// How many polls have failed at all.
    public var totalFailures = 0
    /// Whether questions have failed since the graphs had their last point.
    var isGapOwed = false
    /// How long the last good poll took, or the last page where only readings of all rows tell what changed.
    public var latency: Duration?
    /// How long the store took to tell the last changes.
    public var changesTook: Duration?
    /// When the poll that is running began.
    public var pollBegan: Moment?

    /// Nothing known yet.
    public init() {}

    /// How the connection stands.
    public enum Health: Sendable, Equatable {
        /// Nothing has been heard yet.
        case connecting
        /// The last poll succeeded, not long ago.
        case good
        /// A poll has been running for so long.
        case slow(Duration)
        /// The last poll failed, or nothing has come for too long: the age of what is on the screen.
        case lost(age: Duration?)
    }

    /// Characters of an error that are kept.
    public static let errorLimit = 300
    /// A poll that runs longer than this is shown as slow.
    public static let slowAfter = Duration.seconds(1)
    /// Data older than this are stale, or older than three intervals, whichever is longer: nothing is changed by them.
    public static let staleAfter = Duration.seconds(10)

    /// How the connection stands at a moment.
    public func health(at now: Moment, interval: Duration) -> Health {
        guard let lastGood else { return error == nil ? .connecting : .lost(age: nil) }
        let age = now.since(lastGood)
        if error != nil || age > max(Self.staleAfter, interval * 3) { return .lost(age: age) }
        if let pollBegan, now.since(pollBegan) > Self.slowAfter { return .slow(now.since(pollBegan)) }
        return .good
    }
}

extension State {
    /// Whether the store tells what changed; where it doesn't, only a reading of all rows does.
    var followsChanges: Bool { store.capabilities.changes.isPossible }

    /// How the connection stands, and how old what is on the screen is where it is lost.
    var health: Connection.Health {
        guard !followsChanges else { return connection.health(at: now, interval: polling.interval) }
        // Where the operator paused or stopped it nothing is read, and that nothing comes tells nothing of the store.
        let isStopped = if case .partial = polling.loading { true } else { polling.isPaused }
        let moment = isStopped ? connection.lastGood ?? now : now
        let health = connection.health(at: moment, interval: max(Polling.reloadAfter, polling.interval))
        guard case .lost(_?) = health, let completed = polling.completed else { return health }
        return .lost(age: now.monotonic - completed)
    }
}

/// What this tool costs the store: operations, rows, commands and bytes a second, over the last ten seconds.
public struct CostMeter: Sendable, Equatable {
    /// One poll's cost.
    private struct Entry: Sendable, Equatable {
        var at: MonotonicInstant
        var operations: Int
        var rows: Int
        var traffic: StoreTraffic?
    }

    private var entries: [Entry] = []
    /// The slowest operation so far: its name and how long it took.
    public var slowest: (name: String, duration: Duration)? {
        slowestName.map { ($0, slowestDuration) }
    }
    private var slowestName: String?
    private var slowestDuration = Duration.zero

    /// Nothing asked yet.
    public init() {}

    /// The time over which the cost is averaged.
    public static let window = Duration.seconds(10)

    /// Counts what was asked.
    public mutating func add(
        operations: Int, rows: Int, name: String, took duration: Duration, traffic: StoreTraffic? = nil, at now: Moment
    ) {
        entries.removeAll { now.monotonic - $0.at > Self.window }
        // A thousand polls in ten seconds is beyond any interval; the bound is for whoever calls it oftener.
        if entries.count >= 1000 { entries.removeFirst() }
        entries.append(Entry(at: now.monotonic, operations: operations, rows: rows, traffic: traffic))
        if duration > slowestDuration { (slowestName, slowestDuration) = (name, duration) }
    }

    /// Operations a second.
    public func operationsPerSecond(at now: Moment) -> Double { rate(now) { $0.operations } }

    /// Rows read a second.
    public func rowsPerSecond(at now: Moment) -> Double { rate(now) { $0.rows } }

    /// Commands a second that the store's servers were sent; `nil`: nobody counts, or nothing was asked of late.
    public func commandsPerSecond(at now: Moment) -> Double? { sum(now) { $0.traffic.map { Int($0.commands) } } }

    /// Bytes a second over the store's connections, both ways; `nil`: nobody counts, or nothing was asked of late.
    public func bytesPerSecond(at now: Moment) -> Double? { sum(now) { $0.traffic?.bytes.map { Int($0) } } }

    private func sum(_ now: Moment, _ part: (Entry) -> Int?) -> Double? {
        let known = entries.filter { now.monotonic - $0.at <= Self.window }.compactMap(part)
        return known.isEmpty ? nil : Double(known.reduce(0, +)) / Self.window.inWholeSeconds
    }

    private func rate(_ now: Moment, _ part: (Entry) -> Int) -> Double {
        let recent = entries.filter { now.monotonic - $0.at <= Self.window }
        return Double(recent.reduce(0) { $0 + part($1) }) / Self.window.inWholeSeconds
    }
}

extension Duration {
    var inWholeSeconds: Double { Double(components.seconds) }
}
