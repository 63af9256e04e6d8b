import Sessions
import Subprocess
import Testing

@testable import SessionsSQLite

/// The command-line shell of SQLite as a second process.
private final class Shell {
    private let execution: Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>
    private var lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator

    private init(_ execution: Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>) {
        self.execution = execution
        lines = execution.standardOutput.strings().makeAsyncIterator()
    }

    /// Runs a test with a shell on a store, which ends by itself afterwards.
    static func with(_ store: String, _ body: (Shell) async throws -> Void) async throws {
        let ended = try await Subprocess.run(
            .name("sqlite3"), arguments: [store], input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            try await body(Shell(execution))
            try await execution.standardInputWriter.finish()
        }
        #expect(ended.terminationStatus.isSuccess)
    }

    /// Runs statements, and returns when they are done.
    func run(_ sql: String) async throws {
        let done = try await value("\(sql); SELECT 'done'")
        try #require(done == "done")
    }

    /// The one value that a query answers.
    func value(_ query: String) async throws -> String {
        _ = try await execution.standardInputWriter.write("\(query);\n")
        return try #require(await lines.next(), "sqlite3 ended before it answered")
    }

    func stop() throws { try execution.send(signal: .suspend) }
    func goOn() throws { try execution.send(signal: .resume) }
}

@Suite("With another process on the file")
struct ProcessTests {
    @Test("While another process stands still in the middle of a transaction reads go on and writes wait")
    func stopped() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let session = someSession()
            try await store.insert(session)
            try await Shell.with(path) { shell in
                try await shell.run("BEGIN IMMEDIATE; UPDATE sessions SET node = 'other'")
                try shell.stop()
                async let revoked = store.revoke(session.id, by: "x", reason: nil, at: noon)
                #expect(try await store.load(session.id, at: noon)?.session.node == nil)
                #expect(try await store.statistics(at: noon).sessions == 1)
                try shell.goOn()
                try await shell.run("COMMIT")
                #expect(try await revoked.outcome == .revoked)
                #expect(try await store.load(session.id, at: noon)?.session.node == "other")
            }
        }
    }

    @Test("Whoever waits longer than the busy timeout is told that the store is busy, and nothing was written")
    func busy() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create, busyTimeout: .milliseconds(20))
            try await Shell.with(path) { shell in
                try await shell.run("BEGIN IMMEDIATE")
                let session = someSession()
                let error = await #expect(throws: SessionsError.self) { try await store.insert(session) }
                #expect(error?.code == .busy)
                try await shell.run("ROLLBACK")
                #expect(try await store.load(session.id, at: noon) == nil)
                try await store.insert(session)
            }
        }
    }

    @Test("What this process wrote is there for another, in words that it can read")
    func readable() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            try await store.insert(someSession())
            try await Shell.with(path) { shell in
                let count = try await shell.value(
                    "SELECT count(*) FROM sessions WHERE state = 'live' AND user = 'alice'")
                #expect(count == "1")
            }
        }
    }

    @Test("A shell that removes rows and tidies the file up mixes no payloads up, and leaves none behind")
    func vacuum() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let sessions = (0..<9).map { someSession(user: "user\($0)", payload: [UInt8($0)]) }
            for session in sessions { try await store.insert(session) }
            try await Shell.with(path) { shell in
                try await shell.run("DELETE FROM sessions WHERE user IN ('user0', 'user4', 'user8'); VACUUM")
                #expect(try await shell.value("SELECT count(*) FROM payloads") == "6")
            }
            let new = someSession(payload: [99])
            try await store.insert(new)
            for (number, session) in sessions.enumerated() where number % 4 != 0 {
                #expect(try await store.load(session.id, at: noon)?.session.payload.bytes == [UInt8(number)])
            }
            #expect(try await store.load(new.id, at: noon)?.session.payload.bytes == [99])
            #expect(try await store.rows(after: nil, limit: 99).rows.count == 7)
        }
    }
}
