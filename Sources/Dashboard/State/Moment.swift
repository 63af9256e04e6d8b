public import Sessions

/// A moment on both clocks: the wall's for what people read, the monotonic one for every bound.
public struct Moment: Sendable, Hashable {
    /// The wall-clock time.
    public var wall: Timestamp
    /// The monotonic time.
    public var monotonic: ContinuousClock.Instant

    /// Pairs the two.
    public init(wall: Timestamp, monotonic: ContinuousClock.Instant) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// How long ago another moment was, on the monotonic clock.
    public func since(_ earlier: Moment) -> Duration { monotonic - earlier.monotonic }
}

/// The size of the screen, in cells.
public struct ScreenSize: Sendable, Hashable {
    /// Cells across.
    public var columns: Int
    /// Cells down.
    public var rows: Int

    /// Makes a size; less than one cell counts as one, more than 1,000 as 1,000.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), 1000)
        self.rows = min(max(rows, 1), 1000)
    }

    /// Below this nothing is drawn but a line that says so; polling goes on.
    public static let smallest = ScreenSize(columns: 60, rows: 12)

    /// Whether there is room for a view.
    public var isEnough: Bool { columns >= Self.smallest.columns && rows >= Self.smallest.rows }

    /// Whether the inspector opens beside the table instead of over it.
    public var isWide: Bool { columns >= 160 }
}
