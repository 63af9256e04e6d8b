import Foundation
import SessionTesting
import Sessions
import Testing

@testable import Dashboard
@testable import sessiontop

@Suite("The dashboard's exports")
struct ExportTests {
    private let time = SteppingTime()
    private let inbox = Inbox(wake: {})

    /// What the operator was told.
    private func told() -> String {
        inbox.take().compactMap { if case .message(let text, _) = $0 { text } else { nil } }.joined(separator: "; ")
    }

    @Test("A file that is there is left as it is, and what was not written isn't on the record")
    func existing() async throws {
        let store = MemoryStore(time: time.source)
        let runner = EffectRunner(directory: store, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
        let order = Order(actor: "mira@desk", reason: nil, at: time.now)
        let row = SessionRow(id: IDHash(hashing: [1]))
        try await ScratchFolder.with { folder in
            let path = "\(folder)/sessions.csv"
            await runner.export(Export(path: path, format: .csv, rows: [row]), record: order)
            #expect(told().hasPrefix("wrote 1"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let written = try Data(contentsOf: URL(fileURLWithPath: path))

            await runner.export(Export(path: path, format: .jsonl, rows: []), record: order)
            #expect(told() == "nothing is exported: \(path) is there already; choose another file")
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)

            await runner.export(Export(path: "\(folder)/none/a.csv", format: .csv, rows: [row]), record: order)
            #expect(told().contains("none/a.csv can't be written"))
            let entries = try await store.audit(after: 0, limit: 10)
            #expect(entries.map(\.action) == [.export] && entries.map(\.target) == ["1 sessions"])
        }
    }
}
