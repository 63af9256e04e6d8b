extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, to the millisecond: `2026-08-21T13:34:12.042Z`.
    public var description: String {
        let parts = calendarParts
        let time = "\(pad(parts.hour, 2)):\(pad(parts.minute, 2)):\(pad(parts.second, 2)).\(pad(parts.millisecond, 3))"
        return "\(pad(parts.year, 4))-\(pad(parts.month, 2))-\(pad(parts.day, 2))T\(time)Z"
    }

    /// A moment in UTC taken apart, by the Gregorian calendar.
    public struct CalendarParts: Equatable, Sendable {
        /// The year, by the Gregorian calendar; the month, 1 to 12; the day of the month, 1 to 31.
        public var year: Int, month: Int, day: Int
        /// The time of day.
        public var hour: Int, minute: Int, second: Int, millisecond: Int
    }

    /// The parts of this moment in UTC.
    public var calendarParts: CalendarParts {
        let dayLength: Int64 = 86_400_000
        let days = milliseconds.flooredDivision(by: dayLength)
        let remainder = milliseconds % dayLength
        let rest = Int(remainder < 0 ? remainder + dayLength : remainder)
        let (year, month, day) = Self.civil(fromDays: Int(days))
        return CalendarParts(
            year: year, month: month, day: day, hour: rest / 3_600_000, minute: rest / 60_000 % 60,
            second: rest / 1000 % 60, millisecond: rest % 1000)
    }

    /// Reads RFC 3339: a date, `T` or a space, a time with or without a fraction, and `Z` or an offset.
    ///
    /// - Returns: `nil` for anything else, or for a date that isn't in the calendar.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("Tt "), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
            let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd,
            (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(toYear: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        self.init(milliseconds: Int64(seconds) * 1000 + Int64(fraction))
    }

    // Days to and from the civil calendar: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func days(toYear year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredDivision(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

extension BinaryInteger {
    fileprivate func flooredDivision(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Reads the fixed fields of RFC 3339 from left to right.
private struct DigitReader {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    mutating func number(_ length: Int) -> Int? {
        guard index + length <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + length] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        index += length
        return value
    }

    mutating func take(_ choices: String) -> Bool {
        guard index < bytes.count, choices.utf8.contains(bytes[index]) else { return false }
        index += 1
        return true
    }

    /// Milliseconds; digits past the third are read and dropped.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var count = 0
        while let digit = number(1) {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        for _ in min(count, 3)..<3 { value *= 10 }
        return count > 0 ? value : nil
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if take("Zz") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 60 + minutes)
    }
}
