import Testing

@testable import Sessions

@Suite("Moments of the monotonic clock")
struct MonotonicInstantTests {
    @Test("Adding and subtracting durations agrees with the durations themselves")
    func arithmetic() {
        let start = MonotonicInstant(nanoseconds: 5_000_000_000)
        #expect(start + .milliseconds(1500) - start == .milliseconds(1500))
        #expect(start - .seconds(7) < start)
        #expect(start - (start + .seconds(3)) == .seconds(-3))
        var moved = start
        moved += .nanoseconds(1)
        #expect(start < moved && moved - start == .nanoseconds(1))
    }

    @Test("What doesn't fit stops at the ends of time")
    func extremes() {
        let start = MonotonicInstant(nanoseconds: 0)
        #expect(start + .seconds(Int64.max) == MonotonicInstant(nanoseconds: .max))
        #expect(start - .seconds(Int64.max) == MonotonicInstant(nanoseconds: .min))
        #expect(MonotonicInstant(nanoseconds: .max) + .seconds(1) == MonotonicInstant(nanoseconds: .max))
        #expect(MonotonicInstant(nanoseconds: .max) - MonotonicInstant(nanoseconds: .min) == .nanoseconds(Int64.max))
    }

    @Test("It is the moment of the standard library's continuous clock")
    func sameClock() {
        let before = ContinuousClock.now
        let converted = ContinuousClock.Instant(MonotonicInstant.now)
        #expect(before <= converted && converted <= .now)
    }
}
