/// Durations as people write and read them: `90s`, `5m`, `1h12m`, `7d`.
public enum DurationText {
    /// The units, longest first, in milliseconds.
    static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Reads a duration: whole numbers with a unit, the longer units first.
    ///
    /// - Parameter text: such as `90s`, `5m`, `1h30m`, `7d`, `2w` or `250ms`; no sign, no spaces.
    /// - Returns: `nil` for anything else, a number without a unit, or more than 290 million years.
    public static func parse(_ text: some StringProtocol) -> Duration? {
        parseMilliseconds(Array(text.utf8)).map { .milliseconds($0.total) }
    }

    /// The same in milliseconds, with the shortest unit that was named.
    static func parseMilliseconds(_ bytes: [UInt8]) -> (total: Int64, unit: Int64)? {
        var rest = bytes[...]
        var total: Int64 = 0
        var unit = Int64.max
        while !rest.isEmpty {
            guard let count = Digits.take(from: &rest), let next = takeUnit(from: &rest), next < unit else {
                return nil
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: next)
            let (sum, overflowOfSum) = total.addingReportingOverflow(product)
            guard !overflow, !overflowOfSum else { return nil }
            total = sum
            unit = next
        }
        return unit == .max ? nil : (total, unit)
    }

    private static func takeUnit(from rest: inout ArraySlice<UInt8>) -> Int64? {
        let name = String(decoding: rest.prefix { !Digits.isDigit($0) }, as: UTF8.self)
        rest = rest.dropFirst(name.utf8.count)
        return units.first { $0.name == name }?.milliseconds
    }

    /// A duration in at most two units, rounded down: `58s`, `27m`, `1h12m`, `3d4h`.
    ///
    /// Below an hour one unit is enough. A negative duration has a leading `-`.
    public static func short(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        let seconds = milliseconds.magnitude / 1000
        let text =
            switch seconds {
            case 0..<60: "\(seconds)s"
            case 60..<3600: "\(seconds / 60)m"
            case 3600..<86_400: pair(seconds / 3600, "h", seconds / 60 % 60, "m")
            default: pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
            }
        return milliseconds < 0 && seconds > 0 ? "-" + text : text
    }

    private static func pair(_ major: UInt64, _ majorUnit: String, _ minor: UInt64, _ minorUnit: String) -> String {
        minor == 0 ? "\(major)\(majorUnit)" : "\(major)\(majorUnit)\(minor)\(minorUnit)"
    }
}

/// Decimal digits at the beginning of bytes.
enum Digits {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Takes a number off the front; `nil` where there is none, or where it is too large.
    static func take(from rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        var value: Int64 = 0
        for digit in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = product.addingReportingOverflow(Int64(digit - 0x30))
            guard !overflow, !overflowOfSum else { return nil }
            value = sum
        }
        return value
    }
}
