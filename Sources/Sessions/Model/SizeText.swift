/// Sizes in bytes as people write and read them: `412`, `4k`, `1M`; `412 B`, `1.4 KiB`.
public enum SizeText {
    /// Reads a size: a whole number of bytes, or of `k`, `M`, `G`, `T` of 1024 each.
    ///
    /// - Parameter text: such as `412`, `4k`, `4KiB` or `1MB`, in any case; no sign, no spaces.
    /// - Returns: the bytes; `nil` for anything else, or for more than an `Int` holds.
    public static func parse(_ text: some StringProtocol) -> Int? {
        parseBytes(Array(text.utf8)).flatMap { Int(exactly: $0.total) }
    }

    /// The same, with the unit that was named.
    static func parseBytes(_ bytes: [UInt8]) -> (total: Int64, unit: Int64)? {
        var rest = bytes[...]
        guard let count = Digits.take(from: &rest), let unit = unit(String(decoding: rest, as: UTF8.self)) else {
            return nil
        }
        let (total, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : (total, unit)
    }

    private static func unit(_ text: String) -> Int64? {
        switch text.lowercased() {
        case "", "b": 1
        case "k", "kb", "kib": 1 << 10
        case "m", "mb", "mib": 1 << 20
        case "g", "gb", "gib": 1 << 30
        case "t", "tb", "tib": 1 << 40
        default: nil
        }
    }

    /// A size for people, rounded down to a tenth: `412 B`, `1.4 KiB`, `23 MiB`.
    public static func short(_ byteCount: Int) -> String {
        guard byteCount >= 1024 else { return "\(byteCount) B" }
        let names = ["KiB", "MiB", "GiB", "TiB"]
        var unit = 1024
        var index = 0
        while index + 1 < names.count, byteCount / unit >= 1024 {
            unit *= 1024
            index += 1
        }
        let whole = byteCount / unit
        // Two significant digits are enough to compare rows by eye.
        guard whole < 10 else { return "\(whole) \(names[index])" }
        return "\(whole).\(byteCount % unit * 10 / unit) \(names[index])"
    }
}
