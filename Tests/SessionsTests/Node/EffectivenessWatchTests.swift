import SessionTesting
import Testing

@testable import Sessions

@Suite("When a revoke is effective")
struct EffectivenessWatchTests {
    func report(
        _ id: String, applied: Int64, lease: Int = 2, status: NodeReport.Status = .up, started: Int = 0,
        heartbeat: Int = 0
    ) -> NodeReport {
        NodeReport(
            id: id, started: Ticks.wall(started), heartbeat: Ticks.wall(heartbeat), status: status,
            applied: FeedPosition(applied), lease: .seconds(lease))
    }

    func watch() -> EffectivenessWatch { EffectivenessWatch(position: FeedPosition(7), durable: Ticks.instant(0)) }

    @Test("It waits for every node by name, until each has applied it")
    func waitsForAll() {
        var watch = watch()
        let reports = [report("b", applied: 6), report("a", applied: 0), report("c", applied: 7)]
        #expect(watch.observe(reports, at: Ticks.instant(0)) == .waiting(on: ["a", "b"]))
        #expect(watch.observe([report("a", applied: 8)], at: Ticks.instant(1)) == .waiting(on: ["b"]))
        #expect(watch.observe([report("b", applied: 7)], at: Ticks.instant(1)) == .effective(.applied))
    }

    @Test("Where no node is registered it is effective at once")
    func noNodes() {
        var watch = watch()
        #expect(watch.status(at: Ticks.instant(99)) == .waiting(on: []), "nobody has looked yet")
        #expect(watch.observe([], at: Ticks.instant(0)) == .effective(.applied))
    }

    @Test("A silent node holds it up for δ and 1 % after the commit, and no longer")
    func silentNode() {
        var watch = watch()
        let silent = report("a", applied: 0, heartbeat: -1000)
        #expect(watch.observe([silent], at: Ticks.instant(0)) == .waiting(on: ["a"]))
        #expect(watch.status(at: Ticks.instant(2)) == .waiting(on: ["a"]), "clocks drift")
        #expect(watch.status(at: Ticks.instant(0) + .milliseconds(2020)) == .effective(.leasesRanOut))
        #expect(watch.latest == Ticks.instant(0))
    }

    @Test("The longest δ among those who have not applied it counts")
    func longestLease() {
        var watch = watch()
        let reports = [report("slow", applied: 0, lease: 60), report("quick", applied: 0, lease: 2)]
        _ = watch.observe(reports, at: Ticks.instant(0))
        #expect(watch.observe(reports, at: Ticks.instant(3)) == .waiting(on: ["slow"]))
        #expect(
            watch.observe([report("slow", applied: 7, lease: 60)], at: Ticks.instant(4)) == .effective(.leasesRanOut))
    }

    @Test("Two nodes whose names only look the same are two")
    func canonicallyEquivalent() {
        var watch = watch()
        let names = ["caf\u{e9}", "cafe\u{301}"]
        let reports = [report(names[0], applied: 0, lease: 2), report(names[1], applied: 0, lease: 60)]
        _ = watch.observe(reports, at: Ticks.instant(0))
        #expect(watch.observe([report(names[0], applied: 7)], at: Ticks.instant(3)) == .waiting(on: [names[1]]))
        #expect(watch.status(at: Ticks.instant(61)) == .effective(.leasesRanOut))
    }

    @Test("A strict node holds nothing up: no cache of its decides")
    func strictNode() {
        var watch = watch()
        #expect(watch.observe([report("a", applied: 0, lease: 0)], at: Ticks.instant(0)) == .effective(.leasesRanOut))
    }

    @Test("A node that stopped in good order counts as having applied everything")
    func stopped() {
        var watch = watch()
        #expect(
            watch.observe([report("a", applied: 0, status: .stopped)], at: Ticks.instant(0)) == .effective(.applied))
    }

    @Test("A draining node still serves, and is waited for")
    func draining() {
        var watch = watch()
        let draining = report("a", applied: 0, status: .draining)
        #expect(watch.observe([draining], at: Ticks.instant(0)) == .waiting(on: ["a"]))
    }

    @Test("A node that registers after the first look holds nothing up")
    func lateNode() {
        var watch = watch()
        _ = watch.observe([report("a", applied: 0)], at: Ticks.instant(0))
        let reports = [report("a", applied: 7), report("new", applied: 0)]
        #expect(watch.observe(reports, at: Ticks.instant(1)) == .effective(.applied))
    }

    @Test("A new process under an old name doesn't vouch for the old one, nor does a row that is gone")
    func replacedProcess() {
        var watch = watch()
        _ = watch.observe([report("a", applied: 0), report("b", applied: 0)], at: Ticks.instant(0))
        let replaced = [report("a", applied: 9, started: 1)]
        #expect(watch.observe(replaced, at: Ticks.instant(1)) == .waiting(on: ["a", "b"]))
        #expect(watch.status(at: Ticks.instant(3)) == .effective(.leasesRanOut))
    }

    @Test("A negative δ, from a damaged row, is taken as none")
    func hostileLease() {
        var watch = watch()
        #expect(watch.observe([report("a", applied: 0, lease: -9)], at: Ticks.instant(0)) == .effective(.leasesRanOut))
    }

    @Test("Waiting ends as soon as every node has applied it, and tells whom it waits for")
    func waitingEnds() async throws {
        let time = ManualTime()
        let store = MemoryStore(time: time.source)
        let told = Shared<[[String]]>([])
        try await store.publish(report("a", applied: 0))
        let durable = time.monotonic
        let waiting = Task {
            try await EffectivenessWatch.wait(
                for: FeedPosition(7), durable: durable, time: time.source, nodes: { try await store.nodes() },
                progress: { names in told.change { $0.append(names) } })
        }
        await time.waitForSleepers()
        time.advance(by: .milliseconds(100))
        await time.waitForSleepers()
        try await store.publish(report("a", applied: 7))
        time.advance(by: .milliseconds(100))
        #expect(try await waiting.value == .applied)
        #expect(told.value == [["a"]])
    }

    @Test("Waiting outlives a store that goes away, once it has said how long to wait")
    func waitingWithoutStore() async throws {
        let time = ManualTime()
        let memory = MemoryStore(time: time.source)
        let store = ScriptedStore(memory)
        try await store.publish(report("a", applied: 0))
        let durable = time.monotonic
        let waiting = Task {
            try await EffectivenessWatch.wait(for: FeedPosition(7), durable: durable, time: time.source) {
                try await store.nodes()
            }
        }
        await time.waitForSleepers()
        store.fail(.nodes)
        time.advance(by: .seconds(1))
        await time.waitForSleepers()
        time.advance(by: .milliseconds(1020))
        #expect(try await waiting.value == .leasesRanOut)
        await #expect(throws: SessionsError.self) {
            _ = try await EffectivenessWatch.wait(for: FeedPosition(7), durable: durable, time: time.source) {
                try await store.nodes()
            }
        }
    }
}
