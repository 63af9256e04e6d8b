import SessionTesting
import Sessions
import SessionsNodes
import Testing

@Suite("Nodes that are down")
struct NodesFailureTests {
    private static let names = ["web-01", "web-02", "web-03"]

    /// Waits until a node has published what it holds.
    private func awaitReport(_ directory: NodesDirectory, of name: String, held: Int64) async throws {
        try await Waiting.until("the report of \(name)") {
            try await directory.nodes().first { $0.id == name }?.counters[.memorySessions] == held
        }
    }

    @Test("A node that is down is shown with what it held, and the rest goes on")
    func down() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            for name in Self.names { _ = try await fleet[name].node.begin(user: "alice") }
            try await awaitReport(directory, of: "web-02", held: 1)
            await fleet.kill("web-02")
            #expect(try await directory.allRows().map(\.node) == ["web-01", "web-03"])
            let gaps = await directory.gaps()
            #expect(gaps.count == 1 && gaps[0].hasPrefix("web-02 doesn't answer: the 1 sessions that it held"))
            let reports = try await directory.nodes()
            #expect(reports.map(\.id) == Self.names)
            #expect(reports[1].counters[.memorySessions] == 1)
            #expect(try await directory.statistics(at: TimeSource.system.wall()).sessions == 2)
            #expect(try await directory.findings(at: TimeSource.system.wall()).contains { $0.severity == .problem })
            let position = try await directory.changePosition()
            _ = try await fleet["web-01"].node.begin(user: "bob")
            #expect(try await directory.changes(after: position, limit: 9).rows.map(\.user) == ["bob"])
        }
    }

    @Test("What only the node that is down may have is not said to be gone")
    func notSaidToBeGone() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            let here = try await fleet["web-01"].node.begin(user: "alice").id.hash
            let there = try await fleet["web-02"].node.begin(user: "alice").id.hash
            await fleet.kill("web-02")
            let receipt = try await directory.revoke(.sessions([here, there]), order: anOrder())
            #expect(receipt.outcomes.map(\.outcome.word) == ["revoked", "failed"])
            let extended = try await directory.extend([there], to: .by(.seconds(1)), order: anOrder())
            #expect(extended.map(\.word) == ["failed"])
            await #expect(throws: SessionsError.self) { try await directory.detail(there) }
            let prefix = try #require(HandlePrefix("\(there.handle)"))
            await #expect(throws: SessionsError.self) { try await directory.find(prefix, limit: 2) }
            let all = try await directory.revoke(.everyone, order: anOrder())
            #expect(all.unreached.count == 1)
            let applied = try #require(try await directory.nodes()[1].applied)
            #expect(applied < receipt.position, "it was told of neither")
        }
    }

    @Test("A node that began anew has lost what it held: that is counted, and all rows are read again")
    func beganAnew() async throws {
        try await AdminFleet.with(Self.names) { fleet, directory in
            for _ in 0..<3 { _ = try await fleet["web-02"].node.begin(user: "alice") }
            try await awaitReport(directory, of: "web-02", held: 3)
            let position = try await directory.changePosition()
            let port = fleet["web-02"].address.port
            await fleet.kill("web-02")
            #expect(try await !directory.changes(after: position, limit: 9).mustReload, "nobody knows yet")
            try await fleet.start("web-02", port: port)
            #expect(try await directory.changes(after: position, limit: 9).mustReload)
            let report = try #require(try await directory.nodes().first { $0.id == "web-02" })
            #expect(report.counters[.memoryLost] == 3 && report.counters[.memorySessions] == 0)
            #expect(try await directory.allRows().isEmpty)
            #expect(await directory.gaps().isEmpty)
        }
    }

    @Test("Where no node answers, that is an error, and not an empty store")
    func noneAnswers() async throws {
        try await AdminFleet.with(["web-01", "web-02"]) { fleet, directory in
            for name in ["web-01", "web-02"] { await fleet.kill(name) }
            for question in [
                { _ = try await directory.allRows() }, { _ = try await directory.statistics(at: anOrder().at) },
                { _ = try await directory.changePosition() }, { _ = try await directory.detail(SessionID().hash) },
                { _ = try await directory.revoke(.everyone, order: anOrder()) },
            ] as [() async throws -> Void] {
                await #expect(throws: SessionsError.self) { try await question() }
            }
            let nodes = try await directory.nodes()
            #expect(nodes.map(\.id) == ["web-01", "web-02"])
        }
    }

    @Test("With no node at all there is nothing to open")
    func nothingToOpen() async throws {
        let address = NodeAddress(host: "127.0.0.1", port: FreePort.take(), isEncrypted: false)
        await #expect(throws: SessionsError.self) {
            try await NodesDirectory.open(NodesConfiguration(addresses: [address]))
        }
    }
}
