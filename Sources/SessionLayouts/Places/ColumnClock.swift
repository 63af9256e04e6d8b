public import Sessions

/// How a column says a moment.
public enum ColumnClock: Sendable, Equatable {
    /// `2026-12-07 17:46:23.331336`, UTC, also with a zone behind it, or as Go prints it: `… +0000 UTC`.
    case text
    /// Seconds since 1970.
    case seconds
    /// Milliseconds since 1970.
    case milliseconds
    /// As Fluent's drivers write it: a moment with a zone in PostgreSQL, seconds since 1970 as a number in SQLite.
    case fluent
    /// Days by the Julian calendar's count, as SQLite's `julianday` gives them.
    case julianDay

    private static let julianEpoch = 2_440_587.5

    /// The moment that a value says; `nil`: none, or nothing that could be read.
    public func moment(_ value: ColumnValue) -> Timestamp? {
        switch self {
        case .text: return value.text.flatMap(Self.moment)
        case .seconds: return value.text.flatMap(Double.init).flatMap { Timestamp(seconds: $0) }
        case .milliseconds: return value.text.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
        case .fluent:
            switch value {
            case .integer, .real: return Self.seconds.moment(value)
            case .null, .text, .blob: return Self.text.moment(value)
            }
        case .julianDay:
            return value.text.flatMap(Double.init).flatMap { Timestamp(seconds: ($0 - Self.julianEpoch) * 86_400) }
        }
    }

    /// A moment as the framework writes it.
    ///
    /// - Parameters:
    ///   - moment: the moment.
    ///   - old: what stands in the column now.
    /// - Returns: the value.
    /// - Throws: ``SessionsError`` with `usage` for a moment after the year 9999: nobody could read it any more.
    public func value(_ moment: Timestamp, inPlaceOf old: ColumnValue) throws -> ColumnValue {
        guard moment <= .lastWritable else { throw SessionsError.tooLate }
        return switch (self, old) {
        case (.fluent, .integer), (.fluent, .real): .real(Double(moment.milliseconds) / 1000)
        default: value(moment)
        }
    }

    private func value(_ moment: Timestamp) -> ColumnValue {
        switch self {
        case .text, .fluent:
            let text = "\(moment)".dropLast()
            return .text(text.replacing("T", with: " ", maxReplacements: 1) + "000")
        case .seconds: return .integer(moment.milliseconds / 1000)
        case .milliseconds: return .integer(moment.milliseconds)
        case .julianDay: return .real(Double(moment.milliseconds) / 86_400_000 + Self.julianEpoch)
        }
    }

    /// PostgreSQL writes a zone of whole hours as `+00`, others write none.
    private static func moment(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 64 else { return nil }
        let sign = text.utf8.dropLast(2).last
        let hasShortZone = (sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")) && text.utf8.count > 16
        return Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + (hasShortZone ? ":00" : "Z")) ?? goMoment(text)
    }

    /// A moment as Go prints it, which some drivers of SQLite write: `2026-11-28 05:00:00 +0000 UTC`.
    ///
    /// Where the process' own clock was read, too, ` m=+0.1` stands behind it.
    private static func goMoment(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard (4...5).contains(parts.count), parts[2].utf8.count == 5 else { return nil }
        return Timestamp(rfc3339: "\(parts[0])T\(parts[1])\(parts[2].prefix(3)):\(parts[2].suffix(2))")
    }
}

extension SessionsError {
    /// A moment that can't be written.
    static let tooLate = SessionsError(
        .usage, "no session ends after \(Timestamp.lastWritable): choose an earlier deadline")
}
