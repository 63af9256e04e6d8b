internal import Sessions

extension Format {
    /// A span in at most six columns, its two greatest units: `0s`, `58s`, `27m`, `1h12m`, `3d4h`, `41d`.
    ///
    /// It rounds down: what is left of a session is never overstated.
    static func span(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let (sign, rest) = seconds < 0 ? ("-", seconds.magnitude) : ("", UInt64(seconds))
        return sign + magnitude(rest)
    }

    private static func magnitude(_ seconds: UInt64) -> String {
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(minutes)m"
        case ..<86_400: pair(hours, "h", minutes % 60, "m")
        case ..<864_000: pair(days, "d", hours % 24, "h")
        case ..<8_640_000: "\(days)d"
        default: days < 3650 ? "\(days)d" : "\(days / 365)y"
        }
    }

    private static func pair(_ major: UInt64, _ majorUnit: String, _ minor: UInt64, _ minorUnit: String) -> String {
        minor == 0 ? "\(major)\(majorUnit)" : "\(major)\(majorUnit)\(minor)\(minorUnit)"
    }

    /// Two spans with as many units as tell them apart: `10d`, `13d`, but `10d12m`, `10d42m`.
    static func spans(_ first: Duration, _ second: Duration) -> (String, String) {
        var texts = (span(first), span(second))
        var units = 2
        while texts.0 == texts.1, units <= 4 {
            texts = (exactSpan(first, units: units), exactSpan(second, units: units))
            units += 1
        }
        return texts
    }

    /// A span with so many units from its greatest on, however wide; those of nothing are left out.
    private static func exactSpan(_ duration: Duration, units: Int) -> String {
        let (seconds, sign) = (duration.components.seconds.magnitude, duration < .zero ? "-" : "")
        let parts: [(count: UInt64, unit: String)] = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let shown = parts.drop { $0.count == 0 }.prefix(units).filter { $0.count > 0 }
        return shown.isEmpty ? "0s" : sign + shown.map { "\($0.count)\($0.unit)" }.joined()
    }

    /// A span with seconds while they matter, for where there is room: `1m12s`, `27m05s`.
    static func longSpan(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        guard (60..<3600).contains(seconds) else { return span(duration) }
        return "\(seconds / 60)m\(twoDigits(Int(seconds % 60)))s"
    }

    /// The time of day in UTC: `14:03:27`.
    static func clock(_ moment: Timestamp) -> String {
        let parts = moment.calendarParts
        return "\(twoDigits(parts.hour)):\(twoDigits(parts.minute)):\(twoDigits(parts.second))"
    }

    /// The day in UTC: `2026-08-21`.
    static func day(_ moment: Timestamp) -> String {
        let parts = moment.calendarParts
        return "\(parts.year)-\(twoDigits(parts.month))-\(twoDigits(parts.day))"
    }

    /// A moment of another day, short: `08-20 13:03`.
    static func dayAndMinute(_ moment: Timestamp) -> String {
        "\(day(moment).suffix(5)) \(clock(moment).prefix(5))"
    }

    /// A moment for somebody who looks at `now`: the time alone on the same day, else with the day.
    static func moment(_ moment: Timestamp, seenAt now: Timestamp) -> String {
        day(moment) == day(now) ? "\(clock(moment))Z" : "\(day(moment)) \(clock(moment))Z"
    }

    /// How far a moment lies from now: `29m ago`, `in 7h30m`.
    static func relative(_ moment: Timestamp, to now: Timestamp) -> String {
        let distance = moment - now
        return distance > .zero ? "in \(span(distance))" : "\(span(.zero - distance)) ago"
    }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
