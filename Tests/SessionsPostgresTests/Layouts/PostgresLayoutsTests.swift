import Foundation
import SessionLayouts
import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

extension OnOneServer {
    /// Other frameworks' sessions in a real server, from the dumps of those frameworks' databases.
    @Suite struct PostgresLayoutsTests {
        private static let folders = [
            ("django-db-pg", "django-db"), ("django-cached_db", "django-db"), ("go-scs-postgres", "scs-postgres"),
            ("ruby-activerecord-marshal-pg", "activerecord"), ("spring-jdbc-pg", "spring-jdbc"),
            ("express-connect-pg-simple", "connect-pg-simple"), ("flask-session-postgres", "flask-session-postgres"),
            ("hummingbird-fluent-pg", "hummingbird-fluent"), ("hummingbird-postgres", "hummingbird-postgres"),
            ("vapor-fluent-pg", "vapor-fluent"), ("kratos-pg", "kratos"),
        ]
        private static let (written, order) = (LayoutConformance.written, LayoutConformance.order)
        private static let time = LayoutConformance.time

        /// Lends a database of a test's own, made by some statements of `psql`.
        private func with(_ arguments: [String], _ body: (_ url: String) async throws -> Void) async throws {
            let server = try #require(SharedPostgres.server)
            let name = "d\(UInt32.random(in: 0 ... .max))"
            let admin = server.url(user: "postgres", password: PostgresServer.password, database: "postgres")
            _ = try await Tool.run("psql", ["-q", "-d", admin, "-c", "CREATE DATABASE \(name)"])
            let url = server.url(user: "postgres", password: PostgresServer.password, database: name)
            _ = try await Tool.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", url] + arguments)
            try await body(url)
        }

        private func dumpFile(_ name: String) -> String { LayoutFixture(named: name).path(of: "dump.sql") }

        private func open(_ url: String, _ layout: String? = nil, isReadOnly: Bool = false) async throws
            -> LayoutDirectory
        {
            var limits = PostgresStore.Limits()
            limits.connections = 2
            limits.waiting = .seconds(60)
            limits.statement = .seconds(60)
            limits.connecting = .seconds(60)
            return try await PostgresLayouts.open(
                url: url, layout: layout, isReadOnly: isReadOnly, time: Self.time, limits: limits)
        }

        @Test("the layout is found out, and each session read", arguments: folders)
        func looking(_ name: String, _ layout: String) async throws {
            try await with(["-f", dumpFile(name)]) { url in
                let expected = try LayoutFixture(named: name).expected()
                let directory = try await open(url, isReadOnly: true)
                let suite = LayoutConformance(layout, expected)
                try await suite.checkLooking(directory)
                try await suite.checkReading(directory)
                let row = try #require(try await directory.detail(expected[0].id)?.row)
                #expect((row.deadlines.idle == nil) == ["activerecord", "vapor-fluent"].contains(layout))
            }
        }

        @Test("sessions end, deadlines move in every place, and nothing else changes", arguments: folders)
        func changing(_ name: String, _ layout: String) async throws {
            // One after the other: all tests share the connections of one server.
            try await with(["-f", dumpFile(name)]) { url in
                // Kratos keeps the row, and says that it isn't active.
                try await LayoutConformance(layout, try LayoutFixture(named: name).expected())
                    .checkRevoking(try await open(url), keepsRows: layout == "kratos")
            }
            try await with(["-f", dumpFile(name)]) { url in
                let expected = try LayoutFixture(named: name).expected()
                let directory = try await open(url)
                let second = expected[1].id
                guard directory.capabilities.extend.isPossible else { return }
                let old = try #require(try await directory.detail(second)?.row.deadlines.idle)
                let until = Timestamp(milliseconds: 1_800_000_000_000)
                let outcome = try await directory.extend([second], to: .until(until), order: Self.order)[0]
                guard case .extended(from: old, to: let new) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                // Spring counts whole seconds from the last use.
                #expect(layout == "spring-jdbc" ? new >= until && new < until + .seconds(1) : new == until)
                let detail = try #require(try await directory.detail(second))
                #expect(detail.row.deadlines.idle == new)
                if layout == "scs-postgres" { #expect(detail.decoded?.data?["Deadline"] == .time(until)) }
            }
        }

        @Test("a column without a zone is read in the zone that the application wrote it in")
        func serversTime() async throws {
            let session = #"{"cookie":{"originalMaxAge":1000,"expires":null},"passport":{"user":"u7"}}"#
            let sql = """
                CREATE TABLE session (sid varchar PRIMARY KEY, sess json NOT NULL, expire timestamp(6) NOT NULL);
                DO $$ BEGIN
                    EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database());
                END $$;
                SET TimeZone = 'Asia/Tokyo';
                INSERT INTO session VALUES ('one', '\(session)', to_timestamp(1800000000));
                """
            try await with(["-c", sql]) { url in
                let directory = try await open(url)
                #expect(directory.description.layout == "connect-pg-simple")
                let row = try #require(try await directory.rows(after: nil, limit: 10).rows.first)
                #expect(row.user == "u7")
                #expect(row.deadlines.idle == Timestamp(milliseconds: 1_800_000_000_000))
                let until = Timestamp(milliseconds: 1_900_000_000_000)
                _ = try await directory.extend([row.id], to: .until(until), order: Self.order)
                #expect(try await directory.detail(row.id)?.row.deadlines.idle == until)
                let seconds = try await Tool.run(
                    "psql",
                    ["-At", "-d", url, "-c", "SELECT extract(epoch FROM expire::timestamptz)::bigint FROM session"])
                #expect(seconds.trimmingCharacters(in: .whitespacesAndNewlines) == "1900000000")
            }
        }

        @Test("a role that may only look can look, and what it may not do says which right is missing")
        func roles() async throws {
            let (name, layout) = Self.folders[0]
            try await with(["-f", dumpFile(name)]) { url in
                let role = "r\(UInt32.random(in: 0 ... .max))"
                func run(_ sql: String) async throws {
                    _ = try await Tool.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
                }
                try await run("CREATE ROLE \(role) LOGIN PASSWORD 'pw'")
                let database = try #require(url.split(separator: "/").last)
                let server = try #require(SharedPostgres.server)
                let mine = server.url(user: role, password: "pw", database: String(database))
                let refused = try await #require(throws: SessionsError.self) { try await open(mine) }
                #expect(refused.code == .refused && refused.message.contains("grant it SELECT on django_session"))

                try await run("GRANT SELECT ON django_session TO \(role)")
                let looking = try await open(mine)
                #expect(looking.description.layout == layout)
                #expect(try await looking.rows(after: nil, limit: 100).rows.isEmpty == false)
                #expect(looking.capabilities.revoke.reason?.contains("DELETE on django_session") == true)
                #expect(looking.capabilities.extend.reason?.contains("UPDATE on django_session") == true)

                try await run("GRANT DELETE ON django_session TO \(role)")
                let ending = try await open(mine)
                let one = try #require(try await ending.rows(after: nil, limit: 1).rows.first)
                let receipt = try await ending.revoke(.sessions([one.id]), order: Self.order)
                #expect(receipt.outcomes.map(\.outcome) == [.revoked] && !ending.capabilities.extend.isPossible)
                try await run("DROP OWNED BY \(role); DROP ROLE \(role)")
            }
        }

        @Test(
            "a role that may not read payloads can list, and revoke where it may",
            arguments: [
                (
                    "django-db-pg",
                    "GRANT SELECT (session_key, expire_date), DELETE ON django_session TO ROLE", false
                ),
                (
                    "spring-jdbc-pg",
                    """
                    GRANT SELECT, DELETE ON spring_session TO ROLE;
                    GRANT SELECT (session_primary_id), DELETE ON spring_session_attributes TO ROLE
                    """, true
                ),
                (
                    "kratos-pg",
                    """
                    GRANT SELECT (id, expires_at, active, identity_id, issued_at), UPDATE (active)
                        ON sessions TO ROLE
                    """, true
                ),
            ] as [(String, String, Bool)])
        func withoutPayloads(_ name: String, _ grants: String, knowsUsers: Bool) async throws {
            try await with(["-f", dumpFile(name)]) { url in
                let role = "r\(UInt32.random(in: 0 ... .max))"
                func run(_ sql: String) async throws {
                    _ = try await Tool.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
                }
                try await run("CREATE ROLE \(role) LOGIN PASSWORD 'pw'; " + grants.replacing("ROLE", with: role))
                let database = try #require(url.split(separator: "/").last)
                let server = try #require(SharedPostgres.server)
                let directory = try await open(
                    server.url(user: role, password: "pw", database: String(database)))
                let expected = try LayoutFixture(named: name).expected()
                let rows = try await directory.rows(after: nil, limit: 1000).rows
                #expect(Set(rows.map(\.id)) == Set(expected.map(\.id)))
                #expect(Set(rows.compactMap(\.user)).count == (knowsUsers ? 5 : 0))
                let first = try #require(expected.first).id
                let detail = try #require(try await directory.detail(first))
                #expect(detail.decoded?.data == nil && detail.decoded?.note?.contains("doesn't let") == true)
                let receipt = try await directory.revoke(.sessions([first]), order: Self.order)
                #expect(receipt.outcomes.map(\.outcome) == [.revoked])
                #expect(!directory.capabilities.extend.isPossible)
                try await run("DROP OWNED BY \(role); DROP ROLE \(role)")
            }
        }

        @Test("what the server forbids all the same is told in the table's own name")
        func forbidden() async throws {
            let (name, _) = Self.folders[0]
            try await with(["-f", dumpFile(name)]) { url in
                let directory = try await open(url)
                let id = try #require(try await directory.rows(after: nil, limit: 1).rows.first).id
                let sql = """
                    CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN RAISE insufficient_privilege; END $$;
                    CREATE TRIGGER no BEFORE DELETE ON django_session FOR EACH ROW EXECUTE FUNCTION no();
                    """
                _ = try await Tool.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
                let error = await #expect(throws: SessionsError.self) {
                    _ = try await directory.revoke(.sessions([id]), order: Self.order)
                }
                #expect(error?.code == .refused && error?.message.contains("django_session") == true)
                #expect(error?.message.contains("PostgresStore") == false)
            }
        }

        @Test("sessions are found in the schema that the URL or the database says, keys of any text among them")
        func schemas() async throws {
            let sql = """
                CREATE SCHEMA shop;
                CREATE TABLE shop.django_session (session_key varchar(40) PRIMARY KEY, session_data text,
                    expire_date timestamptz);
                INSERT INTO shop.django_session
                    SELECT 'key' || n || U&'\\FFFF' || 'x', 'x', '2030-01-01' FROM generate_series(1, 3) AS n;
                """
            try await with(["-c", sql]) { url in
                let missing = await #expect(throws: SessionsError.self) { try await open(url) }
                #expect(missing?.code == .notAStore && missing?.message.contains("search_path") == true)
                let separator = url.contains("?") ? "&" : "?"
                let directory = try await open(url + separator + "options=-csearch_path%3Dshop")
                let rows = try await directory.rows(after: nil, limit: 10).rows
                #expect(rows.count == 3)
                let receipt = try await directory.revoke(.sessions([rows[0].id]), order: Self.order)
                #expect(receipt.outcomes.map(\.outcome) == [.revoked])
                let set =
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop', current_database()); END $$"
                _ = try await Tool.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", set])
                #expect(try await open(url).rows(after: nil, limit: 10).rows.count == 2)
            }
        }

        @Test("payloads are read a few MiB at a time")
        func pieces() async throws {
            let sql = """
                CREATE TABLE django_session (session_key varchar(40) PRIMARY KEY, session_data text,
                    expire_date timestamptz);
                INSERT INTO django_session SELECT 'key' || n, repeat('x', 1000000), '2030-01-01'
                    FROM generate_series(1, 30) AS n;
                INSERT INTO django_session VALUES ('long', repeat('x', 3000000), '2030-01-01');
                """
            try await with(["-c", sql]) { url in
                let layout = try LayoutCatalogue.layout(named: "django-db", in: .postgres)
                let limits = PostgresStore.Limits()
                let pool = ConnectionPool(
                    try ConnectionSettings(url: url, password: nil, isReadOnly: true), limits: limits, time: .system
                ) { try $0.setUp(schema: nil, isReadOnly: true, limits: limits) }
                let tables = try await pool.use(for: .seconds(60)) { try $0.foreignTables(of: [layout]) }
                let finder = ForeignFinder(pool: pool, tables: tables, place: "", time: .system)
                let source = try #require(try finder.source(layout))
                let keys = try await source.keys(after: nil, limit: 100).keys
                #expect(keys.count == 31)
                let first = try await source.records(keys[...], whole: true)
                #expect(first.count == 9)
                let long = try #require(try await source.records([Array("long".utf8)], whole: true)[0])
                guard case .row(let row) = long else {
                    Issue.record("no row")
                    return
                }
                #expect(row.missing == .tooLong && row.byteCount == 3_000_000)
                #expect(try await open(url).rows(after: nil, limit: 1000).rows.count == 31)
            }
        }

        @Test("looking writes nothing and locks no row")
        func touchingNothing() async throws {
            let (name, _) = Self.folders[0]
            try await with(["-f", dumpFile(name)]) { url in
                func asked(_ sql: String) async throws -> String {
                    try await Tool.run("psql", ["-At", "-d", url, "-c", sql])
                }
                let digest = """
                    SELECT md5(string_agg(s::text || xmin::text || xmax::text, ',' ORDER BY s.session_key))
                        FROM django_session AS s
                    """
                let before = try await asked(digest)
                let directory = try await open(url)
                let rows = try await directory.rows(after: nil, limit: 100).rows
                _ = try await directory.detail(try #require(rows.first).id)
                _ = try await directory.statistics(at: Self.written)
                #expect(try await asked(digest) == before)
            }
        }

        @Test("where no layout fits, or not the one that was asked for, it is said")
        func nothing() async throws {
            try await with(["-c", "CREATE TABLE sessions (id text PRIMARY KEY, name text)"]) { url in
                for layout in [nil, "laravel-database"] {
                    let error = try await #require(throws: SessionsError.self) { try await open(url, layout) }
                    #expect(error.code == .notAStore && error.message.contains("sessiontop layouts"))
                }
                let error = try await #require(throws: SessionsError.self) { try await open(url, "phpredis") }
                #expect(error.code == .usage)
            }
        }
    }
}
