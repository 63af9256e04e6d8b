import Foundation
import Sessions
import Testing

@testable import SessionsSQLite

/// The command-line shell of SQLite as a second process.
private final class Shell {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    static let path = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first(where: FileManager.default.isExecutableFile)

    init(_ store: String) throws {
        process.executableURL = URL(filePath: try #require(Self.path))
        process.arguments = [store]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Runs statements, and returns when they are done.
    func run(_ sql: String) throws {
        input.fileHandleForWriting.write(Data("\(sql); SELECT 'done';\n".utf8))
        var text = Data()
        while text.range(of: Data("done".utf8)) == nil {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text.append(more)
        }
    }

    func stop() { kill(process.processIdentifier, SIGSTOP) }
    func goOn() { kill(process.processIdentifier, SIGCONT) }

    func end() {
        goOn()
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

@Suite(.enabled(if: Shell.path != nil, "needs the sqlite3 command"))
struct ProcessTests {
    @Test("While another process stands still in the middle of a transaction reads go on and writes wait")
    func stopped() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let session = someSession()
            try await store.insert(session)
            let shell = try Shell(path)
            try shell.run("BEGIN IMMEDIATE; UPDATE sessions SET node = 'other'")
            shell.stop()
            async let revoked = store.revoke(session.id, by: "x", reason: nil, at: noon)
            #expect(try await store.load(session.id, at: noon)?.session.node == nil)
            #expect(try await store.statistics(at: noon).sessions == 1)
            shell.goOn()
            try shell.run("COMMIT")
            #expect(try await revoked.outcome == .revoked)
            #expect(try await store.load(session.id, at: noon)?.session.node == "other")
            shell.end()
        }
    }

    @Test("Whoever waits longer than the busy timeout is told that the store is busy, and nothing was written")
    func busy() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create, busyTimeout: .milliseconds(20))
            let shell = try Shell(path)
            try shell.run("BEGIN IMMEDIATE")
            let session = someSession()
            let error = await #expect(throws: SessionsError.self) { try await store.insert(session) }
            #expect(error?.code == .busy)
            try shell.run("ROLLBACK")
            #expect(try await store.load(session.id, at: noon) == nil)
            try await store.insert(session)
            shell.end()
        }
    }

    @Test("What this process wrote is there for another, in words that it can read")
    func readable() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            try await store.insert(someSession())
            let shell = try Shell(path)
            // The condition fails the statement, and with it the test, where the row isn't as it should be.
            try shell.run(
                "CREATE TEMP TABLE seen(n CHECK (n = 1)); INSERT INTO seen SELECT count(*) FROM sessions WHERE state = 'live' AND user = 'alice'"
            )
            shell.end()
        }
    }
}
