public import Sessions

/// A moment on both clocks: the wall's for what people read, the monotonic one for every bound.
public struct Moment: Sendable, Hashable {
    /// The wall-clock time.
    public var wall: Timestamp
    /// The monotonic time.
    public var monotonic: MonotonicInstant

    /// Pairs the two.
    public init(wall: Timestamp, monotonic: MonotonicInstant) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// How long ago another moment was, on the monotonic clock.
    public func since(_ earlier: Moment) -> Duration { monotonic - earlier.monotonic }
}
