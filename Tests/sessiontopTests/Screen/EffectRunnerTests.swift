import Dashboard
import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("The dashboard's changes of the store")
struct EffectRunnerTests {
    private let time = SteppingTime()
    private let inbox = Inbox(wake: {})
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

    @Test("What came back is on the record, for each 500 sessions, under what the revoke was for")
    func returnedOnRecord() async throws {
        let ids = (0..<501).map { _ in SessionID().hash }
        let runner = runner(on: RevivingDirectory(store: store))
        await runner.recordReturned(ids, of: .user("alice"), order)
        await runner.recordReturned([ids[0]], of: .sessions(ids), order)
        let log = try await store.audit(after: 0, limit: 9)
        #expect(log.map(\.result) == ["cameBack 500", "cameBack 1", "cameBack 1"])
        #expect(log.map(\.target) == ["user:alice", "user:alice", "s:\(ids[0].handle)"])
        #expect(log.allSatisfy { $0.action == .revoke && $0.actor == "mira@desk" && $0.reason == "INC-7" })
        #expect(inbox.take().isEmpty)
    }

    @Test("What became of an audit entry's sessions is read in pages, a short one first")
    func outcomePages() async throws {
        _ = try await store.revoke(.sessions(Self.strangers), order: order)
        let runner = EffectRunner(
            directory: store, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
        var (pages, place): ([Int], Int64?) = ([], nil)
        repeat {
            await runner.loadOutcomes(1, after: place)
            place = nil
            for case .outcomes(1, let outcomes, let next) in inbox.take() {
                pages.append(outcomes.count)
                place = next
            }
        } while place != nil
        #expect(pages == [50, 500, 500, 500, 500, 450])
    }

    // MARK: Contexts

    @Test("A context that opens is handed over once, and one that doesn't is told of")
    func contexts() async throws {
        let other = MemoryStore(time: time.source)
        let runner = EffectRunner(
            directory: store, readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox,
            openContext: { name in
                guard name == "staging" else { throw SessionsError(.unavailable, "nobody answers") }
                return ShownStore(directory: other, name: name)
            })
        await runner.openContext("gone")
        await runner.openContext("staging")
        let heard = inbox.take().map { action -> String in
            switch action {
            case .message(let text, .error): text
            case .contextOpened(let name): "\(name) is open"
            default: "\(action)"
            }
        }
        #expect(heard == ["ctx: nobody answers", "staging is open"])
        #expect(runner.takeContext("gone")?.name == nil)
        #expect(runner.takeContext("staging")?.name == "staging")
        #expect(runner.takeContext("staging")?.name == nil)
        await runner.openContext("staging")
        runner.dropContext("staging")
        #expect(runner.takeContext("staging")?.name == nil)
    }

    @Test("The end of what is waited for before another store is shown is told, whatever came of it")
    func awaited() async throws {
        let (stream, waker) = AsyncStream.makeStream(of: Void.self)
        let inbox = Inbox { waker.yield() }
        var wakes = stream.makeAsyncIterator()
        for reason in [nil, "the context says so"] as [String?] {
            let runner = EffectRunner(
                directory: store, readOnlyReason: reason, keys: nil, time: time.source, inbox: inbox)
            for effect in [Effect.reveal(Self.strangers[0], order), .record(.dryRun, target: "x", count: 1, order)] {
                runner.run(effect)
                var isFinished = false
                while !isFinished, await wakes.next() != nil {
                    isFinished = inbox.take().contains { if case .finished = $0 { true } else { false } }
                }
            }
        }
        #expect(try await store.audit(after: 0, limit: 9).count == 2, "each was awaited, and the others were refused")
    }

    // MARK: Pieces

    /// Hashes that no session has.
    private static let strangers = (0..<2500).map { _ in SessionID().hash }

    /// What was heard of the change, in a few words each.
    private func heard() -> [String] {
        inbox.take().compactMap { action -> String? in
            guard case .job(_, let event) = action else { return nil }
            return switch event {
            case .progress(let done, let failed): "\(done) done, \(failed) failed"
            case .durable(let receipt): "\(receipt.outcomes.count) durable, not told: \(receipt.unreached)"
            case .extended(let outcomes): "\(outcomes.count) extended"
            case .stopped: "stopped"
            case .failed(let why): "failed: \(why)"
            default: "\(event)"
            }
        }
    }

    /// What happens on the way, and what is heard of it at the end.
    enum Trouble: String, CaseIterable {
        case failure = "failed: the disk is full"
        case stop = "stopped"

        /// Ends the work: before the third order is answered, or while the second is under way in a store that gives up
        /// where its task is cancelled.
        func happen(at order: Int, stop: () -> Void) throws {
            switch (self, order) {
            case (.failure, 3): throw DiskIsFull()
            case (.stop, 2):
                stop()
                try Task.checkCancellation()
            default: break
            }
        }
    }

    private struct DiskIsFull: Error, CustomStringConvertible { let description = "the disk is full" }

    @Test(
        "What was durable before a failure, or under way at a stop, is told, then how it ended",
        arguments: Trouble.allCases)
    func partOfARevoke(trouble: Trouble) async throws {
        let count = Mutex(0)
        let task = Mutex<Task<Void, Never>?>(nil)
        let directory = RevivingDirectory(
            store: store,
            onRevoke: { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                try trouble.happen(at: number) { task.withLock { $0 }?.cancel() }
            })
        let changes = runner(on: directory)
        task.withLock { $0 = Task { await changes.revoke(job, .sessions(Self.strangers), order) } }
        await task.withLock { $0 }?.value
        #expect(
            heard() == [
                "1000 done, 0 failed", "2000 done, 0 failed", "2000 durable, not told: []", trouble.rawValue,
            ])
        try await expectStopped(.revoke, trouble)
    }

    @Test(
        "What was extended before a failure, or under way at a stop, is told, then how it ended",
        arguments: Trouble.allCases)
    func partOfAnExtend(trouble: Trouble) async throws {
        let count = Mutex(0)
        let task = Mutex<Task<Void, Never>?>(nil)
        let directory = RevivingDirectory(
            store: store,
            onExtend: { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                try trouble.happen(at: number) { task.withLock { $0 }?.cancel() }
            })
        let changes = runner(on: directory)
        task.withLock { $0 = Task { await changes.extend(job, Self.strangers, to: .by(.seconds(60)), order) } }
        await task.withLock { $0 }?.value
        #expect(heard() == ["1000 done, 0 failed", "2000 done, 0 failed", "2000 extended", trouble.rawValue])
        try await expectStopped(.extend, trouble)
    }

    /// Only after a stop does an entry more tell of the whole.
    private func expectStopped(_ action: AuditAction, _ trouble: Trouble) async throws {
        let log = try await store.audit(after: 0, limit: 9)
        let stops = log.filter { $0.result == "stopped after 2000, left 500" }
        #expect(log.count == 3 && stops.count == (trouble == .stop ? 1 : 0))
        for stop in stops { #expect(stop.action == action && stop.target == "2500 sessions" && stop.count == 2500) }
    }

    @Test("What fails is counted, and whatever node one piece did not reach is told of the whole")
    func wholeRevoke() async throws {
        let directory = RevivingDirectory(
            store: store,
            onRevoke: { receipt in
                guard receipt.outcomes.first?.id == Self.strangers[0] else { return }
                receipt.outcomes[7].outcome = .failed(because: "web-02 doesn't answer")
                receipt.unreached = ["web-02"]
            })
        await runner(on: directory).revoke(job, .sessions(Self.strangers), order)
        #expect(
            heard() == [
                "1000 done, 1 failed", "2000 done, 1 failed", "2500 done, 1 failed",
                #"2500 durable, not told: ["web-02"]"#,
            ])
    }

    /// A store of which a part can't be read, and that ends nobody's sessions but Alice's.
    private struct DimDirectory: PassingDirectory {
        let inner: any SessionDirectory

        func gaps() async -> [String] { ["9 sessions can't be read: whose they are isn't known"] }

        func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
            var receipt = try await inner.revoke(target, order: order)
            if case .user(let user) = target {
                guard user == "alice" else { throw DiskIsFull() }
                receipt.gaps = ["2 sessions can't be read: whose they are isn't known"]
            }
            return receipt
        }
    }

    @Test("What may be a user's, too, and can't be read, is told of the revoke that left it out, and of no other")
    func unreadable() async throws {
        let changes = EffectRunner(
            directory: DimDirectory(inner: store), readOnlyReason: nil, keys: nil, time: time.source, inbox: inbox)
        let cases: [(RevokeTarget, Int)] = [
            (.user("alice"), 1), (.user("bob"), 0), (.sessions([Self.strangers[0]]), 0),
        ]
        for (target, count) in cases {
            await changes.revoke(job, target, order)
            let messages = inbox.take().compactMap { action -> String? in
                if case .message(let text, .error) = action { text } else { nil }
            }
            #expect(messages.count == count && messages.allSatisfy { $0.hasPrefix("incomplete: 2 sessions") })
        }
    }

    @Test("Where nothing was done, nothing is durable")
    func nothingDone() async throws {
        let directory = RevivingDirectory(store: store, onRevoke: { _ in throw DiskIsFull() })
        await runner(on: directory).revoke(job, .user("alice"), order)
        #expect(heard() == ["failed: the disk is full"])
    }
}
