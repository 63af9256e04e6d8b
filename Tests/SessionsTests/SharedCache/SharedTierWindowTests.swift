import Testing

@testable import Sessions

@Suite("Hit rates of the shared cache")
struct SharedTierWindowTests {
    func sample(_ node: String, _ second: Int, _ change: (inout Counters) -> Void) -> CounterSample {
        var counters = Counters()
        change(&counters)
        return CounterSample(node: node, started: Ticks.wall(0), at: Ticks.wall(second), counters: counters)
    }

    @Test("A node with a shared cache has a window for it; one without has none")
    func tiers() {
        let samples = [
            sample("a", 10) { $0[.l2Hit] = 5 },
            sample("a", 20) {
                $0[.l2Hit] = 75
                $0[.l2Stopped] = 5
                for name in [Counters.Name.l2Miss, .l2MissLost, .l2Tombstone, .l2Bypassed, .l2Error, .l2Timeout] {
                    $0[name] = 4
                }
                // What is written says nothing about look-ups.
                $0[.l2Fill] = 4
                $0[.l2WriteError] = 9
            },
            sample("b", 10) { $0[.l1Hit] = 5 }, sample("b", 20) { $0[.l1Hit] = 75 },
        ]
        let windows = TierWindow.windows(samples, over: .seconds(60), until: Ticks.wall(20))
        #expect(
            windows.map { "\($0.node) \($0.tier.rawValue)" } == ["a l1", "a l2", "a database", "b l1", "b database"])
        #expect(windows[1].hits == 75 && windows[1].misses == 24)
    }

    @Test("What L2 has yet to be told may fall without the process having begun anew")
    func pending() {
        let earlier = sample("a", 1) { $0[.l2Pending] = 5 }
        #expect(sample("a", 2) { _ in }.continues(earlier))
        #expect(!sample("a", 2) { _ in }.continues(sample("a", 1) { $0[.l2Hit] = 1 }))
    }
}
