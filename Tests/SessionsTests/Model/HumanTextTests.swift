import Sessions
import Testing

@Suite("Durations and sizes as people write them")
struct HumanTextTests {
    @Test(
        "Durations are read",
        arguments: [
            ("90s", 90), ("5m", 300), ("1h", 3600), ("7d", 604_800), ("2w", 1_209_600), ("1h30m", 5400), ("0s", 0),
            ("1d2h3m4s", 93_784),
        ])
    func durations(text: String, seconds: Int) { #expect(DurationText.parse(text) == .seconds(seconds)) }

    @Test(
        "What is no duration is refused",
        arguments: [
            "", "5", "m", "-5m", "5 m", "5M", "1m1h", "1m1m", "5min", "99999999999999999999s", "9223372036854775807w",
            "5m ", "５m",
        ])
    func notDurations(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test(
        "Durations print in two units at most, rounded down",
        arguments: [
            (0, "0s"), (58, "58s"), (60, "1m"), (1679, "27m"), (3600, "1h"), (4320, "1h12m"), (86_399, "23h59m"),
            (86_400, "1d"),
            (273_600, "3d4h"), (-90, "-1m"),
        ])
    func printedDurations(seconds: Int, text: String) { #expect(DurationText.short(.seconds(seconds)) == text) }

    @Test("The extremes of duration print")
    func extremes() {
        #expect(DurationText.short(.seconds(Int64.max)).hasSuffix("h"))
        #expect(DurationText.short(.seconds(Int64.min)).hasPrefix("-"))
        #expect(DurationText.short(.milliseconds(-900)) == "0s")
    }

    @Test(
        "Sizes are read",
        arguments: [
            ("412", 412), ("4k", 4096), ("4K", 4096), ("1M", 1 << 20), ("2GiB", 2 << 30), ("1TB", 1 << 40), ("3b", 3),
        ])
    func sizes(text: String, bytes: Int) { #expect(SizeText.parse(text) == bytes) }

    @Test("What is no size is refused", arguments: ["", "k", "-1", "1.5k", "4 k", "4x", "9999999999999999999T"])
    func notSizes(text: String) { #expect(SizeText.parse(text) == nil) }

    @Test(
        "Sizes print with a tenth below ten",
        arguments: [
            (0, "0 B"), (412, "412 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1434, "1.4 KiB"), (10_240, "10 KiB"),
            (1 << 20, "1.0 MiB"), (23 << 20, "23 MiB"), (Int.max, "8388607 TiB"),
        ])
    func printedSizes(bytes: Int, text: String) { #expect(SizeText.short(bytes) == text) }
}
