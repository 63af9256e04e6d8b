import Sessions
import Testing

@testable import Dashboard

@Suite("How numbers and times are written")
struct FormatTests {
    @Test(
        "A count has its thousands apart",
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (48_213, "48,213"), (2_000_000, "2,000,000"),
            (-1, "-1"), (-1234, "-1,234"), (Int.min, "-9,223,372,036,854,775,808"),
        ])
    func counts(number: Int, text: String) { #expect(Format.count(number) == text) }

    @Test("What was recorded has the thousands of its counts apart, and nothing else changed")
    func recorded() {
        let all = [
            ("1000 sessions", "1,000 sessions"), ("revoked 32805, expired 3", "revoked 32,805, expired 3"),
            ("revoked 1,284", "revoked 1,284"), ("db-1000  0001 1000x 999", "db-1000  0001 1000x 999"), ("", ""),
        ]
        for (words, shown) in all { #expect(Format.recorded(words) == shown) }
        #expect([1, 5000].map(Format.auditEntries) == ["1 audit entry", "5,000 audit entries"])
    }

    @Test(
        "A short count keeps to six columns up to a billion",
        arguments: [0, 99_999, 100_000, 999_999, 1_000_000, 48_200_000, 999_900_000])
    func shortCounts(number: Int) { #expect(Format.shortCount(number).utf8.count <= 6) }

    @Test(
        "Only all of it is 100% and only nothing is 0%",
        arguments: [
            (0.0, "0%"), (0.0001, "0.1%"), (0.5, "50.0%"), (0.987, "98.7%"), (0.9999, "99.9%"), (1.0, "100%"),
            (.nan, "–"), (.infinity, "–"),
        ])
    func percentages(ratio: Double, text: String) { #expect(Format.percent(ratio) == text) }

    @Test(
        "A rate below ten has a decimal",
        arguments: [
            (0.0, "0/s"), (0.04, "0/s"), (0.4, "0.4/s"), (9.94, "9.9/s"), (9.96, "10/s"), (12_411.4, "12,411/s"),
            (.nan, "–"), (1e300, "–"),
        ])
    func rates(perSecond: Double, text: String) { #expect(Format.rate(perSecond) == text) }

    @Test(
        "A latency has the unit that keeps it short",
        arguments: [
            (0, "0µs"), (640, "640µs"), (1800, "1.8ms"), (9949, "9.9ms"), (41_200, "41ms"), (999_499, "999ms"),
            (999_500, "1.0s"), (12_340_000, "12.3s"),
        ])
    func latencies(microseconds: Int, text: String) {
        #expect(Format.latency(microseconds: microseconds) == text)
    }

    @Test(
        "A size has a binary unit",
        arguments: [
            (0, "0 B"), (412, "412 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1434, "1.4 KiB"),
            (12_582_912, "12 MiB"), (1_073_741_824, "1.0 GiB"), (Int.max, "8,388,608.0 TiB"),
        ])
    func sizes(bytes: Int, text: String) { #expect(Format.bytes(bytes) == text) }

    @Test(
        "A span has its two greatest units, rounded down",
        arguments: [
            (0, "0s"), (59, "59s"), (60, "1m"), (1799, "29m"), (3600, "1h"), (4320, "1h12m"), (86_399, "23h59m"),
            (86_400, "1d"), (100_800, "1d4h"), (3_600_000, "41d"), (400_000_000, "12y"), (-90, "-1m"),
        ])
    func spans(seconds: Int, text: String) { #expect(Format.span(.seconds(seconds)) == text) }

    @Test(
        "Two spans have as many units as tell them apart",
        arguments: [
            (57, 1800, "57s", "30m"), (864_750, 866_550, "10d12m", "10d42m"), (864_000, 864_001, "10d", "10d1s"),
            (90_000, 90_060, "1d1h", "1d1h1m"), (60, 61, "1m", "1m1s"), (0, 0, "0s", "0s"),
            (400_000_000, 400_000_001, "4629d15h6m40s", "4629d15h6m41s"),
        ])
    func toldApart(first: Int, second: Int, before: String, after: String) {
        let texts = Format.spans(.seconds(first), .seconds(second))
        #expect(texts.0 == before && texts.1 == after)
    }

    @Test("No span from nothing to a century is wider than its column")
    func spanWidth() {
        var seconds: Int64 = 0
        while seconds < 3_153_600_000 {
            #expect(Format.span(.seconds(seconds)).utf8.count <= 6)
            seconds += max(1, seconds / 37)
        }
    }

    @Test("Extreme durations don't trap")
    func extremes() {
        for duration in [Duration.seconds(Int64.min), .seconds(Int64.max), .zero, .milliseconds(-1)] {
            #expect(!Format.span(duration).isEmpty)
            #expect(!Format.longSpan(duration).isEmpty)
            #expect(!Format.latency(microseconds: duration.microseconds).isEmpty)
        }
        // The last second whose microseconds fit, and a part of it that doesn't.
        let last = Duration.seconds(9_223_372_036_854)
        #expect(last.microseconds == 9_223_372_036_854_000_000)
        #expect((last + .milliseconds(999)).microseconds == .max)
        let first = Duration.zero - last - .milliseconds(999)
        #expect(first.microseconds == .min)
    }

    @Test("A moment of today is a time, any other has its day")
    func moments() throws {
        let now = try #require(Timestamp(rfc3339: "2026-08-21T14:03:27Z"))
        #expect(Format.moment(now - .seconds(3600), seenAt: now) == "13:03:27Z")
        #expect(Format.moment(now - .seconds(86_400), seenAt: now) == "2026-08-20 14:03:27Z")
        #expect(Format.relative(now - .seconds(4), to: now) == "4s ago")
        #expect(Format.relative(now + .seconds(1800), to: now) == "in 30m")
        #expect(Format.relative(now, to: now) == "0s ago")
    }
}
