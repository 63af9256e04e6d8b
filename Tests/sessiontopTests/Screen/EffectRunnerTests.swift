import Dashboard
import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("The dashboard's changes of the store")
struct EffectRunnerTests {
    private let time = SteppingTime()
    private let inbox = Inbox {}
    private let store: MemoryStore
    private let job = JobID(1)

    init() { store = MemoryStore(time: time.source) }

    private var order: Order { Order(actor: "mira@desk", reason: "INC-7", at: time.now) }

    private func runner(on directory: RevivingDirectory) -> EffectRunner {
        EffectRunner(directory: directory, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
    }

    private func signIn(_ user: String) async throws -> IDHash {
        let id = SessionID().hash
        try await store.insert(Session(id: id, user: user, created: time.now, lifetime: .office))
        return id
    }

    /// What the second look found that has ended.
    private func cameBack() -> [IDHash]? {
        inbox.take().lazy.compactMap { if case .job(_, .rechecked(_, let ids)) = $0 { ids } else { nil } }.first
    }

    @Test(
        "A new visitor under an old id has not come back",
        arguments: [("alice", true), (nil, false), ("bob", false)] as [(String?, Bool)])
    func newVisitor(_ user: String?, _ comesBack: Bool) async throws {
        let id = try await signIn("alice")
        let directory = RevivingDirectory(store: store, id: id, newUser: .some(user))
        await runner(on: directory).recheck(job, [id: "alice"], after: .seconds(2))
        let expected: [IDHash] = comesBack ? [id] : []
        #expect(cameBack() == expected)
    }

    @Test("Whether one of many came back is told by a pass over the store")
    func manyAgain() async throws {
        var ended: [IDHash: String?] = [:]
        for _ in 0..<300 { ended[try await signIn("alice")] = .some("alice") }
        let ids = ended.keys.sorted()
        _ = try await store.revoke(.sessions(ids), order: order)
        let looks = Mutex(0)
        let directory = RevivingDirectory(store: store, id: ids[7], beforeLook: { looks.withLock { $0 += 1 } })
        await runner(on: directory).recheck(job, ended, after: .seconds(2))
        #expect(cameBack() == [ids[7]])
        #expect(looks.withLock { $0 } == 0, "a look at each would be 300 questions")
    }
}
