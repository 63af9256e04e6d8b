import SessionTesting
import Sessions
import SessionsPostgres
import Testing

extension OnOneServer {
    @Suite struct RoleTests {
        /// A role that was granted what is documented for operators, and nothing else.
        private func operatorRole(_ place: Place) async throws -> String {
            let role = "operator \"\(place.schema)\""
            let quoted = "\"operator \"\"\(place.schema)\"\"\""
            try await place.server.run("CREATE ROLE \(quoted) LOGIN PASSWORD 'pw'")
            try await place.server.run(PostgresStore.grants(toOperator: role, schema: place.schema))
            return role.replacing("\"", with: "%22").replacing(" ", with: "%20")
        }

        @Test("A role that may list and revoke does both, and the server keeps payloads and all else from it")
        func leastPrivilege() async throws {
            let place = try Place()
            let store = try await place.open()
            let sessions = (0..<3).map { someSession(user: "u\($0)", payload: Array("secret".utf8)) }
            for session in sessions { try await store.insert(session) }
            let role = try await operatorRole(place)
            let mine = try await place.open(.existing, user: role, password: "pw")
            let order = Order(actor: "ops", reason: "r", at: noon)

            #expect(mine.capabilities.revoke == .yes && mine.capabilities.changes == .yes)
            #expect(!mine.capabilities.extend.isPossible)
            let position = try await mine.changePosition()
            #expect(try await mine.rows(after: nil, limit: 9).rows.map(\.byteCount) == [6, 6, 6])
            let detail = try #require(try await mine.detail(sessions[0].id))
            #expect(detail.payload == nil && detail.row.byteCount == 6 && detail.row.user == "u0")
            #expect(try await mine.statistics(at: noon).sessions == 3)
            #expect(try await mine.sessions(ofUser: "u1", at: noon) == [sessions[1].id])

            let receipt = try await mine.revoke(.sessions([sessions[0].id]), order: order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            #expect(try await mine.revoke(.user("u1"), order: order).outcomes.map(\.outcome) == [.revoked])
            #expect(try await mine.revoke(.everyone, order: order).outcomes.map(\.id) == [sessions[2].id])
            #expect(try await mine.changes(after: position, limit: 9).rows.count == 3)
            let log = try await mine.audit(after: 0, limit: 9)
            #expect(log.map(\.action) == [.revoke, .revoke, .revoke] && log[2].follows(log[1]))
            for session in sessions { #expect(try await store.load(session.id, at: noon)?.standing == .revoked) }
            let denials = [TokenDenial(issuer: "i", tokenID: "j")]
            let denied = try await mine.deny(denials, order: order).position
            #expect(try await mine.cutOff(.client("c"), order: order).position.value == denied.value + 1)
            #expect(try await store.audit(after: 3, limit: 9).map(\.action) == [.deny, .cutoff])
        }

        @Test("What wasn't granted is refused by the server, in words that say what to do")
        func refusals() async throws {
            let place = try Place()
            let store = try await place.open()
            let session = someSession()
            try await store.insert(session)
            let role = try await operatorRole(place)
            let mine = try await place.open(.existing, user: role, password: "pw")
            let order = Order(actor: "ops", reason: "r", at: noon)
            func expectRefusal(_ work: () async throws -> Void) async {
                do {
                    try await work()
                    Issue.record("the server let it be done")
                } catch {
                    let refusal = error as? SessionsError
                    #expect(refusal?.code == .refused && refusal?.message.contains("42501") == true)
                }
            }
            await expectRefusal { _ = try await mine.load(session.id, at: noon) }
            await expectRefusal { try await mine.insert(someSession()) }
            await expectRefusal { _ = try await mine.extend([session.id], to: .by(.seconds(9)), order: order) }
            await expectRefusal { _ = try await mine.save(.empty, of: session.id, replacing: 1, at: noon) }
            await expectRefusal { _ = try await mine.purge(Retention(), at: noon + .seconds(1 << 30)) }
            for forbidden in [
                "SELECT payload FROM S.sessions", "SELECT * FROM S.sessions", "DELETE FROM S.sessions",
                "UPDATE S.sessions SET username = 'x'", "UPDATE S.audit SET actor = 'x'", "DELETE FROM S.audit",
                "UPDATE S.sessions SET payload = ''", "INSERT INTO S.namespaces(name) VALUES ('x')",
                "SELECT * FROM S.audit_outcomes", "UPDATE S.store SET version = 0", "CREATE TABLE S.x(y int)",
            ] {
                let sql = forbidden.replacing("S.", with: "\(place.schema).")
                await #expect(throws: ServerProcess.Failure.self, "\(forbidden)") {
                    try await place.server.run(
                        "SET ROLE \"operator \"\"\(place.schema)\"\"\"; \(sql)")
                }
            }
            #expect(try await store.load(session.id, at: noon)?.session == session)
        }

        @Test("A role that was granted what a service needs does all of a service's work, and none of the operators'")
        func service() async throws {
            let place = try Place()
            _ = try await place.open()
            let role = "service_\(place.schema)"
            try await place.server.run("CREATE ROLE \(role) LOGIN PASSWORD 'pw'")
            try await place.server.run(PostgresStore.grants(toService: role, schema: place.schema))
            let time = LeapingTime()
            let store = try await place.open(.existing, user: role, password: "pw", time: time.source)
            let (first, second, third) = (someSession(), someSession(), someSession())
            try await store.insert(first)
            #expect(try await store.load(first.id, at: noon)?.session == first)
            let touch = Touch(id: first.id, at: noon, idle: .seconds(1800))
            #expect(try await store.touch([touch]) == [.touched(first.deadlines)])
            #expect(try await store.save(.empty, of: first.id, replacing: 1, at: noon) == .saved(version: 2))
            #expect(try await store.rotate(first.id, to: second, reason: "r", at: noon) == .rotated)
            #expect(try await store.revoke(second.id, by: "x", reason: nil, at: noon).outcome == .revoked)
            try await store.insert(third)
            _ = try await store.cutOff(.user("alice"), by: "x", reason: nil, at: noon)
            _ = try await store.deny([TokenDenial(issuer: "i", tokenID: "j")], at: noon)
            #expect(try await store.feed(after: .start, limit: 9).entries.count == 4)
            try await store.publish(
                NodeReport(id: "n", started: noon, heartbeat: noon, applied: .start, lease: .seconds(2)))
            #expect(try await store.nodes().count == 1)
            #expect(try await store.purge(Retention(), at: noon + .seconds(1 << 20)) == 3)
            #expect(try await store.cutoffs().cutoffs.isEmpty)
            #expect(try await store.nodes().count == 1)
            time.leap(by: .seconds(3600))
            #expect(try await store.purge(Retention(), at: noon + .seconds(1 << 20)) == 0)
            #expect(try await store.nodes().isEmpty)
            #expect(!store.capabilities.revoke.isPossible && !store.capabilities.audit.isPossible)
            let order = Order(actor: "a", reason: nil, at: noon)
            let error = await #expect(throws: SessionsError.self) { try await store.revoke(.everyone, order: order) }
            #expect(error?.code == .refused)
        }

        @Test("A role without any right is told what it lacks, and one that may not make a schema as well")
        func noRights() async throws {
            let place = try Place()
            _ = try await place.open()
            let role = "stranger_\(place.schema)"
            try await place.server.run("CREATE ROLE \(role) LOGIN PASSWORD 'pw'")
            for mode in [PostgresStore.OpenMode.create, .existing, .readOnly] {
                let error = await place.failure(opening: mode, user: role, password: "pw")
                #expect(error?.code == .refused && error?.message.contains("PostgresStore.grants") == true)
            }
            let another = try Place()
            #expect(await another.failure(opening: .create, user: role, password: "pw")?.code == .refused)
        }
    }
}
