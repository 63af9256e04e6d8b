import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionLayouts

/// What single layouts say of sessions that no fixture has.
@Suite struct RuleTests {
    private let time = ManualTime()

    private func record(_ key: String, _ value: [UInt8]?, life: Duration? = .seconds(600)) -> LayoutRecord {
        .key(KeyRecord(key: Array(key.utf8), value: value, byteCount: value?.count ?? 1_100_000, life: life))
    }

    private func directory(_ layout: Layout, _ source: RecordSource) -> LayoutDirectory {
        LayoutDirectory(
            LayoutMatch(asked: layout), in: source, url: "", software: "", readOnly: nil, time: time.source)
    }

    private var order: Order { Order(actor: "test", reason: nil, at: time.now) }

    /// A text of MessagePack, of up to 31 bytes.
    private func packed(_ text: String) -> [UInt8] { [0xA0 | UInt8(text.utf8.count)] + Array(text.utf8) }

    @Test("Flask's sessions are listed and ended with and without `_permanent`, whatever their ids are made of")
    func flask() async throws {
        let user = packed("_user_id") + packed("7")
        let payloads: [[UInt8]] = [[0x81] + user, [0x82] + packed("_permanent") + [0xC3] + user]
        let ids = ["0f8fad5b-d9cb-469f-a165-70867728950e", "Jt4Zq0xkqYk0bF3mT2c_uAWi5l6nO7pQ8rS9tU-vWxY"]
        let records = payloads.flatMap { value in
            ids.map { record("session:\($0.dropLast())\(value.count % 10)", value) }
        }
        let layout = try LayoutCatalogue.layout(named: "flask-session", in: .redis)
        #expect(LayoutCatalogue.match(records, among: [layout], at: time.now)?.hits == 4)
        let source = RecordSource(records)
        let directory = directory(layout, source)
        let rows = try await directory.rows(after: nil, limit: 10).rows
        #expect(rows.map(\.user) == ["7", "7", "7", "7"])
        let receipt = try await directory.revoke(.user("7"), order: order)
        #expect(receipt.outcomes.map(\.outcome) == [.revoked, .revoked, .revoked, .revoked])
        #expect(source.changes.withLock { $0 } == records.map { LayoutChange.deleteKeys([$0.key]) })
        // Something else of the application's under the same prefix.
        #expect(layout.read(record("session:\(ids[0])", Array("17".utf8)), at: time.now) == nil)
    }
}
