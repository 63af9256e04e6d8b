import SessionLayouts
import Synchronization

/// Gives at most so many records at once, and keeps how it was asked and what it was to change.
final class RecordSource: LayoutSource {
    let records: [LayoutRecord]
    let size: Int
    let largest = Mutex(0)
    let changes = Mutex<[LayoutChange]>([])
    let tidied = Mutex<[[LayoutChange]]>([])

    init(_ records: [LayoutRecord], size: Int = 100) {
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

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        self.changes.withLock { $0 += changes }
        return changes.map { _ in true }
    }

    func tidy(after changes: [LayoutChange]) async { tidied.withLock { $0.append(changes) } }
}
