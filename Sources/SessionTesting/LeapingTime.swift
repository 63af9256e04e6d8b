public import Sessions
internal import Synchronization

/// Time as the conformance suites have it: the system's monotonic clock, which a clause lets leap ahead, and a wall clock
/// that stands still where they begin.
///
/// Whoever sleeps, sleeps for as long as was meant when it began.
public final class LeapingTime: Sendable {
    private let ahead = Mutex(Duration.zero)

    /// Makes a clock that hasn't leapt.
    public init() {}

    /// The clock as a store takes it.
    public var source: TimeSource {
        TimeSource(
            wall: { Timestamp(milliseconds: 1_800_000_000_000) }, monotonic: { self.monotonic },
            sleep: { try await TimeSource.system.sleep(MonotonicInstant.now + ($0 - self.monotonic)) })
    }

    /// Moves the monotonic clock ahead.
    public func leap(by duration: Duration) { ahead.withLock { $0 += duration } }

    private var monotonic: MonotonicInstant { ahead.withLock { MonotonicInstant.now + $0 } }
}
