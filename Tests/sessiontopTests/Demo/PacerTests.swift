import Sessions

import Testing

@testable import sessiontop

@Suite("Pacing")
struct PacerTests {
    @Test("As many requests come as the rate says", arguments: [1, 200, 2000, 20_000])
    func meanRate(rate: Int) {
        var generator = SeededGenerator(seed: UInt64(rate))
        let start = MonotonicInstant.now
        var pacer = Pacer(rate: Double(rate), start: start)
        let seconds = max(20, 2000 / rate)
        let count = (1...seconds * 200).reduce(0) { sum, slice in
            sum + pacer.due(at: start + .milliseconds(5 * slice), using: &generator)
        }
        #expect(abs(Double(count) / Double(rate * seconds) - 1) < 0.1)
    }

    @Test("No burst follows a stop of the process, however long", arguments: [1, 5, 3600])
    func noBurst(stop: Int) {
        var generator = SeededGenerator(seed: 1)
        let start = MonotonicInstant.now
        var pacer = Pacer(rate: 1000, start: start)
        _ = pacer.due(at: start + .seconds(1), using: &generator)
        #expect(pacer.due(at: start + .seconds(1 + stop), using: &generator) <= 250)
        let after = pacer.due(at: start + .seconds(1 + stop) + .milliseconds(100), using: &generator)
        #expect((60...140).contains(after))
    }

    @Test("Nothing is due before the time, and a clock that stands still asks for nothing more")
    func standingStill() {
        var generator = SeededGenerator(seed: 4)
        let start = MonotonicInstant.now
        var pacer = Pacer(rate: 100, start: start)
        _ = pacer.due(at: start + .milliseconds(50), using: &generator)
        #expect(pacer.due(at: start + .milliseconds(50), using: &generator) == 0)
        #expect(pacer.due(at: start, using: &generator) == 0)
    }

    @Test("Percentiles are within a bucket of the truth")
    func percentiles() throws {
        var generator = SeededGenerator(seed: 2)
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == nil)
        var values: [Int] = []
        for _ in 0..<5000 {
            let value = Int.random(in: 0...(1 << Int.random(in: 1...24, using: &generator)), using: &generator)
            values.append(value)
            histogram.record(.microseconds(value))
        }
        values.sort()
        for share in [0.01, 0.5, 0.9, 0.99, 1] {
            let truth = values[max(1, Int((share * 5000).rounded(.up))) - 1]
            let told = try #require(histogram.percentile(share))
            #expect(told >= .microseconds(truth))
            #expect(told <= .microseconds(truth + truth / 16 + 1))
        }
        #expect(histogram.longest == .microseconds(values[4999]))
    }

    @Test("A latency beyond all measure is recorded", arguments: [Duration.seconds(-1), .zero, .seconds(1 << 40)])
    func extremes(duration: Duration) {
        var histogram = LatencyHistogram()
        histogram.record(duration)
        #expect(histogram.count == 1)
        #expect(histogram.percentile(0.99) ?? .zero <= max(duration, .zero))
    }
}
