#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// Where time comes from: passed in, so that a test can own it.
///
/// Two clocks, because they answer two questions. ``wall`` is what people read and rows keep; it may jump.
/// ``monotonic`` measures every bound; it counts the sleep of a laptop and never goes back.
public struct TimeSource: Sendable {
    /// The wall-clock time now.
    public var wall: @Sendable () -> Timestamp
    /// The monotonic time now.
    public var monotonic: @Sendable () -> MonotonicInstant
    /// Sleeps until a monotonic instant; ends early, by throwing, when the task is cancelled.
    public var sleep: @Sendable (_ until: MonotonicInstant) async throws -> Void

    /// Makes a source of one's own: for tests, see `ManualTime` in `SessionTesting`.
    public init(
        wall: @escaping @Sendable () -> Timestamp,
        monotonic: @escaping @Sendable () -> MonotonicInstant,
        sleep: @escaping @Sendable (MonotonicInstant) async throws -> Void
    ) {
        self.wall = wall
        self.monotonic = monotonic
        self.sleep = sleep
    }

    /// The system's clocks.
    public static let system = TimeSource(
        wall: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        monotonic: { .now },
        sleep: { try await Task.sleep(until: ContinuousClock.Instant($0), clock: .continuous) })
}

extension TimeSource {
    /// Sleeps; `false`: it was cancelled.
    func pause(until moment: MonotonicInstant) async -> Bool {
        do { try await sleep(moment) } catch { return false }
        return !Task.isCancelled
    }
}
