import SessionTesting
import Sessions
import SessionsNodes
import Testing

@Suite("Several nodes as one directory")
struct NodesMergingTests {
    private static let names = ["web-01", "web-02", "web-03"]

    @Test("Rows of all nodes come in pages of any size, each with its node")
    func rows() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            var expected: [IDHash: String] = [:]
            for number in 0..<10 {
                let name = Self.names[number % 2 == 0 ? 0 : 2]
                expected[try await fleet[name].node.begin(user: "u\(number)").id.hash] = name
            }
            for limit in [1, 3, 1000] {
                let rows = try await directory.allRows(by: limit)
                #expect(
                    Dictionary(rows.map { ($0.id, $0.node) }) { first, _ in first } == expected, "pages of \(limit)")
                #expect(rows.count == expected.count)
            }
            #expect(await directory.gaps().isEmpty)
        }
    }

    @Test("One user's sessions are found at every node, and counted as one user's")
    func oneUser() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            var ids: Set<IDHash> = []
            for name in Self.names { ids.insert(try await fleet[name].node.begin(user: "zo\u{e9}").id.hash) }
            _ = try await fleet["web-01"].node.begin(user: "bob")
            _ = try await fleet["web-02"].node.begin()
            let now = TimeSource.system.wall()
            #expect(Set(try await directory.sessions(ofUser: "zo\u{e9}", at: now)) == ids)
            let statistics = try await directory.statistics(at: now)
            #expect(statistics.sessions == 5 && statistics.users == 2 && statistics.anonymous == 1)
            let id = try #require(ids.first)
            #expect(try await directory.detail(id)?.row.user == "zo\u{e9}")
            #expect(try await directory.find(try #require(HandlePrefix("\(id.handle)")), limit: 2) == [id])
        }
    }

    @Test("A revoke ends each session where it is, and every node refuses it should it come there")
    func revokes() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            let mine = try await fleet["web-02"].node.begin(user: "alice").id.hash
            let unknown = SessionID().hash
            let receipt = try await directory.revoke(.sessions([mine, unknown]), order: anOrder())
            #expect(receipt.outcomes.map(\.outcome) == [.revoked, .notFound])
            #expect(receipt.outcomes.map(\.user) == ["alice", nil])
            #expect(receipt.unreached.isEmpty)
            let again = try await directory.revoke(.sessions([mine]), order: anOrder())
            #expect(again.outcomes.first?.outcome.word == "alreadyRevoked")
            // Handed over by a node that had not heard of it, it would be refused.
            let late = HandOver(
                node: "x", cutoffs: [], rows: [], tombstones: [])
            #expect(fleet["web-01"].sticky.adopt(late).isEmpty)
            let cause = try await EffectivenessWatch.wait(
                for: receipt.position, durable: receipt.durable, nodes: { try await directory.nodes() })
            #expect(cause == .applied || cause == .leasesRanOut)
        }
    }

    @Test("A revoke of a user ends theirs at all nodes, and no others")
    func revokesUser() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            var alice: Set<IDHash> = []
            for name in Self.names {
                alice.insert(try await fleet[name].node.begin(user: "alice").id.hash)
                _ = try await fleet[name].node.begin(user: "bob")
            }
            let receipt = try await directory.revoke(.user("alice"), order: anOrder())
            #expect(Set(receipt.outcomes.map(\.id)) == alice)
            let live = try await directory.allRows().filter { $0.state == .live }
            #expect(live.count == 3 && live.allSatisfy { $0.user == "bob" })
        }
    }

    @Test("An extend moves the deadline wherever the session is")
    func extends() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            let made = try await fleet["web-03"].node.begin(user: "alice")
            let idle = try #require(made.served.session.deadlines.idle)
            let outcomes = try await directory.extend(
                [made.id.hash, SessionID().hash], to: .by(.seconds(60)), order: anOrder())
            #expect(outcomes == [.extended(from: idle, to: idle + .seconds(60)), .notFound])
        }
    }

    @Test("Changes of all nodes are told, and a session that is handed over moves")
    func changes() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            let made = try await fleet["web-01"].node.begin(user: "alice")
            let position = try await directory.changePosition()
            #expect(try await directory.changes(after: position, limit: 100).rows.isEmpty)
            let other = try await fleet["web-02"].node.begin(user: "bob")
            var changes = try await directory.changes(after: position, limit: 100)
            #expect(changes.rows.map(\.id) == [other.id.hash] && !changes.mustReload)
            let report = try await fleet["web-01"].sticky.drain(
                DrainPlan(limit: .zero, peers: ["web-03"]), fleet.transfer)
            #expect(report.handedOver == 1 && report.failures.isEmpty)
            changes = try await directory.changes(after: changes.position, limit: 100)
            #expect(changes.rows.map(\.id) == [made.id.hash] && changes.rows.first?.node == "web-03")
            #expect(changes.removed.isEmpty)
            #expect(try await directory.allRows().count == 2)
        }
    }

    @Test("A drain is seen, over HTTP it is ordered, and what was handed over is served by the other node")
    func drains() async throws {
        try await AdminFleet.with(["web-01", "web-02"]) { fleet, directory in
            let made = try await fleet["web-01"].node.begin(user: "alice", payload: [7])
            let address = fleet["web-01"].address
            let body = #"{"limit":0,"peers":["web-02"],"actor":"ops","reason":"deploy","at":"2026-01-01T00:00:00Z"}"#
            let answer = try await Curl.send("POST", "\(address)/v1/drain", body: body)
            #expect(answer.status == 200)
            try await Waiting.until("the drain") { fleet["web-01"].sticky.isDrained }
            #expect(fleet["web-01"].sticky.drained?.handedOver == 1)
            guard case .live(let served) = await fleet["web-02"].node.load(made.id) else {
                return #expect(Bool(false), "it is live at the other node")
            }
            #expect(served.payload == [7])
            try await Waiting.until("the report") {
                try await directory.nodes().first?.status == .draining
            }
            #expect(try await Curl.send("DELETE", "\(address)/v1/drain", body: nil).status == 200)
            _ = try await fleet["web-01"].node.begin(user: "bob")
        }
    }
}
