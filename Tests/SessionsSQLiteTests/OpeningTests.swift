import Foundation
import GRDB
import Sessions
import Testing

@testable import SessionsSQLite

@Suite struct OpeningTests {
    private static let modes: [SQLiteStore.OpenMode] = [.create, .existing, .readOnly]

    private func code(of error: (any Error)?) -> SessionsError.Code? { (error as? SessionsError)?.code }

    private func failure(opening path: String, _ mode: SQLiteStore.OpenMode) -> SessionsError? {
        do {
            _ = try SQLiteStore.open(path: path, mode: mode)
            return nil
        } catch { return error as? SessionsError }
    }

    @Test(
        "What isn't there is said to be missing, with what to do, and isn't made",
        arguments: [
            SQLiteStore.OpenMode.existing, .readOnly,
        ])
    func missing(_ mode: SQLiteStore.OpenMode) async throws {
        try await TemporaryFolder.with { folder async throws in
            let error = failure(opening: folder.file("s.db"), mode)
            #expect(error?.code == .storeNotFound)
            #expect(error?.message.contains("sessiontop demo --store") == true)
            #expect(try folder.contents().isEmpty)
        }
    }

    @Test("A store that is made is private, ready, and alone in its folder when it closes")
    func made() async throws {
        try await TemporaryFolder.with { folder async throws in
            try await SQLiteStore.open(path: folder.file("s.db"), mode: .create).insert(someSession())
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("s.db"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try folder.contents().keys.sorted() == ["s.db"])
            let again = try SQLiteStore.open(path: folder.file("s.db"), mode: .existing)
            #expect(try await again.rows(after: nil, limit: 9).rows.count == 1)
        }
    }

    @Test("A file that was removed or replaced is neither read nor written any more, until it is back")
    func goneAndReplaced() async throws {
        try await TemporaryFolder.with { folder async throws in
            let (path, away) = (folder.file("s.db"), folder.file("away.db"))
            let store = try SQLiteStore.open(path: path, mode: .create)
            try await store.insert(someSession())
            func expectFailure(_ words: String, _ work: () async throws -> Void) async {
                do {
                    try await work()
                    Issue.record("it was done, on a file that nobody sees")
                } catch {
                    #expect(code(of: error) == .unavailable)
                    #expect((error as? SessionsError)?.message.contains(words) == true)
                }
            }
            func expectLoss(_ words: String) async throws {
                await expectFailure(words) { try await store.insert(someSession()) }
                // A read may be up to a tenth of a second behind.
                let patience = ContinuousClock.now + .seconds(10)
                while (try? await store.rows(after: nil, limit: 9)) != nil, ContinuousClock.now < patience {
                    await Task.yield()
                }
                await expectFailure(words) { _ = try await store.rows(after: nil, limit: 9) }
            }
            try FileManager.default.moveItem(atPath: path, toPath: away)
            try await expectLoss("is gone")
            _ = FileManager.default.createFile(atPath: path, contents: Data("another".utf8))
            try await expectLoss("replaced")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: away, toPath: path)
            try await store.insert(someSession())
            #expect(try await store.rows(after: nil, limit: 9).rows.count == 2)
        }
    }

    @Test("A folder, a foreign database, garbage and an empty file are refused and left as they were", arguments: modes)
    func foreign(_ mode: SQLiteStore.OpenMode) async throws {
        try await TemporaryFolder.with { folder async throws in
            #expect(failure(opening: folder.path, mode)?.code == .notAStore)
            try await DatabaseQueue(path: folder.file("foreign")).write { try $0.execute(sql: "CREATE TABLE t(x)") }
            try Data().write(to: URL(filePath: folder.file("empty")))
            try Data("SQLite format 3\0 and no more".utf8).write(to: URL(filePath: folder.file("short")))
            try Data(repeating: 65, count: 9000).write(to: URL(filePath: folder.file("garbage")))
            let before = try folder.contents()
            for name in before.keys.sorted() {
                #expect(failure(opening: folder.file(name), mode)?.code == .notAStore, "\(name)")
            }
            #expect(try folder.contents() == before)
        }
    }

    @Test("A store of a newer version is refused and left as it was", arguments: modes)
    func tooNew(_ mode: SQLiteStore.OpenMode) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            _ = try SQLiteStore.open(path: path, mode: .create)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let before = try Data(contentsOf: URL(filePath: path))
            #expect(failure(opening: path, mode)?.code == .storeTooNew)
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test("A version that no store ever had is called damage, and the file is left as it was", arguments: modes)
    func impossibleVersion(_ mode: SQLiteStore.OpenMode) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            _ = try SQLiteStore.open(path: path, mode: .create)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = -1; PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let before = try Data(contentsOf: URL(filePath: path))
            #expect(failure(opening: path, mode)?.code == .corrupt)
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test(
        "Positions that were never given out are called damage, whether they are read or counted on from",
        arguments: [
            "change_start = change_end + 1", "change_end = \(Int64.max)", "feed_end = \(Int64.max)",
            "feed_start = feed_end + 1", "feed_start = -2, feed_end = -1",
        ])
    func impossiblePositions(_ change: String) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let session = someSession()
            try await store.insert(session)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(sql: "UPDATE namespaces SET \(change)")
            }
            let works: [@Sendable () async throws -> Void] = [
                { _ = try await store.changes(after: ChangePosition(0), limit: 9) },
                { _ = try await store.feed(after: .start, limit: 9) }, { try await store.insert(someSession()) },
                { _ = try await store.cutOff(.everyone, by: "x", reason: nil, at: noon) },
                { _ = try await store.purge(Retention(), at: noon) },
            ]
            for work in works {
                let error = await #expect(throws: SessionsError.self) { try await work() }
                #expect(error?.code == .corrupt)
            }
            // What needs none of them goes on.
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
        }
    }

    @Test("An audit log whose last entry has the last number of all is damage: nothing is done")
    func lastNumber() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let order = Order(actor: "a", reason: nil, at: noon)
            try await store.record(.reveal, target: "x", count: 1, order: order)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(sql: "UPDATE audit SET number = \(Int64.max)")
            }
            let error = await #expect(throws: SessionsError.self) { try await store.cutOff(.tenant("t"), order: order) }
            #expect(error?.code == .corrupt)
            #expect(try await store.cutoffs().cutoffs.isEmpty)
        }
    }

    @Test("A store of an older version keeps its sessions and its feed", arguments: 1..<Schema.version)
    func olderVersion(_ version: Int) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let sessions = (0..<20).map { detailedSession($0) }
            try await OldStore.make(path, version: version, sessions: sessions)
            #expect(failure(opening: path, .readOnly)?.code == .unsupported)
            let store = try SQLiteStore.open(path: path, mode: .existing)
            for session in sessions.dropLast() {
                #expect(try await store.load(session.id, at: noon) == LoadedSession(session: session, standing: .live))
            }
            let revoked = try await store.load(try #require(sessions.last?.id), at: noon)
            #expect(revoked?.session.revocation == Revocation(at: noon, by: "x", reason: "r"))
            #expect(revoked?.session.payload == sessions.last?.payload)
            #expect(try await store.rows(after: nil, limit: 99).rows.map(\.id) == sessions.map(\.id))
            let page = try await store.feed(after: .start, limit: 9)
            #expect(page.entries.count == 2 && page.generation == 0)
            #expect(try await store.deny([TokenDenial(issuer: "i", tokenID: "j")], at: noon) == FeedPosition(3))
            #expect(try await store.beginGeneration(after: 0, at: noon) == UInt64(noon.milliseconds))
            #expect(try SQLiteStore.open(path: path, mode: .readOnly).description == store.description)
        }
    }

    private func detailedSession(_ number: Int) -> Session {
        var session = someSession(user: "user\(number)", payload: Array(repeating: UInt8(number), count: number * 300))
        session.payload.keyID = "k1"
        session.authenticated = noon
        session.deadlines.idle = number == 7 ? nil : session.deadlines.idle
        (session.tenant, session.client) = ("u", "app")
        (session.ip, session.agent, session.node) = ("203.0.113.\(number)", "curl", "web-01")
        return session
    }

    @Test("Of several that bring an older store up to date at once each finds all", arguments: 1..<Schema.version)
    func olderVersionAtOnce(_ version: Int) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            try await OldStore.make(path, version: version, sessions: (0..<500).map { detailedSession($0 % 20) })
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await SQLiteStore.open(path: path, mode: .existing).rows(after: nil, limit: 999).rows.count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts == Array(repeating: 500, count: 6))
        }
    }

    @Test("Bringing an older store up to date is done wholly or not at all")
    func failingMigration() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let session = someSession()
            try await OldStore.make(path, version: 2, sessions: [session, someSession()])
            // Something of ours lies there already: the last of the steps fails.
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: "CREATE TABLE changes(x)") }
            #expect(failure(opening: path, .existing) != nil)
            try await queue.writeWithoutTransaction { try $0.execute(sql: "DROP TABLE changes") }
            let store = try SQLiteStore.open(path: path, mode: .existing)
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
        }
    }

    @Test("What a newer version tells in the feed is passed over, and what comes after it is read")
    func unknownKind() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(
                    sql: """
                        INSERT INTO feed(ns, seq, kind, key, at) SELECT id, 1, 'later', 'x', 7 FROM namespaces;
                        UPDATE namespaces SET feed_end = 1
                        """)
            }
            let denial = TokenDenial(issuer: "i", tokenID: "j")
            _ = try await store.deny([denial], at: noon)
            let page = try await store.feed(after: .start, limit: 9)
            #expect(page.entries.map(\.event) == [.unknown, .denied(denial)])
            #expect(page.entries.map(\.position.value) == [1, 2] && page.end == FeedPosition(2))
        }
    }

    @Test("An older store is brought up to date in one step, by whichever process comes first")
    func migration() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            // Version 0 with our mark: a file whose first migration hasn't happened yet.
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { db in
                try db.execute(
                    sql:
                        "PRAGMA application_id = \(Schema.applicationID); CREATE TABLE old(x); PRAGMA journal_mode = WAL"
                )
            }
            #expect(failure(opening: path, .readOnly)?.code == .unsupported)
            let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
                for _ in 0..<4 { group.addTask { try SQLiteStore.open(path: path, mode: .create) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for store in stores { try await store.insert(someSession()) }
            #expect(try await stores[0].statistics(at: noon).sessions == 4)
        }
    }

    @Test("Several that make the same store at once end up with one store")
    func race() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await SQLiteStore.open(path: path, mode: .create).insert(someSession())
                    }
                }
                try await group.waitForAll()
            }
            let store = try SQLiteStore.open(path: path, mode: .readOnly)
            #expect(try await store.statistics(at: noon).sessions == 8)
        }
    }

    @Test("A namespace that isn't there is refused by whoever may not make it; two namespaces never meet")
    func namespaces() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            #expect(throws: SessionsError.self) { try SQLiteStore.open(path: path, mode: .existing, namespace: "b") }
            let other = try SQLiteStore.open(path: path, mode: .create, namespace: "b")
            let session = someSession()
            try await store.insert(session)
            try await other.insert(session)
            _ = try await other.revoke(.everyone, order: Order(actor: "a", reason: nil, at: noon))
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
            #expect(try await store.feed(after: .start, limit: 9).end == .start)
            #expect(try await store.audit(after: 0, limit: 9).isEmpty)
            #expect(try await store.rows(after: nil, limit: 9).rows.count == 1)
        }
    }

    @Test("A store that was opened to be read reads everything, refuses every write, and changes no byte")
    func readOnly() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let writer = try SQLiteStore.open(path: path, mode: .create)
            let session = someSession()
            try await writer.insert(session)
            let before = try folder.contents()
            do {
                let reader = try SQLiteStore.open(path: path, mode: .readOnly)
                #expect(try await reader.load(session.id, at: noon)?.standing == .live)
                #expect(try await reader.rows(after: nil, limit: 9).rows.count == 1)
                _ = try await reader.statistics(at: noon)
                #expect(!reader.capabilities.revoke.isPossible)
                let error = await #expect(throws: SessionsError.self) { try await reader.insert(someSession()) }
                #expect(error?.code == .readOnly)
            }
            let after = try folder.contents()
            #expect(after["s.db"] == before["s.db"] && after["s.db-wal"] == before["s.db-wal"])
        }
    }

    @Test("A store that was closed in good order can be read while nobody has it open")
    func readOnlyAlone() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            try await SQLiteStore.open(path: path, mode: .create).insert(someSession())
            let before = try folder.contents()["s.db"]
            #expect(try await SQLiteStore.open(path: path, mode: .readOnly).statistics(at: noon).sessions == 1)
            #expect(try folder.contents()["s.db"] == before)
        }
    }

    @Test("A damaged page is called damage", arguments: modes)
    func damage(_ mode: SQLiteStore.OpenMode) async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            do {
                let store = try SQLiteStore.open(path: path, mode: .create)
                for _ in 0..<200 { try await store.insert(someSession(payload: Array(repeating: 1, count: 400))) }
            }
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes.replaceSubrange(4096..<bytes.count, with: Data(repeating: 0xee, count: bytes.count - 4096))
            try bytes.write(to: URL(filePath: path))
            let error = await #expect(throws: SessionsError.self) {
                let store = try SQLiteStore.open(path: path, mode: mode)
                _ = try await store.rows(after: nil, limit: 999)
            }
            #expect(error?.code == .corrupt)
        }
    }
}
