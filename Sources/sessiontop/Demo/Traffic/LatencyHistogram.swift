import Sessions

/// How long requests took: counts in buckets that are at most 1/16 wide, so that memory stays bounded and a percentile
/// is off by 6 % at most.
struct LatencyHistogram: Sendable {
    private var counts: [Int] = Array(repeating: 0, count: 64 * 16)
    /// How many durations were recorded.
    private(set) var count = 0
    /// The longest of them.
    private(set) var longest = Duration.zero

    /// Records a duration; a negative one counts as zero.
    mutating func record(_ duration: Duration) {
        counts[Self.bucket(of: Self.microseconds(duration))] += 1
        count += 1
        longest = max(longest, duration)
    }

    /// The duration that a share of the requests did not exceed; `nil`: nothing was recorded.
    ///
    /// - Parameter share: from 0 to 1: 0.99 for the 99th percentile.
    /// - Returns: the upper end of its bucket.
    func percentile(_ share: Double) -> Duration? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if seen >= rank { return min(longest, .microseconds(Self.upperBound(of: bucket))) }
        }
        return longest
    }

    private static func microseconds(_ duration: Duration) -> UInt64 {
        UInt64(max(0, duration.inSeconds) * 1_000_000)
    }

    /// Below 16 µs each value has a bucket; above, each power of two has 16.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= 16 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 3) * 16 + Int(value >> UInt64(exponent - 4) & 15)
    }

    private static func upperBound(of bucket: Int) -> Int64 {
        guard bucket >= 16 else { return Int64(bucket) + 1 }
        let shift = Int64(bucket / 16 - 1)
        return (Int64(bucket % 16) + 17) << shift
    }
}
