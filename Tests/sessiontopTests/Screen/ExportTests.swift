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

    @Test("The folder that files go into is told as a path from the root")
    func folder() {
        #expect(ExportFile.folder?.hasPrefix("/") == true)
    }

    @Test("A file that is there is left as it is, and what was not written isn't on the record")
    func existing() async throws {
        let store = MemoryStore(time: time.source)
        let runner = EffectRunner(directory: store, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
        let order = Order(actor: "mira@desk", reason: nil, at: time.now)
        let row = SessionRow(id: IDHash(hashing: [1]))
        try await ScratchFolder.with { folder in
            let path = "\(folder)/sessions.csv"
            let export = Export(path: path, format: .csv, content: .sessions([row]), filter: "node:web-03")
            await runner.export(export, record: order)
            #expect(told().hasPrefix("wrote 1 session to"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let written = try Data(contentsOf: URL(fileURLWithPath: path))

            await runner.export(Export(path: path, format: .jsonl, content: .sessions([])), record: order)
            #expect(told() == "nothing is exported: \(path) is there already; choose another file")
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)

            let elsewhere = Export(path: "\(folder)/none/a.csv", format: .csv, content: .sessions([row]))
            await runner.export(elsewhere, record: order)
            #expect(told().contains("none/a.csv can't be written"))
            let entries = try await store.audit(after: 0, limit: 10)
            #expect(entries.map(\.action) == [.export] && entries.map(\.result) == ["recorded"])
            #expect(entries.map(\.target) == ["s:\(row.id.handle) matching node:web-03"])
        }
    }

    @Test("The audit log is written with all that its hashes are over, and nothing in it is a formula")
    func audit() async throws {
        let store = MemoryStore(time: time.source)
        let runner = EffectRunner(directory: store, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
        let order = Order(actor: "mira@desk", reason: nil, at: time.now)
        let entry = AuditEntry(
            number: 7, at: time.now, actor: "mira@desk", action: .revoke, target: "user:alice", count: 1,
            result: "revoked 1", reason: "=HYPERLINK(1)", outcomesDigest: [1, 2],
            previous: Array(repeating: 3, count: 32))
        #expect(AuditLine(entry: entry).members.map(\.name) == AuditLine.names)
        try await ScratchFolder.with { folder in
            let (csv, jsonl) = ("\(folder)/audit.csv", "\(folder)/audit.jsonl")
            await runner.export(Export(path: csv, format: .csv, content: .entries([entry])), record: order)
            await runner.export(Export(path: jsonl, format: .jsonl, content: .entries([entry])), record: order)
            #expect(told().hasPrefix("wrote 1 audit entry to"))
            let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\r\n")
            #expect(lines.count == 2 && lines.first?.hasPrefix("number,at,actor,action,target,count,result,") == true)
            #expect(lines.last?.contains("\"'=HYPERLINK(1)\",0102,0303") == true)
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: jsonl)))
            let members = try #require(object as? [String: Any])
            #expect(members["number"] as? Int == 7 && members["reason"] as? String == "=HYPERLINK(1)")
            #expect((members["hash"] as? String)?.count == 64)
            let entries = try await store.audit(after: 0, limit: 10)
            #expect(entries.map(\.target) == ["1 audit entry", "1 audit entry"] && entries.map(\.count) == [0, 0])
        }
    }

    /// A store that keeps no outcomes beside its entries, or can't read them.
    private struct ForgetfulDirectory: PassingDirectory {
        let inner: any SessionDirectory
        let problem: SessionsError?

        func auditOutcomes(of number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage? {
            if let problem { throw problem }
            return nil
        }
    }

    @Test("Each entry stands in JSON with all of its sessions' handles and outcomes; where none are kept, with null")
    func outcomes() async throws {
        let store = MemoryStore(time: time.source)
        let order = Order(actor: "mira@desk", reason: "INC-7", at: time.now)
        let ids = (0..<2500).map { _ in SessionID().hash }
        _ = try await store.revoke(.sessions(ids), order: order)
        try await store.record(.dryRun, target: "3 sessions", count: 3, order: order)
        let entries = try await store.audit(after: 0, limit: 9)
        /// The outcomes of each entry in the file that is written; `nil`: none is.
        func written(_ directory: any SessionDirectory, to path: String) async throws -> [[[String: String]]?]? {
            let runner = EffectRunner(
                directory: directory, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
            await runner.export(Export(path: path, format: .jsonl, content: .entries(entries)), record: nil)
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            return try lines.map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                let members = try #require(object as? [String: Any])
                return try #require(members["outcomes"]) as? [[String: String]]
            }
        }
        try await ScratchFolder.with { folder in
            let all = try await written(store, to: "\(folder)/all.jsonl")
            let expected = ids.map { ["handle": "\($0.handle)", "outcome": "notFound"] }
            #expect(all == [expected, []])
            let forgotten = ForgetfulDirectory(inner: store, problem: nil)
            let none = try await written(forgotten, to: "\(folder)/none.jsonl")
            #expect(none == [nil, []])
            _ = told()
            let broken = ForgetfulDirectory(inner: store, problem: SessionsError(.unavailable, "nobody answers"))
            let nothing = try await written(broken, to: "\(folder)/broken.jsonl")
            #expect(nothing == nil)
            #expect(told() == "nothing is exported: the outcomes of entry 1 can't be read: nobody answers")
        }
    }
}
