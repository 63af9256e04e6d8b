import Foundation
import GRDB
import SessionLayouts
import SessionTesting
import Sessions
import Testing

@testable import SessionsSQLite

/// Other frameworks' sessions in files that those frameworks wrote.
@Suite struct SQLiteLayoutsTests {
    /// The folders with a file, and the layout of each.
    static let folders = [
        ("django-db-sqlite", "django-db"), ("flask-session-sqlalchemy-sqlite", "flask-session-sqlalchemy"),
        ("laravel-database-sqlite", "laravel-database"), ("laravel-database-encrypt-sqlite", "laravel-database"),
        ("ruby-activerecord-json-sqlite", "activerecord"), ("spring-jdbc-sqlite", "spring-jdbc"),
        ("hummingbird-fluent-sqlite", "hummingbird-fluent"), ("vapor-fluent-sqlite", "vapor-fluent"),
        ("kratos-sqlite", "kratos"),
    ]

    private static let (written, order) = (LayoutConformance.written, LayoutConformance.order)
    private static let time = LayoutConformance.time

    /// Lends a copy of a fixture's file.
    private func with(
        _ folder: String, _ body: (_ path: String, _ expected: [LayoutFixture.Expected]) async throws -> Void
    )
        async throws
    {
        try await TemporaryFolder.with { temporary in
            let path = temporary.file("app.db")
            try LayoutFixture(named: folder).copyDatabase(to: path)
            try await body(path, try LayoutFixture(named: folder).expected())
        }
    }

    private func open(_ path: String, _ layout: String? = nil, isReadOnly: Bool = false) async throws -> LayoutDirectory
    {
        try await SQLiteLayouts.open(path: path, layout: layout, isReadOnly: isReadOnly, time: Self.time)
    }

    @Test("the layout is found out, each session read, and the file left as it was", arguments: folders)
    func looking(_ folder: String, _ layout: String) async throws {
        try await with(folder) { path, expected in
            let before = try Data(contentsOf: URL(filePath: path))
            let directory = try await open(path, isReadOnly: true)
            #expect(directory.description.notes?.found?.isEmpty == false)
            let suite = LayoutConformance(layout, expected)
            try await suite.checkLooking(directory, isSealed: folder.contains("encrypt"))
            try await suite.checkReading(directory)
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
            let folder = URL(filePath: path).deletingLastPathComponent().path()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
        }
    }

    @Test("a session that is revoked is gone, and no other", arguments: folders)
    func revoking(_ folder: String, _ layout: String) async throws {
        try await with(folder) { path, expected in
            // Kratos keeps the row, and says that it isn't active.
            try await LayoutConformance(layout, expected)
                .checkRevoking(try await open(path), keepsRows: layout == "kratos")
        }
    }

    @Test(
        "an extend moves the deadline where the layout keeps one",
        arguments: [
            "django-db-sqlite", "flask-session-sqlalchemy-sqlite", "laravel-database-sqlite", "spring-jdbc-sqlite",
            "hummingbird-fluent-sqlite", "kratos-sqlite",
        ])
    func extending(_ folder: String) async throws {
        let layout = folder.hasPrefix("laravel") ? "laravel-database?lifetime=120m" : nil
        try await with(folder) { path, expected in
            let directory = try await open(path, layout)
            let id = try #require(expected.first).id
            let old = try #require(try await directory.detail(id)?.row.deadlines.idle)
            let outcomes = try await directory.extend(
                [id, IDHash(hashing: [1])], to: .by(.seconds(3600)), order: Self.order)
            #expect(outcomes == [.extended(from: old, to: old + .seconds(3600)), .notFound])
            #expect(try await directory.detail(id)?.row.deadlines.idle == old + .seconds(3600))
            #expect(
                try await directory.extend([id], to: .until(old), order: Self.order)
                    == [.unchanged(deadline: old + .seconds(3600))])
        }
    }

    @Test("a session that the application has written since is not overwritten")
    func compareAndSet() async throws {
        try await with("django-db-sqlite") { path, expected in
            let layout = try LayoutCatalogue.layout(named: "django-db", in: .sqlite)
            let file = ForeignFile(path: path, busyTimeout: .seconds(30))
            let readers = ReaderPool(
                path: path, identity: try FileIdentity(path: path), configuration: file.configuration(readOnly: true))
            guard case .table(let place) = layout.place else { preconditionFailure("a table's layout") }
            let source = SQLiteLayoutSource(
                statements: LayoutStatements(place: place), readers: readers, file: file, path: path)
            let key = try #require(try await source.keys(after: nil, limit: 1).keys.first)
            let record = try #require(try await source.records([key], whole: true).first ?? nil)
            let change = try layout.move(record, to: Timestamp(milliseconds: 1_900_000_000_000))
            try await DatabaseQueue(path: path).write {
                try $0.execute(
                    sql: "UPDATE django_session SET expire_date = '2026-12-31 00:00:00' WHERE session_key = ?",
                    arguments: [String(decoding: key, as: UTF8.self)])
            }
            #expect(try await source.apply([change]) == [false])
            let newRecord = try #require(try await source.records([key], whole: true)[0])
            let now = try #require(layout.read(newRecord, at: Self.written))
            #expect(now.row.deadlines.idle == Timestamp(rfc3339: "2026-12-31T00:00:00Z"))
        }
    }

    @Test("a revoke of Spring's takes the attributes too, whether or not they go by themselves")
    func springAttributes() async throws {
        try await with("spring-jdbc-sqlite") { path, expected in
            let queue = try DatabaseQueue(path: path)
            try await queue.write { db in
                // A table that was made without its foreign key.
                try db.execute(
                    sql: """
                        CREATE TABLE copy AS SELECT * FROM SPRING_SESSION_ATTRIBUTES;
                        DROP TABLE SPRING_SESSION_ATTRIBUTES;
                        ALTER TABLE copy RENAME TO SPRING_SESSION_ATTRIBUTES;
                        """)
            }
            let directory = try await open(path)
            #expect(directory.description.layout == "spring-jdbc")
            let detail = try #require(try await directory.detail(expected[0].id))
            #expect(detail.decoded?.data?["SPRING_SECURITY_CONTEXT"]?["authentication"] != nil)
            #expect(detail.row.byteCount ?? 0 > 1000)
            _ = try await directory.revoke(.sessions([expected[0].id]), order: Self.order)
            let sql = """
                SELECT count(*) FROM SPRING_SESSION_ATTRIBUTES
                WHERE SESSION_PRIMARY_ID NOT IN (SELECT PRIMARY_ID FROM SPRING_SESSION)
                """
            let orphans = try await queue.read { try Int.fetchOne($0, sql: sql) }
            #expect(orphans == 0)
            let never = try #require(expected.first { $0.label == "anon-3" }).id
            #expect(
                try await directory.extend([never], to: .by(.seconds(60)), order: Self.order)
                    == [.unchanged(deadline: nil)])
            let ended = try await directory.revoke(.sessions([never]), order: Self.order)
            #expect(ended.outcomes.map(\.outcome) == [.revoked])
        }
    }

    @Test("an extend of Spring's moves the interval and the end together, and leaves the last use alone")
    func springColumns() async throws {
        try await with("spring-jdbc-sqlite") { path, expected in
            let directory = try await open(path)
            let until = Self.written + .seconds(90_000)
            _ = try await directory.extend([expected[0].id], to: .until(until), order: Self.order)
            let sql = """
                SELECT LAST_ACCESS_TIME, MAX_INACTIVE_INTERVAL, EXPIRY_TIME FROM SPRING_SESSION
                WHERE MAX_INACTIVE_INTERVAL > 80000 AND MAX_INACTIVE_INTERVAL < 1000000 AND PRINCIPAL_NAME = '1'
                """
            let queue = try DatabaseQueue(path: path)
            let row: [Int64] = try await queue.read { db in
                try Row.fetchOne(db, sql: sql).map { [$0[0], $0[1], $0[2]] } ?? []
            }
            try #require(row.count == 3)
            let end = row[0] + row[1] * 1000
            #expect(row[2] == end && end >= until.milliseconds && end < until.milliseconds + 1000)
            #expect(row[0] == Self.written.milliseconds - 3000)
        }
    }

    @Test("scs' two deadlines move together, in the column and in the payload")
    func julianDays() async throws {
        try await TemporaryFolder.with { folder in
            let gob = try #require(
                try LayoutFixture(named: "go-scs-redis").redis().first { $0.value.count < 400 }?.value)
            let path = folder.file("scs.db")
            let queue = try DatabaseQueue(path: path)
            try await queue.write {
                try $0.execute(
                    sql: "CREATE TABLE sessions (token TEXT PRIMARY KEY, data BLOB NOT NULL, expiry REAL NOT NULL)")
                try $0.execute(
                    sql: "INSERT INTO sessions VALUES ('tok', ?, julianday('2026-11-24T00:00:00'))",
                    arguments: [Data(gob)])
            }
            try queue.close()
            let directory = try await open(path)
            #expect(directory.description.layout == "scs-sqlite")
            let id = IDHash(hashing: Array("tok".utf8))
            let until = Timestamp(milliseconds: 1_800_000_000_000)
            _ = try await directory.extend([id], to: .until(until), order: Self.order)
            let detail = try #require(try await directory.detail(id))
            // A day as a number keeps a moment to about 40 µs.
            let end = try #require(detail.row.deadlines.idle)
            #expect(abs(end.milliseconds - until.milliseconds) <= 1)
            #expect(detail.decoded?.data?["Deadline"] == .time(until))
        }
    }

    @Test("what was opened to be read can't be changed, and says why")
    func readOnly() async throws {
        try await with("django-db-sqlite") { path, expected in
            let directory = try await open(path, isReadOnly: true)
            #expect(!directory.capabilities.revoke.isPossible && !directory.capabilities.extend.isPossible)
            await #expect(throws: SessionsError.self) {
                try await directory.revoke(.sessions([expected[0].id]), order: Self.order)
            }
            await #expect(throws: SessionsError.self) {
                try await directory.record(.dryRun, target: "x", count: 1, order: Self.order)
            }
        }
    }

    @Test("a file without sessions of a known layout is refused, and so is a layout that isn't there")
    func nothing() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.file("other.db")
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE sessions (a, b)") }
            for layout in [nil, "django-db"] {
                let error = await #expect(throws: SessionsError.self) { _ = try await open(path, layout) }
                #expect(error?.code == .notAStore)
            }
            let missing = await #expect(throws: SessionsError.self) { _ = try await open(folder.file("none.db")) }
            #expect(missing?.code == .storeNotFound)
            let unknown = await #expect(throws: SessionsError.self) { _ = try await open(path, "phpredis") }
            #expect(unknown?.code == .usage)
        }
    }
}
