import SessionTesting
import Testing

@testable import Sessions

@Suite("Times")
struct TimeTests {
    @Test("Every day of four centuries reads back, at a time of its own", arguments: [1600, 1900, 1970, 2000, 2096])
    func everyDay(year: Int) throws {
        let first = try #require(Timestamp(rfc3339: "\(year)-01-01T00:00:00Z"))
        var generator = SeededGenerator(seed: UInt64(year))
        var expected = (year: year, month: 1, day: 1)
        for day in 0..<(5 * 366) {
            let within = Int64.random(in: 0..<86_400_000, using: &generator)
            let moment = Timestamp(milliseconds: first.milliseconds + Int64(day) * 86_400_000 + within)
            #expect(Timestamp(rfc3339: moment.description) == moment)
            let parts = moment.calendarParts
            #expect((parts.year, parts.month, parts.day) == expected)
            expected = Self.next(expected)
        }
    }

    /// The calendar once more, by its rules alone.
    private static func next(_ date: (year: Int, month: Int, day: Int)) -> (year: Int, month: Int, day: Int) {
        let isLeap = date.year % 400 == 0 || (date.year % 4 == 0 && date.year % 100 != 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        if date.day < lengths[date.month - 1] { return (date.year, date.month, date.day + 1) }
        return date.month == 12 ? (date.year + 1, 1, 1) : (date.year, date.month + 1, 1)
    }

    @Test(
        "Known moments",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-08-21T13:34:12.042Z", 1_787_319_252_042),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00z", 951_825_600_000),
            ("2026-08-21 15:34:12+02:00", 1_787_319_252_000), ("2026-08-21t08:04:12.5-05:30", 1_787_319_252_500),
            ("2026-08-21T13:34:12.0429999999Z", 1_787_319_252_042), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ])
    func known(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "What isn't a moment is refused",
        arguments: [
            "", "2026", "2026-08-21", "2026-08-21T13:34:12", "2026-08-21T13:34Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-08-21T24:00:00Z", "2026-08-21T13:60:00Z", "2026-08-21T13:34:60Z", "2026-08-21T13:34:12.Z",
            "2026-08-21T13:34:12+24:00", "2026-08-21T13:34:12+02", "2026-08-21T13:34:12Z ", " 2026-08-21T13:34:12Z",
            "+026-08-21T13:34:12Z", "2026-8-21T13:34:12Z", "2026-08-21T13:34:12,5Z", "2026-08-21T13:34:12.5.5Z",
            "٢٠٢٦-08-21T13:34:12Z", "2026-08-21T13:34:12−02:00", "2026-08-21_13:34:12Z",
        ])
    func refused(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test("Any string at all is read without a trap, and every piece of a good one is refused")
    func hostile() {
        var generator = SeededGenerator(seed: 9)
        let good = "2026-08-21T13:34:12.042+02:00"
        for length in 0..<good.count { #expect(Timestamp(rfc3339: good.prefix(length)) == nil) }
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                "0123456789-:TZ+. ".utf8.randomElement(using: &generator) ?? 0
            }
            if let moment = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) {
                #expect(Timestamp(rfc3339: moment.description) == moment)
            }
        }
        #expect(Timestamp(rfc3339: "2026-08-21T13:34:12." + String(repeating: "9", count: 100_000) + "Z") != nil)
    }

    @Test("The ends of time print and add up without a trap")
    func extremes() {
        for moment in [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)] {
            #expect(!moment.description.isEmpty)
            for duration in [Duration.seconds(Int64.max), .seconds(Int64.min + 1), .zero] { _ = moment + duration }
            _ = moment - Duration.seconds(1)
        }
        #expect(Timestamp(milliseconds: .max) + .seconds(1) == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: .min) + .seconds(-1) == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: .max) - Timestamp(milliseconds: .min) > .zero)
        #expect(Timestamp(milliseconds: .min) - Timestamp(milliseconds: .max) < .zero)
        #expect(Timestamp(milliseconds: .min) - Duration.seconds(1) == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: 0) - Duration.seconds(Int64.min) == Timestamp(milliseconds: .max))
    }
}
