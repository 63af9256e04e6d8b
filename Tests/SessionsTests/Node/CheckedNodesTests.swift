import SessionTesting
import Testing

@testable import Sessions

@Suite("Whether what a node has applied is of this past of the store")
struct CheckedNodesTests {
    private let time = ManualTime()
    private let memory: MemoryStore
    private let store: ScriptedStore

    init() {
        memory = MemoryStore(time: time.source)
        store = ScriptedStore(memory)
    }

    /// Tells of so many tokens.
    @discardableResult
    private func deny(_ count: Int) async throws -> FeedPosition {
        var position = FeedPosition.start
        for number in 0..<count {
            position = try await memory.deny([TokenDenial(issuer: "i", tokenID: "\(number)")], at: time.now)
        }
        return position
    }

    /// The mark of an entry that the store has.
    private func mark(_ position: Int64) async throws -> Int64 {
        let page = try await memory.feed(after: FeedPosition(position - 1), limit: 1)
        return try #require(page.entry(at: FeedPosition(position))).mark
    }

    private func publish(
        _ id: String, applied: Int64?, mark: Int64 = 0, lease: Duration = .seconds(2),
        status: NodeReport.Status = .up
    ) async throws {
        var report = NodeReport(
            id: id, started: time.now, heartbeat: time.now, status: status, applied: applied.map { FeedPosition($0) },
            lease: lease)
        report.counters[.feedMark] = mark
        try await store.publish(report)
    }

    /// Expects the reports as they were published.
    private func expectUnchanged(
        upTo position: FeedPosition, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let published = try await memory.nodes()
        let checked = try await store.checkedNodes(upTo: position)
        #expect(checked == published, sourceLocation: sourceLocation)
    }

    @Test("The same entry at the same position: the report stands, and each position is read once")
    func samePast() async throws {
        let position = try await deny(3)
        for id in ["a", "b", "c"] { try await publish(id, applied: 3, mark: try await mark(3)) }
        try await publish("behind", applied: 2, mark: 1)
        try await expectUnchanged(upTo: position)
        #expect(store.count(of: .feed) == 1)
        try await deny(2)
        try await publish("a", applied: 5, mark: try await mark(5))
        try await expectUnchanged(upTo: position)
        #expect(store.count(of: .feed) == 3)
    }

    @Test(
        "Another entry there, none, or none named: it counts as having applied nothing, and the longest lease is waited for",
        arguments: [(3, 4711), (3, 0), (9, 4711), (.max, 0)] as [(Int64, Int64)])
    func lostPast(applied: Int64, mark: Int64) async throws {
        let position = try await deny(3)
        try await publish("a", applied: applied, mark: mark)
        try await publish("b", applied: 3, mark: try await self.mark(3), lease: .seconds(7))
        let reports = try await store.checkedNodes(upTo: position)
        #expect(reports.map(\.id) == ["a", "b", "nodes of a lost past"])
        #expect(reports.map(\.applied) == [.start, position, .start])
        #expect(reports.last?.lease == .seconds(7) && reports.last?.status == .up)
        let directory: any SessionDirectory = memory
        #expect(try await directory.nodes(checkedUpTo: position) == reports)
    }

    @Test("Nothing is read for who has stopped, is behind, or follows no feed, nor where the feed is empty")
    func nothingToCheck() async throws {
        try await publish("early", applied: 0)
        try await expectUnchanged(upTo: .start)
        let position = try await deny(3)
        try await publish("stopped", applied: 9, mark: 4711, status: .stopped)
        try await publish("behind", applied: 2, mark: 4711)
        try await publish("server", applied: nil)
        try await expectUnchanged(upTo: position)
        #expect(store.count(of: .feed) == 0)
    }

    @Test("An entry that a purge has taken is older than any lease: the report stands")
    func trimmed() async throws {
        let position = try await deny(3)
        time.advance(by: .seconds(100))
        _ = try await memory.purge(Retention(feed: .seconds(10)), at: time.now)
        #expect(try await memory.feed(after: .start, limit: 9).start == position)
        try await publish("a", applied: 3)
        try await expectUnchanged(upTo: position)
        try await publish("a", applied: 4, mark: 4711)
        #expect(try await store.checkedNodes(upTo: position).map(\.applied) == [.start, .start])
    }

    @Test("Where the feed can't be read nobody knows, as where the reports can't")
    func unavailable() async throws {
        let position = try await deny(1)
        try await publish("a", applied: 1, mark: try await mark(1))
        store.fail(.feed)
        await #expect(throws: SessionsError.self) { try await store.checkedNodes(upTo: position) }
    }

    @Test("Waiting for who is of a lost past takes δ, for who is of this one no time")
    func waiting() async throws {
        let position = try await deny(2)
        let durable = time.monotonic
        func wait() -> Task<EffectivenessWatch.Cause, any Error> {
            Task { [store, time] in
                try await EffectivenessWatch.wait(for: position, durable: durable, time: time.source) {
                    try await store.checkedNodes(upTo: position)
                }
            }
        }
        try await publish("a", applied: 2, mark: try await mark(2))
        #expect(try await wait().value == .applied)
        try await publish("b", applied: 2, mark: 4711)
        let late = wait()
        await time.waitForSleepers()
        // Its next poll has shown it the new past.
        try await publish("b", applied: 2, mark: try await mark(2))
        time.advance(by: .milliseconds(2010))
        await time.waitForSleepers()
        time.advance(by: .milliseconds(10))
        #expect(try await late.value == .leasesRanOut)
    }

    @Test("A mark tells entries apart by all that they say, and is the same in every version")
    func marks() {
        let id = anID(1)
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        func entry(_ position: Int64, _ event: FeedEntry.Event, _ at: Timestamp) -> FeedEntry {
            FeedEntry(position: FeedPosition(position), event: event, at: at)
        }
        func cutoff(_ scope: CutoffScope) -> FeedEntry.Event {
            .cutoff(Cutoff(scope: scope, notBefore: moment, epoch: FeedPosition(7)))
        }
        let entries = [
            entry(7, .revoked(id), moment), entry(8, .revoked(id), moment),
            entry(7, .revoked(id), moment + .milliseconds(1)), entry(7, .revoked(anID(2)), moment),
            entry(7, .denied(TokenDenial(key: id)), moment), entry(7, cutoff(.user("alice")), moment),
            entry(7, cutoff(.client("alice")), moment), entry(7, cutoff(.everyone), moment),
            entry(7, .unknown, moment),
        ]
        let marks = entries.map(\.mark)
        #expect(Set(marks).count == entries.count)
        #expect(marks.allSatisfy { $0 > 0 && $0 < Counters.most })
        #expect(entry(7, cutoff(.user("alice")), moment).mark == 4_322_435_212_422_257)
    }
}
