import Foundation
import SessionTesting
import Sessions
import Testing

@Suite("An audit log of the operator's own")
struct OperatorLogTests {
    private let order = Order(
        actor: "mira@desk", reason: "INC-1 \u{1b}[31m", at: Timestamp(milliseconds: 1_790_000_000_000))

    @Test("Entries come back as they were written, each with the hash of the one before, in a file of mode 0600")
    func chain() async throws {
        try await ScratchFolder.with { folder in
            let log = OperatorLog(path: "\(folder)/audit.jsonl")
            #expect(try log.entries(after: 0, limit: 10).isEmpty)
            let ids = (0..<3).map { IDHash(hashing: [UInt8($0)]) }
            let outcomes = ids.map { AuditOutcome(id: $0, word: "revoked") }
            var written = [try log.append(.revoke, target: "3 sessions", outcomes: outcomes, order: order)]
            written.append(try log.append(.steer, target: "node:web-01", result: "drain", count: 7, order: order))
            written.append(try OperatorLog(path: log.path).append(.dryRun, target: "everyone", count: 9, order: order))
            #expect(try log.entries(after: 0, limit: 10) == written)
            #expect(try log.entries(after: 1, limit: 1) == [written[1]])
            #expect(written.map(\.number) == [1, 2, 3] && written.map(\.count) == [3, 7, 9])
            #expect(zip([nil] + written.map(Optional.some), written).allSatisfy { $1.follows($0) })
            let mode = try FileManager.default.attributesOfItem(atPath: log.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("Many who append at once make one chain")
    func concurrency() async throws {
        try await ScratchFolder.with { folder in
            let (path, order) = ("\(folder)/audit.jsonl", order)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        try OperatorLog(path: path).append(.revoke, target: "\(number)", count: 1, order: order)
                    }
                }
                try await group.waitForAll()
            }
            let entries = try OperatorLog(path: path).entries(after: 0, limit: 100)
            #expect(entries.map(\.number) == Array(1...40))
            #expect(zip([nil] + entries.map(Optional.some), entries).allSatisfy { $1.follows($0) })
        }
    }

    @Test("What a crash left of a line is written over; a line that was changed shows, one that is none is refused")
    func damage() async throws {
        try await ScratchFolder.with { folder in
            let log = OperatorLog(path: "\(folder)/audit.jsonl")
            let url = URL(fileURLWithPath: log.path)
            for target in ["a", "b"] { try log.append(.revoke, target: target, count: 1, order: order) }
            let whole = try Data(contentsOf: url)
            for length in whole.count / 2 + 2..<whole.count {
                try whole.prefix(length).write(to: url)
                #expect(try log.entries(after: 0, limit: 9).count == 1)
                try log.append(.revoke, target: "c", count: 1, order: order)
                let entries = try log.entries(after: 0, limit: 9)
                #expect(entries.map(\.target) == ["a", "c"] && entries[1].follows(entries[0]))
            }
            let text = String(decoding: whole, as: UTF8.self)
            try Data(text.replacingOccurrences(of: "\"target\":\"a\"", with: "\"target\":\"x\"").utf8).write(to: url)
            #expect(try log.entries(after: 0, limit: 9).first?.follows(nil) == false)
            try Data("nonsense\n".utf8).write(to: url)
            #expect(throws: SessionsError.self) { try log.entries(after: 0, limit: 9) }
            #expect(throws: SessionsError.self) { try log.append(.revoke, target: "a", count: 1, order: order) }
            #expect(throws: SessionsError.self) { try OperatorLog(path: "/nowhere/audit.jsonl").prepare() }
        }
    }

    @Test("What could not be appended to is told before anything is done: damage, too long a file, no place for one")
    func preparing() async throws {
        try await ScratchFolder.with { folder in
            let url = URL(fileURLWithPath: "\(folder)/audit.jsonl")
            let log = OperatorLog(path: url.path)
            try log.prepare()
            try log.append(.revoke, target: "a", count: 1, order: order)
            try log.prepare()
            let whole = try Data(contentsOf: url)
            for damaged in [Data("nonsense\n".utf8) + whole, whole + Data("nonsense\n".utf8)] {
                try damaged.write(to: url)
                let error = #expect(throws: SessionsError.self) { try log.prepare() }
                #expect(error?.code == .corrupt)
            }
            try whole.write(to: url)
            try log.prepare()
            let file = try FileHandle(forWritingTo: url)
            try file.truncate(atOffset: 257 << 20)
            try file.close()
            #expect(throws: SessionsError.self) { try log.prepare() }
            let none = OperatorLog(lacking: "there is no home")
            let refused = #expect(throws: SessionsError.self) { try none.prepare() }
            #expect(refused?.code == .refused)
            let unread = #expect(throws: SessionsError.self) { try none.entries(after: 0, limit: 1) }
            #expect(unread?.code == .unsupported)
        }
    }

    @Test("The outcome of each session stands beside its entry, in pages; a line of an older version has none")
    func outcomes() async throws {
        try await ScratchFolder.with { folder in
            let log = OperatorLog(path: "\(folder)/audit.jsonl")
            let outcomes = (0..<5).map { number in
                AuditOutcome(id: IDHash(hashing: [UInt8(number)]), word: number == 3 ? "failed" : "revoked")
            }
            try log.append(.revoke, target: "5 sessions", outcomes: outcomes, order: order)
            try log.append(.dryRun, target: "everyone", count: 9, order: order)
            try log.append(.extend, target: "2 sessions", outcomes: Array(outcomes.prefix(2)), order: order)
            var (met, place): ([AuditOutcome], Int64?) = ([], nil)
            repeat {
                let page = try #require(try log.outcomes(of: 1, after: place, limit: 2))
                #expect(page.outcomes.count <= 2)
                met += page.outcomes
                place = page.next
            } while place != nil
            #expect(met == outcomes)
            #expect(try log.outcomes(of: 3, after: nil, limit: 9)?.outcomes == Array(outcomes.prefix(2)))
            #expect(try log.outcomes(of: 2, after: nil, limit: 9) == AuditOutcomePage(outcomes: [], next: nil))
            #expect(try log.outcomes(of: 4, after: nil, limit: 9) == nil)
            #expect(try log.entries(after: 0, limit: 9)[0].outcomesDigest == AuditEntry.digest(of: outcomes))

            let url = URL(fileURLWithPath: log.path)
            let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            let first = try #require(text.split(separator: "\n").first)
            let end = try #require(first.range(of: ",\"outcomes\""))
            try Data("\(first[..<end.lowerBound])}\n".utf8).write(to: url)
            #expect(try log.outcomes(of: 1, after: nil, limit: 9) == nil)
            let next = try log.append(.revoke, target: "1 session", outcomes: Array(outcomes.prefix(1)), order: order)
            let kept = try log.entries(after: 0, limit: 1).first
            #expect(next.number == 2 && next.follows(kept))
        }
    }

    @Test("What was done and could not be put on the record is told once")
    func unrecorded() async throws {
        try await ScratchFolder.with { folder in
            let log = OperatorLog(path: "\(folder)/audit.jsonl")
            try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: log.path))
            let outcomes = [AuditOutcome(id: IDHash(hashing: [1]), word: "revoked")]
            log.keep(.revoke, target: "s:7f3a91c2d0e1", outcomes: outcomes, order: order)
            let told = log.takeUnrecorded()
            #expect(told.count == 1 && told.first?.hasPrefix("revoke s:7f3a91c2d0e1, revoked 1: ") == true)
            #expect(log.takeUnrecorded().isEmpty)
        }
    }

    @Test("Each store has a log of its own, in a folder that is made with it")
    func places() async throws {
        try await ScratchFolder.with { folder in
            let logs = OperatorLogs(in: "\(folder)/deep/down", of: "redis://h")
            let others = OperatorLogs(in: "\(folder)/deep/down", of: "redis://i")
            let all = [logs.log(), logs.log("django-cache"), logs.log("phpredis"), others.log("phpredis")]
            #expect(Set(all.map(\.path)).count == 4)
            #expect(logs.log("phpredis").path == all[2].path)
            #expect(try all[2].entries(after: 0, limit: 1).isEmpty)
            try all[2].prepare()
            #expect(FileManager.default.fileExists(atPath: all[2].path))
        }
    }

    @Test("Whoever reads on, or appends, sees what others have appended meanwhile, and what they have taken away")
    func others() async throws {
        try await ScratchFolder.with { folder in
            let (mine, theirs) = (OperatorLog(path: "\(folder)/a.jsonl"), OperatorLog(path: "\(folder)/a.jsonl"))
            for log in [mine, theirs, mine, mine, theirs] {
                try log.append(.revoke, target: "x", count: 1, order: order)
            }
            var met: [AuditEntry] = []
            while let last = try mine.entries(after: met.last?.number ?? 0, limit: 2).last {
                met += try theirs.entries(after: met.last?.number ?? 0, limit: 2)
                #expect(met.last == last)
            }
            #expect(met.map(\.number) == [1, 2, 3, 4, 5])
            #expect(zip([nil] + met.map(Optional.some), met).allSatisfy { $1.follows($0) })
            try FileManager.default.removeItem(atPath: mine.path)
            #expect(try mine.append(.revoke, target: "x", count: 1, order: order).follows(nil))
            #expect(try mine.entries(after: 5, limit: 2).isEmpty)
        }
    }
}
