#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// A moment of the clock that every bound is measured with: it counts a laptop's sleep and never goes back.
///
/// The clock is that of `ContinuousClock`. Its own instant can't be used here: the library that it comes from keeps its
/// layout to itself, so that each comparison is a call and each struct that holds one is copied field by field. A node
/// compares three for every request.
public struct MonotonicInstant: Hashable, Sendable {
    /// Nanoseconds since the machine began, about: 292 years fit.
    let nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment now.
    public static var now: MonotonicInstant {
        #if canImport(Darwin)
        let clock = CLOCK_MONOTONIC_RAW
        #else
        let clock = CLOCK_BOOTTIME
        #endif
        var time = timespec()
        clock_gettime(clock, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}

extension MonotonicInstant: Comparable {
    /// The earlier comes first.
    public static func < (a: MonotonicInstant, b: MonotonicInstant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The moment so much later; what doesn't fit stops at the ends of time.
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.saturatedNanoseconds)
        return MonotonicInstant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The moment so much earlier.
    public static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant + (.zero - duration)
    }

    /// Moves to so much later.
    public static func += (instant: inout MonotonicInstant, duration: Duration) { instant = instant + duration }

    /// The time from one moment to another.
    public static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        let (difference, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return .nanoseconds(overflow ? (later < earlier ? .min : .max) : difference)
    }
}

extension ContinuousClock.Instant {
    /// The same moment, for whoever sleeps by the standard library's clock.
    public init(_ instant: MonotonicInstant) {
        // In this order: whoever is held up between the two sleeps a bit longer, never less.
        let now = MonotonicInstant.now
        self = .now + (instant - now)
    }
}

extension Duration {
    /// Nanoseconds, as many as fit.
    fileprivate var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflown) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflown ? (seconds < 0 ? .min : .max) : sum
    }
}
