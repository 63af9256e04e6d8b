import SessionTesting
import Sessions
import SessionsHummingbird
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

    /// Runs a test with a node, web-01, whose store others share.
    private func withSharedStore(_ body: (MemoryStore, NodeAddress) async throws -> Void) async throws {
        let store = MemoryStore(namespace: "test")
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        let node = ServiceNode(id: "web-01", store: store, policy: NodePolicy(), sealer: sealer)
        let port = FreePort.take()
        let (ready, isReady) = AsyncStream.makeStream(of: Int.self)
        let api = AdminAPI(node, directory: store)
        let listener = AdminListener(api, AdminConfiguration(port: port)) { isReady.yield($0) }
        let task = Task { try await listener.run() }
        for await _ in ready { break }
        try await body(store, NodeAddress(host: "127.0.0.1", port: port, isEncrypted: false))
        task.cancel()
        _ = await task.result
    }

    private func report(_ name: String, _ applied: FeedPosition) -> NodeReport {
        let now = TimeSource.system.wall()
        return NodeReport(id: name, started: now, heartbeat: now, applied: applied, lease: .seconds(3600))
    }

    @Test("A revoke waits for a node, too, that only shares its store with the one that is named")
    func sharedStore() async throws {
        try await withSharedStore { store, address in
            let began = TimeSource.system.wall()
            func publish(_ applied: FeedPosition) async throws {
                let mark = try await store.feed(after: .start, limit: 10).entries.first { $0.position == applied }?.mark
                var report = report("web-02", applied)
                report.started = began
                report.counters[.feedMark] = mark ?? 0
                try await store.publish(report)
            }
            try await publish(.start)
            let directory = try await NodesDirectory.open(NodesConfiguration(addresses: [address]))
            let receipt = try await directory.revoke(.user("alice"), order: anOrder())
            var watch = EffectivenessWatch(position: receipt.position, durable: receipt.durable)
            let early = watch.observe(try await directory.nodes(checkedUpTo: receipt.position), at: receipt.durable)
            #expect(early == .waiting(on: ["web-01", "web-02"]))
            try await publish(receipt.position)
            let late = watch.observe(try await directory.nodes(checkedUpTo: receipt.position), at: receipt.durable)
            #expect(late == .waiting(on: ["web-01"]), "its own report is of one that hasn't begun to follow the feed")
        }
    }

    @Test("Where a node can't tell who shares its store, another that shares it is asked")
    func anotherWitness() async throws {
        try await withSharedStore { store, address in
            try await store.publish(report("web-02", .start))
            let done = try await store.revoke(.user("alice"), order: anOrder()).position
            // Whatever it is asked it says who it is, and that it took the order; of other nodes, what nobody can read.
            let said: JSONValue = [
                "node": report("web-00", done).json, "now": .time(TimeSource.system.wall()), "memory": .bool(false),
                "store": ["url": .string(store.description.url), "software": "any"], "readOnly": .bool(false),
                "outcomes": .array([]), "position": .integer(done.value), "nodes": "none",
            ]
            var body: [UInt8] = []
            said.write(to: &body)
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n"
            let mute = try await RawServer.start([Array(head.utf8), body], closes: false)
            let configuration = NodesConfiguration(addresses: [mute.address, address])
            let directory = try await NodesDirectory.open(configuration)
            let receipt = try await directory.revoke(.user("alice"), order: anOrder())
            let reports = try await directory.nodes(checkedUpTo: receipt.position)
            #expect(reports.map(\.id) == ["web-00", "web-01", "web-02"])
            #expect(reports.map { $0.applied == receipt.position } == [true, false, false])
            #expect(await directory.gaps() == ["web-00 doesn't answer"])
            await mute.stop()
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

    @Test("A node is drained, hands over, and is taken in again, as an operator steers it")
    func steers() async throws {
        try await AdminFleet.with(["web-01", "web-02"]) { fleet, directory in
            #expect(directory.capabilities.steering.isPossible)
            let made = try await fleet["web-01"].node.begin(user: "alice", payload: [7])
            try await directory.steer("web-01", to: .drain, order: anOrder())
            var report = try #require(try await directory.nodes().first)
            #expect(report.status == .draining && report.drain?.found == 1 && report.drain?.left == 1)
            await #expect(throws: SessionsError.self) { try await fleet["web-01"].node.begin(user: "carol") }
            try await directory.steer("web-01", to: .maintenance, order: anOrder())
            try await Waiting.until("the drain") { fleet["web-01"].sticky.isDrained }
            report = try #require(try await directory.nodes().first)
            #expect(report.drain?.handedOver == 1 && report.drain?.left == 0)
            guard case .live(let served) = await fleet["web-02"].node.load(made.id) else {
                return #expect(Bool(false), "it is live at the other node")
            }
            #expect(served.payload == [7])
            try await directory.steer("web-01", to: .ready, order: anOrder())
            #expect(try await directory.nodes().first?.status == .up)
            _ = try await fleet["web-01"].node.begin(user: "bob")
            await #expect(throws: SessionsError.self) {
                try await directory.steer("web-09", to: .drain, order: anOrder())
            }
            let log = try await fleet["web-01"].store.audit(after: 0, limit: 10)
            #expect(log.map(\.result) == ["drain", "maintenance", "ready"] && log.allSatisfy { $0.action == .steer })
        }
    }

    @Test(
        "Which sessions a node held is told when it falls silent, and which are lost when it begins anew",
        arguments: [false, true])
    func missing(areRowsReadFirst: Bool) async throws {
        try await AdminFleet.with(["web-01", "web-02"]) { fleet, directory in
            let alice = try await fleet["web-01"].node.begin(user: "alice").id.hash
            let visitor = try await fleet["web-01"].node.begin().id.hash
            let gone = try await fleet["web-01"].node.begin(user: "gone").id.hash
            _ = try await fleet["web-02"].node.begin(user: "bob")
            _ = try await directory.allRows()
            let position = try await directory.changePosition()
            try await fleet["web-01"].node.signOut(gone)
            _ = try await directory.changes(after: position, limit: 100)
            try await Waiting.until("the count in its report") {
                try await directory.nodes().first?.counters[.memorySessions] == 2
            }
            #expect(try await directory.nodes().first?.missing.isEmpty == true)
            let port = fleet["web-01"].address.port
            await fleet.kill("web-01")
            let expected = [
                NodeReport.MissingSession(id: alice, user: "alice"), .init(id: visitor, user: nil),
            ]
            #expect(try await directory.nodes().first?.missing == expected)
            try await fleet.start("web-01", port: port)
            if areRowsReadFirst { #expect(try await directory.allRows().map(\.user) == ["bob"]) }
            let report = try #require(try await directory.nodes().first)
            #expect(report.missing == expected && report.counters[.memoryLost] == 2)
        }
    }

    @Test("A session that was handed over is not lost with the node that it left")
    func notMissing() async throws {
        try await AdminFleet.with(["web-01", "web-02"]) { fleet, directory in
            for user in ["alice", "bob"] { _ = try await fleet["web-01"].node.begin(user: user) }
            _ = try await directory.allRows()
            _ = try await directory.nodes()
            try await directory.steer("web-01", to: .maintenance, order: anOrder())
            try await Waiting.until("the drain") { fleet["web-01"].sticky.isDrained }
            _ = try await directory.allRows()
            let port = fleet["web-01"].address.port
            await fleet.kill("web-01")
            try await fleet.start("web-01", port: port)
            #expect(try await directory.nodes().first?.missing == [])
        }
    }
}
