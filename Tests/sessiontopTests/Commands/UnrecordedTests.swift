import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("Changes that could not be put on the record")
struct UnrecordedTests {
    @Test("What was done is told as done, that it isn't on record beside it, and the status is 1")
    func revoke() async throws {
        let time = SteppingTime()
        let store = MemoryStore(time: time.source)
        let id = IDHash(hashing: [1])
        try await store.insert(Session(id: id, user: "alice", created: time.now, lifetime: .office))
        var directory = RevivingDirectory(store: store)
        directory.unrecorded = ["revoke of one: the disk is full"]
        let notes = Mutex([String]())
        let output = Output(
            isTerminal: false, width: 80, sink: { _ in }, notes: { note in notes.withLock { $0.append(note) } })
        let environment = CommandEnvironment(variable: { _ in nil }, time: time.source, ask: nil)
        var work = RevokeWork(directory: directory, environment: environment, output: output)
        var lines: [OutcomeLine] = []
        let session = Target.Session(id: id, user: "alice", state: .live)
        await work.revoke(Target(choice: .handles, sessions: [session]), reason: nil) { lines += $0 }
        #expect(lines.map(\.outcome) == ["revoked"] && work.didAnything && work.hasFailure)
        let said = notes.withLock { $0 }
        #expect(said == ["Not on record: revoke of one: the disk is full."])
    }
}
