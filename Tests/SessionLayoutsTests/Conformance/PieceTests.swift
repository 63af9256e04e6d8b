import SessionLayouts
import Sessions
import Synchronization
import Testing

/// Stores that give what was asked for in pieces.
@Suite struct PieceTests {
    @Test("nothing is lost where a store gives less than was asked for", arguments: [1, 3, 100])
    func pieces(_ size: Int) async throws {
        let fixture = Fixture("django-db-sqlite", "django-db", .sqlite)
        let source = RecordSource(try fixture.records(), size: size)
        let dumped = try fixture.dumped()
        let time = TimeSource(
            wall: { dumped }, monotonic: TimeSource.system.monotonic, sleep: TimeSource.system.sleep)
        let directory = LayoutDirectory(
            LayoutMatch(asked: try fixture.layout()), in: source, url: "", software: "", readOnly: nil, time: time)
        let expected = try fixture.expected()
        let page = try await directory.rows(after: nil, limit: 1000)
        #expect(page.rows.count == expected.count && page.next == nil)
        #expect(source.largest.withLock { $0 } == expected.count)
        let live = expected.filter { $0.label != "expired" }.count
        #expect(try await directory.statistics(at: dumped).sessions == live)
        let order = Order(actor: "test", reason: nil, at: dumped)
        let receipt = try await directory.revoke(.everyone, order: order)
        #expect(receipt.outcomes.count { $0.outcome == .revoked } == live)
    }
}
