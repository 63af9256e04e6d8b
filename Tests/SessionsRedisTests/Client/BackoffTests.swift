import SessionTesting
import SessionsTransport
import Testing

@testable import SessionsRedis

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
}
