/// How long requests took: counts in buckets that are 1/64 of a power of two wide, so that two digits are right.
struct LatencyHistogram: Sendable {
    private static let stepBits = 6
    private static let steps = 1 << stepBits
    /// 2⁴⁰ ns, 18 minutes: what is longer counts as that.
    private static let longest: UInt64 = 1 << 40 - 1

    private var counts = [UInt64](repeating: 0, count: Self.bucket(of: Self.longest) + 1)
    private(set) var total: UInt64 = 0

    /// Counts a duration, or several alike.
    mutating func record(_ duration: Duration, weight: UInt64 = 1) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds =
            seconds < 0
            ? 0
            : seconds > 2000
                ? Self.longest
                : UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
        counts[Self.bucket(of: min(nanoseconds, Self.longest))] += weight
        total += weight
    }

    /// The duration that a share of the requests did not exceed, in nanoseconds; `nil`: nothing was counted.
    func quantile(_ share: Double) -> UInt64? {
        guard total > 0 else { return nil }
        let rank = max(1, UInt64((share * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= rank { return Self.middle(of: bucket) }
        }
        return Self.longest
    }

    /// What a heartbeat carries: microseconds, rounded up.
    var latency: NodeReport.Latency? {
        guard let p50 = quantile(0.5), let p99 = quantile(0.99) else { return nil }
        return NodeReport.Latency(p50: Int((p50 + 999) / 1000), p99: Int((p99 + 999) / 1000))
    }

    /// Begins anew.
    mutating func reset() {
        guard total > 0 else { return }
        for index in counts.indices { counts[index] = 0 }
        total = 0
    }

    // Values below 2 × steps have a bucket each; above, each power of two has `steps` of them.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= 2 * UInt64(steps) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - stepBits
        return shift * steps + Int(value >> UInt64(shift))
    }

    private static func middle(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * steps else { return UInt64(bucket) }
        let shift = UInt64(bucket / steps - 1)
        return UInt64(bucket % steps + steps) << shift + (1 << shift) / 2
    }
}
