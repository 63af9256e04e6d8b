import SessionTesting
import Testing

@testable import Sessions

@Suite("Latency histogram")
struct LatencyHistogramTests {
    @Test("Quantiles are right to two digits", arguments: [1, 2, 3])
    func quantiles(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var histogram = LatencyHistogram()
        let values = (0..<20_000).map { _ in UInt64(1) << UInt64.random(in: 0..<34, using: &generator) }
            .map { UInt64.random(in: $0..<2 * $0, using: &generator) }
        for value in values { histogram.record(.nanoseconds(Int64(value))) }
        let sorted = values.sorted()
        for share in [0.001, 0.25, 0.5, 0.9, 0.99, 1.0] {
            let exact = Double(sorted[max(0, Int((share * 20_000).rounded(.up)) - 1)])
            let told = Double(try #require(histogram.quantile(share)))
            #expect(abs(told - exact) <= exact * 0.01 + 0.5)
        }
    }

    @Test("What is absurd is counted, and traps nothing")
    func extremes() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        #expect(histogram.latency == nil)
        for duration in [Duration.zero, .seconds(-5), .seconds(Int64.max), .nanoseconds(1)] {
            histogram.record(duration)
        }
        #expect(histogram.total == 4)
        #expect(histogram.quantile(0) == 0)
        histogram.reset()
        #expect(histogram.latency == nil)
    }

    @Test("A heartbeat carries microseconds, rounded up")
    func microseconds() {
        var histogram = LatencyHistogram()
        histogram.record(.nanoseconds(120), weight: 98)
        histogram.record(.milliseconds(8), weight: 2)
        #expect(histogram.latency?.p50 == 1)
        #expect((7920...8080).contains(histogram.latency?.p99 ?? 0))
    }
}
