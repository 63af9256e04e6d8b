import GRDB
import Sessions
import Testing

@testable import SessionsSQLite

@Suite("The log of changes")
struct ChangeLogTests {
    @Test("Whoever followed the changes of an older version reads all again, once")
    func olderVersion() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let sessions = (0..<20).map { someSession(user: "user\($0)") }
            try await OldStore.make(path, version: 2, sessions: sessions)
            let store = try SQLiteStore.open(path: path, mode: .existing)
            let reload = try await store.changes(after: ChangePosition(3), limit: 99)
            #expect(reload.mustReload)
            #expect(try await store.changes(after: reload.position, limit: 99).mustReload == false)
            _ = try await store.touch([Touch(id: sessions[5].id, at: noon, idle: nil, node: "n")])
            let changes = try await store.changes(after: reload.position, limit: 99)
            #expect(changes.rows.map(\.id) == [sessions[5].id] && !changes.mustReload)
        }
    }

    @Test("Changes of many sizes of transaction are followed to the end, in steps of any size", arguments: [1, 7, 600])
    func steps(_ limit: Int) async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let sessions = (0..<1300).map { _ in someSession() }
            try await store.write { transaction in for session in sessions { try transaction.insert(session) } }
            let start = try await store.changePosition()
            let touches = sessions.map { Touch(id: $0.id, at: noon + .seconds(1), idle: nil, node: "n") }
            _ = try await store.touch(touches)
            _ = try await store.touch([touches[4], touches[4], touches[9]])
            _ = try await store.revoke(sessions[5].id, by: "x", reason: nil, at: noon)
            var position = start
            var met: [IDHash] = []
            while true {
                let step = try await store.changes(after: position, limit: limit)
                #expect(step.rows.count <= limit && !step.mustReload)
                #expect(step.rows.allSatisfy { $0.node == "n" })
                met += step.rows.map(\.id)
                position = step.position
                guard step.hasMore else { break }
            }
            #expect(met.count == sessions.count && Set(met) == Set(sessions.map(\.id)))
            #expect(try await store.changePosition() == position)
        }
    }

    @Test("The work of a caller that failed leaves nothing in the log")
    func undone() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let (kept, undone) = (someSession(), someSession())
            let start = try await store.changePosition()
            try await store.write { transaction in
                try transaction.insert(kept)
                try? transaction.isolate { inner in
                    try inner.insert(undone)
                    try inner.insert(kept)
                }
            }
            let changes = try await store.changes(after: start, limit: 9)
            #expect(changes.rows.map(\.id) == [kept.id] && changes.position.value == start.value + 1)
        }
    }

    @Test("The log is bounded, and whoever fell behind its beginning reads all rows again")
    func bounded() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let start = try await store.changePosition()
            try await store.insert(someSession())
            let count = Int(WriteTransaction.keptChanges)
            try await store.write { transaction in for _ in 0..<count { transaction.logChange(of: 0) } }
            let late = try await store.changePosition()
            try await store.write { transaction in for _ in 0..<20_000 { transaction.logChange(of: 0) } }
            let last = someSession()
            try await store.insert(last)
            #expect(try await store.changes(after: start, limit: 9).mustReload)
            let changes = try await store.changes(after: late, limit: count)
            #expect(changes.rows.map(\.id) == [last.id] && !changes.mustReload)
            let kept = try await store.readers.snapshot {
                try $0.first("SELECT sum(length(rows)) / 8 FROM changes") { $0.integer(0) }
            }
            // What one step of trimming may leave, and the one row of the log that lies across the bound.
            #expect(try #require(kept) < count + 20_000)
        }
    }

    @Test("Where a process of an older version wrote without the log, whoever follows reads all rows again")
    func gap() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let start = try await store.changePosition()
            try await store.insert(someSession())
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "UPDATE namespaces SET change_end = change_end + 1")
            }
            let atEnd = try await store.changes(after: start, limit: 9)
            #expect(atEnd.mustReload)
            try await store.insert(someSession())
            #expect(try await store.changes(after: start, limit: 9).mustReload)
            #expect(try await store.changes(after: atEnd.position, limit: 9).rows.count == 1)
        }
    }

    @Test("Where a row of the log has no number, or half a one, all rows are read again", arguments: ["", "00ff"])
    func damagedRow(_ rows: String) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let start = try await store.changePosition()
            try await store.insert(someSession())
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "UPDATE changes SET last = \(Int64.max), rows = x'\(rows)'")
            }
            #expect(try await store.changes(after: start, limit: 9).mustReload)
        }
    }

    @Test("A session that is removed is told of in its turn, and neither before nor twice")
    func removals() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let sessions = (0..<3).map { _ in someSession() }
            for session in sessions { try await store.insert(session) }
            let start = try await store.changePosition()
            let later = noon + .seconds(86_400 * 90)
            #expect(try await store.purge(Retention(), at: later) == 3)
            // The next row takes the number of one that went.
            let new = someSession()
            try await store.insert(new)
            var position = start
            var removed: [IDHash] = []
            var rows: [IDHash] = []
            while true {
                let step = try await store.changes(after: position, limit: 2)
                removed += step.removed
                rows += step.rows.map(\.id)
                position = step.position
                guard step.hasMore else { break }
            }
            #expect(Set(removed) == Set(sessions.map(\.id)) && removed.count == 3 && rows == [new.id])
        }
    }
}
