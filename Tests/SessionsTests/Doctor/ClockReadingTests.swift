import Sessions
import Testing

@Suite("A server's clock beside this machine's")
struct ClockReadingTests {
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    private func finding(server offset: Duration, step: Duration = .milliseconds(1)) -> Finding {
        ClockReading(server: noon + offset, asked: noon, answered: noon + .seconds(1), step: step).finding
    }

    @Test("What lies between question and answer agrees, and so does what is off by no more than the tolerance")
    func agrees() {
        for offset in [Duration.zero, .milliseconds(500), .seconds(1), .seconds(3), .seconds(-2)] {
            #expect(finding(server: offset).severity == .fine, "\(offset)")
        }
    }

    @Test("A clock that is ahead or behind is warned of, by how much at least")
    func apart() {
        #expect(finding(server: .seconds(31)).message == "the server's clock is 30 s ahead of this machine's")
        #expect(finding(server: .seconds(-30)).message == "the server's clock is 29 s behind this machine's")
        #expect(finding(server: .seconds(31)).severity == .warning)
        #expect(finding(server: .seconds(-30)).severity == .warning)
    }

    @Test("A clock that counts in steps is behind by no more than a step while it agrees")
    func steps() {
        #expect(finding(server: .seconds(-4), step: .seconds(2)).severity == .fine)
        #expect(finding(server: .seconds(-5), step: .seconds(2)).severity == .warning)
        #expect(finding(server: .milliseconds(3001), step: .seconds(2)).severity == .warning)
    }

    @Test("This machine's clock may be set back while the server answers")
    func setBack() {
        let reading = ClockReading(server: noon, asked: noon + .seconds(9), answered: noon - .seconds(9))
        #expect(reading?.ahead == .zero)
    }

    @Test(
        "What is no clock's reading is unknown",
        arguments: [Int64.min, -1, 253_402_300_800_000, 18_446_744_073_709_551, .max])
    func noClock(milliseconds: Int64) {
        let reading = ClockReading(server: Timestamp(milliseconds: milliseconds), asked: noon, answered: noon)
        #expect(reading == nil && reading.finding.severity == .unknown)
    }
}
