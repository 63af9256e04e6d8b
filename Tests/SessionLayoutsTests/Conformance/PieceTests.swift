import SessionLayouts
import Sessions
import Synchronization
import Testing

/// Stores that give what was asked for in pieces.
@Suite struct PieceTests {
    /// Gives at most so many records at once, and counts how it was asked.
    private final class Pieces: LayoutSource {
        let records: [LayoutRecord]
        let size: Int
        let largest = Mutex(0)

        init(_ records: [LayoutRecord], size: Int) {
            self.records = records
            self.size = size
        }

        func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
            let start = mark.flatMap { mark in records.firstIndex { $0.key == mark } }.map { $0 + 1 } ?? 0
            let page = Array(records[start...].prefix(limit))
            return (page.map(\.key), start + page.count < records.count ? page.last?.key : nil)
        }

        func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
            largest.withLock { $0 = max($0, keys.count) }
            return keys.prefix(size).map { key in records.first { $0.key == key } }
        }

        func apply(_ changes: [LayoutChange]) async throws -> [Bool] { changes.map { _ in true } }
    }

    @Test("nothing is lost where a store gives less than was asked for", arguments: [1, 3, 100])
    func pieces(_ size: Int) async throws {
        let fixture = Fixture("django-db-sqlite", "django-db", .sqlite)
        let source = Pieces(try fixture.records(), size: size)
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
