internal import Sessions

/// How numbers, times and sizes are written on every screen: short, aligned, and the same everywhere.
enum Format {
    /// What stands for a value that isn't known.
    static let unknown = "–"

    /// So many sessions: `1 session`, `48,213 sessions`.
    static func sessions(_ number: Int) -> String { number == 1 ? "1 session" : "\(count(number)) sessions" }

    /// So many entries of the audit log: `1 audit entry`, `5,000 audit entries`.
    static func auditEntries(_ number: Int) -> String {
        number == 1 ? "1 audit entry" : "\(count(number)) audit entries"
    }

    /// Words that were recorded, with the thousands of their counts apart: `revoked 1,284, expired 3`.
    static func recorded(_ words: String) -> String {
        words.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            let digits = word.prefix { $0.isASCII && $0.isNumber }
            guard digits.count > 3, digits.first != "0", let number = Int(digits),
                word.dropFirst(digits.count).allSatisfy({ $0 == "," })
            else { return String(word) }
            return count(number) + word.dropFirst(digits.count)
        }.joined(separator: " ")
    }

    /// A count with its thousands apart: `48,213`.
    static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude).utf8)
        guard digits.count > 3 else { return String(number) }
        var bytes: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { bytes.append(UInt8(ascii: ",")) }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A count in at most five columns, for where space is short: `48,213`, then `482k`, `4.8M`.
    static func shortCount(_ number: Int) -> String {
        switch number.magnitude {
        case 0..<100_000: count(number)
        case 100_000..<1_000_000: "\(number / 1000)k"
        case 1_000_000..<1_000_000_000: decimal(Double(number) / 1e6) + "M"
        default: decimal(Double(number) / 1e9) + "G"
        }
    }

    /// A number with one decimal: `98.7`, `0.4`; anything that can't be written so is unknown.
    static func decimal(_ number: Double) -> String {
        let tenths = (number * 10).rounded()
        guard tenths.isFinite, abs(tenths) < 1e15 else { return unknown }
        let whole = Int64(tenths.magnitude)
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(count(Int(whole / 10))).\(whole % 10)"
    }

    /// A share of one: `98.7%`, with the extremes exact: only all of it is `100%`, only nothing is `0%`.
    static func percent(_ ratio: Double) -> String {
        guard ratio.isFinite else { return unknown }
        if ratio >= 1 { return "100%" }
        if ratio <= 0 { return "0%" }
        return decimal(min(max(ratio * 100, 0.1), 99.9)) + "%"
    }

    /// How often something happens: `12,411/s`, below ten with a decimal.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond.magnitude < 1e15 else { return unknown }
        let text = perSecond < 9.95 ? decimal(perSecond) : count(Int(perSecond.rounded()))
        return (text == "0.0" ? "0" : text) + "/s"
    }

    /// A time that a computer takes, from microseconds: `640µs`, `1.8ms`, `41ms`, `1.2s`.
    static func latency(microseconds: Int) -> String {
        let value = Double(microseconds)
        return switch microseconds {
        case ..<1000: "\(microseconds)µs"
        case ..<9950: decimal(value / 1000) + "ms"
        case ..<999_500: "\(Int((value / 1000).rounded()))ms"
        default: decimal(value / 1e6) + "s"
        }
    }

    /// A size: `412 B`, `1.4 KiB`, `12 MiB`.
    static func bytes(_ count: Int) -> String {
        guard count.magnitude >= 1024 else { return "\(count) B" }
        var value = Double(count) / 1024
        for unit in ["KiB", "MiB", "GiB"] {
            if value.magnitude < 999.5 {
                return (value < 9.95 ? decimal(value) : Self.count(Int(value.rounded()))) + " \(unit)"
            }
            value /= 1024
        }
        return decimal(value) + " TiB"
    }
}
