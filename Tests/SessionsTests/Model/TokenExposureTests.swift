import SessionTesting
import Testing

@testable import Sessions

@Suite("Access tokens in circulation")
struct TokenExposureTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("Whatever is added in whatever order, it counts what a list of every token would")
    func agreesWithAList() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var exposure = TokenExposure()
            var all: [Timestamp] = []
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                let expires = start + .seconds(Int.random(in: 0..<20, using: &random))
                exposure.add(expiring: expires)
                all.append(expires)
            }
            for step in stride(from: -5, through: 90, by: 5) {
                let now = start + .seconds(step)
                #expect(exposure.count(at: now) == all.count { $0 + TokenExposure.leeway > now })
            }
            #expect(exposure.end == all.max().map { $0 + TokenExposure.leeway })
        }
    }

    @Test("Dead tokens are forgotten; with too many batches, tokens count for too long and never too short")
    func tidies() {
        var exposure = TokenExposure()
        for second in 0..<500 { exposure.add(2, expiring: start + .seconds(second)) }
        let whole = exposure
        let now = start + .seconds(100) + TokenExposure.leeway
        exposure.tidy(at: now)
        #expect(exposure.batches.count == TokenExposure.mostBatches)
        #expect(exposure.count(at: now) == 2 * 399)
        #expect(exposure.end == whole.end)
        for second in 100...600 {
            let later = start + .seconds(second) + TokenExposure.leeway
            #expect(exposure.count(at: later) >= whole.count(at: later))
        }
        exposure.tidy(at: start + .seconds(1000))
        #expect(exposure == TokenExposure())
    }

    @Test("None, or fewer than none, adds nothing, and several users' add up")
    func adds() {
        var exposure = TokenExposure()
        exposure.add(0, expiring: start)
        exposure.add(-3, expiring: start)
        #expect(exposure.end == nil)
        var other = TokenExposure()
        other.add(412, expiring: start)
        exposure.add(3, expiring: start + .seconds(1))
        exposure.add(other)
        #expect(exposure.count(at: start) == 415 && exposure.batches.count == 2)
    }
}
