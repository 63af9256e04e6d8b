import SessionTesting
import Sessions
import SessionsNodes
import Testing

@Suite("The program on three nodes", .serialized)
struct NodesProgramTests {
    private static let names = ["web-01", "web-02", "web-03"]

    /// Runs the program, built beside these tests.
    private func sessiontop(_ arguments: [String]) async throws -> Tool.Ended {
        try await Tool.end(BuiltProgram.path("sessiontop"), arguments)
    }

    private func withNodes(_ body: (AdminFleet, String) async throws -> Void) async throws {
        try await AdminFleet.with(Self.names) { fleet, _ in
            for name in Self.names { _ = try await fleet[name].node.begin(user: "alice", payload: Array("{}".utf8)) }
            _ = try await fleet["web-03"].node.begin(user: "bob")
            try await body(fleet, fleet.addresses.map { "\($0)" }.joined(separator: ","))
        }
    }

    @Test("list, users and stats merge the nodes")
    func looks() async throws {
        try await withNodes { _, url in
            let list = try await sessiontop(["list", url, "--format", "json"])
            #expect(list.status == 0 && list.notes.isEmpty)
            #expect(list.lines.compactMap { $0["node"] } == ["web-01", "web-02", "web-03", "web-03"])
            let users = try await sessiontop(["users", url, "--format", "json"])
            #expect(users.lines.first?["user"] == "alice" && users.lines.first?["sessions"] == .number("3"))
            let stats = try await sessiontop(["stats", url, "--format", "json"])
            #expect(stats.lines.first?["sessions"] == .number("4") && stats.lines.first?["users"] == .number("2"))
            let metrics = try await sessiontop(["stats", url, "--format", "openmetrics"])
            #expect(metrics.output.contains("memory_sessions"))
            #expect(try await sessiontop(["doctor", url]).output.isEmpty == false)
        }
    }

    @Test("inspect, extend and revoke act where the session is")
    func acts() async throws {
        try await withNodes { fleet, url in
            let row = try #require(try await fleet["web-02"].store.rows(after: nil, limit: 1).rows.first)
            let handle = "\(row.id.handle)"
            let inspected = try await sessiontop(["inspect", url, handle, "--format", "json"])
            #expect(inspected.status == 0 && inspected.lines.first?["node"] == "web-02")
            let extended = try await sessiontop(["extend", url, handle, "--by", "5m", "--yes", "--format", "json"])
            #expect(extended.lines.first?["outcome"] == "extended", "\(extended.notes)")
            let revoked = try await sessiontop(
                ["revoke", url, "--user", "alice", "--reason", "INC-1", "--yes", "--format", "json"])
            #expect(revoked.status == 0, "\(revoked.notes)")
            #expect(revoked.lines.compactMap { $0["outcome"] } == ["revoked", "revoked", "revoked"])
            #expect(revoked.notes.contains("Effective"))
            #expect(try await sessiontop(["list", url, "--format", "json"]).lines.count == 1)
        }
    }

    @Test(
        "With a node down, no token is said to be revoked, waited for or not",
        arguments: [[], ["--no-wait"]] as [[String]])
    func partialDenial(options: [String]) async throws {
        try await withNodes { fleet, url in
            await fleet.kill("web-02")
            let arguments = ["token", "revoke", url, "--tenant", "acme", "--reason", "INC-1", "--yes"]
            let revoked = try await sessiontop(arguments + ["--format", "json"] + options)
            #expect(revoked.status == 1)
            #expect(revoked.lines.compactMap { $0["outcome"] } == ["failed"])
            #expect(revoked.notes.contains("Not effective: ") && !revoked.notes.contains("Effective "))
        }
    }

    @Test("With a node down, the rest is shown and what is missing is said")
    func partial() async throws {
        try await withNodes { fleet, url in
            await fleet.kill("web-02")
            let list = try await sessiontop(["list", url, "--format", "json"])
            #expect(list.status == 1 && list.lines.count == 3)
            #expect(list.notes.contains("doesn't answer"))
            let revoked = try await sessiontop(
                ["revoke", url, "--user", "alice", "--reason", "INC-1", "--yes", "--no-wait", "--format", "json"])
            #expect(revoked.status == 1 && revoked.lines.count == 2)
            #expect(revoked.notes.contains("Incomplete: ") && revoked.notes.contains("doesn't answer"))
            let doctor = try await sessiontop(["doctor", url])
            #expect(doctor.output.contains("doesn't answer"))
            for name in ["web-01", "web-03"] { await fleet.kill(name) }
            #expect(try await sessiontop(["list", url]).status == 69)
        }
    }
}

extension NodesProgramTests {
    @Test(
        "With a node down, a change to what the others have is a change in part, and so is a dry run of it",
        arguments: [
            ["revoke", "--filter", "user:alice", "--no-wait"], ["extend", "--filter", "user:alice", "--by", "5m"],
            ["extend", "--user", "alice", "--by", "5m"], ["revoke", "--filter", "user:alice", "--dry-run"],
            ["extend", "--user", "alice", "--by", "5m", "--dry-run"], ["revoke", "--all", "--dry-run"],
        ])
    func partialChange(arguments: [String]) async throws {
        try await withNodes { fleet, url in
            await fleet.kill("web-02")
            var line = arguments + ["--reason", "INC-1", "--yes", "--format", "json"]
            line.insert(url, at: 1)
            let ended = try await sessiontop(line)
            #expect(ended.status == 1 && !ended.lines.isEmpty)
            #expect(ended.lines.allSatisfy { $0["outcome"] != "failed" && $0["outcome"] != "notFound" })
            #expect(ended.notes.contains("Incomplete: ") && ended.notes.contains("doesn't answer"))
        }
    }

    @Test("A handle that the nodes which answer have is found, revoked and no half of anything")
    func handleOfOneThatAnswers() async throws {
        try await withNodes { fleet, url in
            await fleet.kill("web-02")
            let row = try #require(try await fleet["web-01"].store.rows(after: nil, limit: 1).rows.first)
            let revoked = try await sessiontop(["revoke", url, "\(row.id.handle)", "--yes", "--no-wait"])
            #expect(revoked.status == 0 && !revoked.notes.contains("Incomplete"), "\(revoked.notes)")
        }
    }
}

extension Tool.Ended {
    /// The lines of JSON that it wrote.
    fileprivate var lines: [JSONValue] {
        output.split(separator: "\n").compactMap { JSONValue(parsing: Array($0.utf8)) }
    }
}
