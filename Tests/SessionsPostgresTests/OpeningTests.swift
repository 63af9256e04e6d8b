import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsPostgres

extension OnOneServer {
    @Suite struct OpeningTests {
        private static let modes: [PostgresStore.OpenMode] = [.create, .existing, .readOnly]

        @Test("A wrong password and an unknown user are refused without the password being said", arguments: modes)
        func password(_ mode: PostgresStore.OpenMode) async throws {
            let place = try Place()
            for (user, password) in [("postgres", "wrong-secret"), ("nobody", "wrong-secret")] {
                let error = await place.failure(opening: mode, user: user, password: password)
                #expect(error?.code == .refused)
                #expect(error?.message.contains("password (28P01)") == true)
                #expect(error.map { "\($0)".contains("wrong-secret") } == false)
            }
            let missing = await place.failure(opening: mode, password: nil)
            #expect(missing?.code == .refused)
            #expect(missing?.message.contains("SESSIONTOP_PASSWORD") == true)
        }

        @Test("The caller's password is used before the URL's, and stands nowhere")
        func givenPassword() async throws {
            let place = try Place()
            let store = try await PostgresStore.open(
                url: place.server.url(password: "wrong"), mode: .create, schema: place.schema,
                password: PostgresServer.password)
            #expect(store.description.url == "postgres://postgres@127.0.0.1:\(place.server.port)/postgres")
            #expect(store.description.software.hasPrefix("PostgreSQL 1"))
        }

        @Test("A database that isn't there is said to be missing", arguments: modes)
        func database(_ mode: PostgresStore.OpenMode) async throws {
            let error = await (try Place()).failure(opening: mode, database: "nowhere")
            #expect(error?.code == .storeNotFound && error?.message.contains("3D000") == true)
        }

        @Test("A store of the first version keeps its feed, and may deny tokens from then on")
        func firstVersion() async throws {
            let place = try Place()
            let noon = Timestamp(milliseconds: 7)
            let cutoff = try await place.open().cutOff(.tenant("t"), by: "x", reason: nil, at: noon)
            let constraint = "CONSTRAINT feed_kind_check CHECK (kind IN ('revoked', 'cutoff'))"
            try await place.server.run("ALTER TABLE \(place.schema).feed ADD \(constraint)")
            try await place.server.run("UPDATE \(place.schema).store SET version = 1")
            #expect(await place.failure(opening: .readOnly)?.code == .unsupported)
            let store = try await place.open(.existing)
            let denial = TokenDenial(issuer: "i", tokenID: "j")
            _ = try await store.deny([denial], at: Timestamp(milliseconds: 8))
            let page = try await store.feed(after: .start, limit: 9)
            #expect(page.entries.map(\.event) == [.cutoff(cutoff), .denied(denial)])
        }

        @Test("What a newer version tells in the feed is passed over, and what comes after it is read")
        func unknownKind() async throws {
            let place = try Place()
            let store = try await place.open()
            let schema = place.schema
            try await place.server.run(
                "INSERT INTO \(schema).feed(ns, seq, kind, at) SELECT id, 1, 'later', 7 FROM \(schema).namespaces")
            try await place.server.run("UPDATE \(schema).namespaces SET feed_end = 1")
            let denial = TokenDenial(issuer: "i", tokenID: "j")
            _ = try await store.deny([denial], at: Timestamp(milliseconds: 8))
            let page = try await store.feed(after: .start, limit: 9)
            #expect(page.entries.map(\.event) == [.unknown, .denied(denial)])
            #expect(page.entries.map(\.position.value) == [1, 2] && page.end == FeedPosition(2))
        }

        @Test("A server that isn't there can't be reached, whichever way it is asked")
        func unreachable() async throws {
            let url = "postgres://u:secret@127.0.0.1:\(FreePort.take())/d"
            let error = await #expect(throws: SessionsError.self) {
                try await PostgresStore.open(url: url, mode: .create)
            }
            #expect(error?.code == .unavailable)
            #expect(error.map { "\($0)".contains("secret") } == false)
        }

        @Test(
            "A URL that can't be read is refused without being quoted",
            arguments: [
                "postgres://u:secret@h/d?nonsense=secret", "postgres://u:secret%zz@h/d", "host=h password", "",
                "postgres://u:secret@h:port/d",
            ])
        func unreadable(_ url: String) async throws {
            let error = await #expect(throws: SessionsError.self) {
                try await PostgresStore.open(url: url, mode: .existing, schema: "none")
            }
            #expect(error.map { "\($0)".contains("secret") } == false)
        }

        @Test("What isn't there is said to be missing, with what to do, and isn't made", arguments: modes.dropFirst())
        func missing(_ mode: PostgresStore.OpenMode) async throws {
            let place = try Place()
            #expect(await place.failure(opening: mode)?.code == .storeNotFound)
            #expect(
                try await place.server.run("SELECT count(*) FROM pg_namespace WHERE nspname = '\(place.schema)'") == "0"
            )
        }

        @Test("A schema of somebody else's is refused and left as it was", arguments: modes)
        func foreign(_ mode: PostgresStore.OpenMode) async throws {
            for table in ["other(x int)", "store(x int)", "store(mark text, version bigint)"] {
                let place = try Place()
                try await place.server.run(
                    "CREATE SCHEMA \(place.schema); CREATE TABLE \(place.schema).\(table)")
                #expect(await place.failure(opening: mode)?.code == .notAStore, "\(table)")
                let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = '\(place.schema)'::regnamespace"
                #expect(try await place.server.run(tables) == "1")
            }
        }

        @Test("A store of a newer version is refused and left as it was", arguments: modes)
        func tooNew(_ mode: PostgresStore.OpenMode) async throws {
            let place = try Place()
            _ = try await place.open()
            try await place.server.run("UPDATE \(place.schema).store SET version = 9999")
            #expect(await place.failure(opening: mode)?.code == .storeTooNew)
            #expect(try await place.server.run("SELECT version FROM \(place.schema).store") == "9999")
        }

        @Test("A version that no store ever had is called damage", arguments: modes)
        func impossibleVersion(_ mode: PostgresStore.OpenMode) async throws {
            let place = try Place()
            _ = try await place.open()
            try await place.server.run("UPDATE \(place.schema).store SET version = -1")
            #expect(await place.failure(opening: mode)?.code == .corrupt)
        }

        @Test("An audit log whose last entry has the last number of all is damage: nothing is done")
        func lastNumber() async throws {
            let place = try Place()
            let store = try await place.open()
            let order = Order(actor: "a", reason: nil, at: noon)
            try await store.record(.reveal, target: "x", count: 1, order: order)
            try await place.server.run("UPDATE \(place.schema).audit SET number = \(Int64.max)")
            let error = await #expect(throws: SessionsError.self) { try await store.cutOff(.tenant("t"), order: order) }
            #expect(error?.code == .corrupt)
            #expect(try await store.cutoffs().cutoffs.isEmpty)
        }

        @Test("A node whose store was brought up to date by a newer one writes no more once it connects again")
        func outdated() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 1 }
            try await store.insert(someSession())
            try await place.server.run("UPDATE \(place.schema).store SET version = 9999")
            let pid = try await store.use {
                try $0.run([.once("SELECT pg_backend_pid()::bigint")])[0].map { $0.integer(0) }
            }
            try await place.server.run("SELECT pg_terminate_backend(\(try #require(pid.first)), 10000)")
            let error = await #expect(throws: SessionsError.self) { try await store.insert(someSession()) }
            #expect(error?.code == .storeTooNew)
        }

        @Test("A database that can't hold every text is refused")
        func encoding() async throws {
            let place = try Place()
            let name = "latin_\(place.schema)"
            try await place.server.run("CREATE DATABASE \(name) ENCODING 'LATIN1' TEMPLATE template0")
            let error = await place.failure(opening: .create, database: name)
            #expect(error?.code == .unsupported && error?.message.contains("LATIN1") == true)
        }

        @Test("Many nodes that make the same store at once end up with one store")
        func race() async throws {
            let place = try Place()
            let stores = try await gather(8) { _ in
                let store = try await place.open()
                try await store.insert(someSession())
                return store
            }
            #expect(try await stores[0].statistics(at: noon).sessions == 8)
            #expect(try await place.server.run("SELECT count(*) FROM \(place.schema).store") == "1")
        }

        @Test("A schema's name may hold any character")
        func oddName() async throws {
            let place = try Place()
            let schema = "Odd \"name\"; -- $1 \(place.schema)"
            let url = place.server.url()
            let store = try await PostgresStore.open(url: url, mode: .create, schema: schema)
            try await store.insert(someSession())
            let again = try await PostgresStore.open(url: url, mode: .existing, schema: schema)
            #expect(try await again.statistics(at: noon).sessions == 1)
        }

        @Test("A namespace that isn't there is refused by whoever may not make it; two namespaces never meet")
        func namespaces() async throws {
            let place = try Place()
            let store = try await place.open()
            await #expect(throws: SessionsError.self) { try await place.open(.existing, namespace: "b") }
            let other = try await place.open(namespace: "b")
            let session = someSession()
            try await store.insert(session)
            try await other.insert(session)
            let position = try await store.changePosition()
            _ = try await other.revoke(.everyone, order: Order(actor: "a", reason: nil, at: noon))
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
            #expect(try await store.feed(after: .start, limit: 9).end == .start)
            #expect(try await store.audit(after: 0, limit: 9).isEmpty)
            #expect(try await store.rows(after: nil, limit: 9).rows.count == 1)
            let changes = try await store.changes(after: position, limit: 9)
            #expect(changes.rows.isEmpty && !changes.mustReload)
        }

        @Test("A store that was opened to be read reads everything, and the server refuses every write")
        func readOnly() async throws {
            let place = try Place()
            let session = someSession()
            try await place.open().insert(session)
            let reader = try await place.open(.readOnly)
            #expect(try await reader.load(session.id, at: noon)?.standing == .live)
            #expect(try await reader.rows(after: nil, limit: 9).rows.count == 1)
            #expect(try await reader.changePosition().value > 0)
            _ = try await reader.statistics(at: noon)
            #expect(!reader.capabilities.revoke.isPossible)
            let error = await #expect(throws: SessionsError.self) { try await reader.insert(someSession()) }
            #expect(error?.code == .readOnly)
        }

        @Test(
            "Hosts are tried in order: one that is gone or silent costs its own time, and one that takes no writes none"
        )
        func severalHosts() async throws {
            let place = try Place()
            try await PostgresServer.with(settings: ["default_transaction_read_only=on"]) { standby in
                var limits = PostgresStore.Limits()
                limits.connecting = .seconds(3)
                let good = "127.0.0.1:\(place.server.port)"
                let user = "postgres://postgres@"
                func open(_ hosts: String) async throws -> PostgresStore {
                    try await PostgresStore.open(
                        url: "\(user)\(hosts)/postgres", mode: .create, schema: place.schema,
                        password: PostgresServer.password, limits: limits)
                }
                let hosts = "127.0.0.1:\(FreePort.take()),127.0.0.1:\(standby.port),\(good)"
                try await open(hosts).insert(someSession())
                try standby.process.send(.suspend)
                try await open(hosts).insert(someSession())
            }
        }
    }
}
