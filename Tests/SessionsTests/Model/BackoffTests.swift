import SessionTesting
import Testing

@testable import Sessions

@Suite("Waits between attempts")
struct BackoffTests {
    @Test("Twice as long each time, between a half and the whole, never beyond the limit", arguments: 0..<20)
    func delays(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let backoff = Backoff(first: .milliseconds(50), limit: .seconds(2))
        for (failures, whole) in [(1, 50), (2, 100), (3, 200), (6, 1600), (7, 2000), (1_000_000, 2000)] {
            let delay = backoff.delay(afterFailures: failures, using: &generator)
            #expect(delay >= .milliseconds(whole) / 2 && delay <= .milliseconds(whole))
        }
    }

    @Test("Waits double up to a limit, and are never all the same")
    func waits() {
        let backoff = Backoff()
        var random = SeededGenerator(seed: 1)
        var distinct: Set<Duration> = []
        for failures in 1...100 {
            let whole = min(backoff.first * (1 << min(failures - 1, 20)), backoff.limit)
            let delay = backoff.delay(afterFailures: failures, using: &random)
            #expect((whole / 2...whole).contains(delay))
            distinct.insert(delay)
        }
        #expect(distinct.count > 90)
    }

    @Test("Waits grow to two seconds unless told otherwise, and the first after a success is short again")
    func ordinary() {
        let backoff = Backoff()
        var random = SeededGenerator(seed: 9)
        for failures in 1...80 {
            let whole = min(Duration.seconds(2), .milliseconds(50) * (1 << min(failures - 1, 6)))
            let delay = backoff.delay(afterFailures: failures, using: &random)
            #expect(delay >= whole / 2 && delay <= whole)
        }
        for failures in 0...1 {
            #expect(backoff.delay(afterFailures: failures, using: &random) <= .milliseconds(50))
        }
    }
}
