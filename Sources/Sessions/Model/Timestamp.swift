/// A moment of wall-clock time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// For what people read and what rows keep. Bounds on time that passes are measured with ``MonotonicInstant``.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970, UTC.
    public var milliseconds: Int64

    /// Makes one from milliseconds since 1970, UTC.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The last moment that RFC 3339 can write: 9999-12-31T23:59:59Z.
    ///
    /// A year of five digits sorts before others where moments are compared as text.
    package static let lastWritable = Timestamp(milliseconds: 253_402_300_799_000)

    /// The earlier comes first.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// A moment later by a duration (earlier where it is negative), to the millisecond; it saturates.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// A moment earlier by a duration.
    public static func - (moment: Timestamp, duration: Duration) -> Timestamp { moment + (.zero - duration) }

    /// The time from one moment to another; negative where the first is later; it saturates.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? (later < earlier ? .min : .max) : difference)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; it saturates.
    public var wholeMilliseconds: Int64 {
        if self >= .milliseconds(Int64.max) { return .max }
        if self <= .milliseconds(Int64.min) { return .min }
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// Seconds, for printing and for ratios.
    public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
