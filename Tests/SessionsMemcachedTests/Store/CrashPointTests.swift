import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsMemcached

/// A process that dies before the first, the second, any of its commands, and what another finds then.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrashPointTests {
    /// Lets so many commands pass once it is armed, and none after.
    private final class Fuse: Sendable {
        private struct State {
            var left: Int?
            var hasBlown = false
        }

        private let state = Mutex(State())
        var hasBlown: Bool { state.withLock { $0.hasBlown } }

        func arm(after count: Int) { state.withLock { $0.left = count } }

        func pass() throws {
            try state.withLock { state in
                guard let left = state.left else { return }
                state.left = left - 1
                guard left <= 0 else { return }
                state.hasBlown = true
                throw SessionsError(.unavailable, "the process died")
            }
        }
    }

    /// Lets a process die before each command of an act in turn, until one comes through.
    ///
    /// - Parameters:
    ///   - act: what the dying process does, with a session that is live.
    ///   - check: what another finds, and whether the act came through.
    /// - Throws: what both throw, but for the death.
    private func dyingEverywhere(
        _ act: (MemcachedStore, Session) async throws -> Void,
        check: (MemcachedStore, Session, Bool) async throws -> Void
    ) async throws {
        try await OwnMemcached.withServers(2) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for count in 0... {
                let (namespace, fuse) = ("n\(count)", Fuse())
                let healthy = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time)
                let dying = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: { try fuse.pass() })
                let session = freshSession()
                try await healthy.insert(session)
                fuse.arm(after: count)
                var isDone = true
                do { try await act(dying, session) } catch is SessionsError { isDone = false }
                try await check(healthy, session, isDone)
                guard fuse.hasBlown else {
                    #expect(isDone && count > 1)
                    return
                }
            }
        }
    }

    /// Cancels the task of an order before one of its commands.
    private final class Interruption: Sendable {
        private struct State {
            var left: Int
            var task: Task<RevokeReceipt, any Error>?
        }

        private let state: Mutex<State>
        var hasCome: Bool { state.withLock { $0.left < 0 } }

        init(after count: Int) { state = Mutex(State(left: count)) }

        func interrupt(
            _ order: @escaping @Sendable () async throws -> RevokeReceipt
        ) async throws -> RevokeReceipt {
            let task = state.withLock { state in
                let task = Task { try await order() }
                state.task = task
                return task
            }
            defer { state.withLock { $0.task = nil } }
            return try await task.value
        }

        func pass() {
            let task = state.withLock { state -> Task<RevokeReceipt, any Error>? in
                guard let task = state.task else { return nil }
                state.left -= 1
                return state.left == -1 ? task : nil
            }
            task?.cancel()
        }
    }

    private let now = OwnMemcached.time.wall()

    @Test("A revoke that died anywhere is finished by the next, and the feed tells it once")
    func revoking() async throws {
        try await dyingEverywhere { store, session in
            _ = try await store.revoke(session.id, by: "x", reason: nil, at: now)
        } check: { store, session, isDone async throws in
            let again = try await store.revoke(session.id, by: "y", reason: nil, at: now)
            let first = Revocation(at: now, by: "x", reason: nil)
            #expect(isDone ? again.outcome == .alreadyRevoked(first) : again.outcome.word.hasSuffix("evoked"))
            let feed = try await store.feed(after: .start, limit: 9)
            #expect(feed.entries.map(\.event) == [.revoked(session.id)])
            #expect(again.position == FeedPosition(1))
            #expect(try await store.load(session.id, at: now)?.standing == .revoked)
            #expect(try await store.revoke(session.id, by: "z", reason: nil, at: now).position == FeedPosition(1))
        }
    }

    @Test("A cut-off that died anywhere holds when it was answered, and when it is ordered again")
    func cuttingOff() async throws {
        try await dyingEverywhere { store, _ in
            _ = try await store.cutOff(.user("alice"), by: "x", reason: nil, at: now)
        } check: { store, session, isDone async throws in
            if isDone { #expect(try await store.load(session.id, at: now)?.standing == .revoked) }
            let cutoff = try await store.cutOff(.user("alice"), by: "y", reason: nil, at: now)
            #expect(try await store.load(session.id, at: now)?.standing == .revoked)
            let feed = try await store.feed(after: .start, limit: 9)
            #expect(feed.end == cutoff.epoch && feed.entries.count == Int(cutoff.epoch.value))
            #expect(try await store.cutoffs().cutoffs == [cutoff])
            let next = freshSession()
            try await store.insert(next)
            #expect(try await store.load(next.id, at: now)?.standing == .live)
        }
    }

    @Test("Whoever stalls with the first cut-off of a run while the root is lost leaves the next run's cut-offs alone")
    func stalling() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let (configuration, now) = (OwnMemcached.configuration(servers), now)
            for count in 0... {
                let (namespace, fuse) = ("n\(count)", Fuse())
                let other = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time)
                let session = freshSession(user: "carol")
                let stalling = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: {
                        guard !fuse.hasBlown else { return }
                        do { try fuse.pass() } catch is SessionsError {
                            let root = try other.names.root
                            try await other.remove(root, try #require(try await other.fetch(root)))
                            _ = try await other.cutOff(.user("bob"), by: "y", reason: nil, at: now)
                            try await other.insert(session)
                        }
                    })
                fuse.arm(after: count)
                _ = try? await stalling.cutOff(.user("alice"), by: "x", reason: nil, at: now)
                guard fuse.hasBlown else { return #expect(count > 1) }
                let fresh = try await MemcachedStore.open(
                    configuration, mode: .existing, namespace: namespace, time: OwnMemcached.time)
                #expect(try await fresh.cutoffs().cutoffs.contains { $0.scope == .user("bob") })
                #expect(try await fresh.load(session.id, at: now)?.standing == .live)
            }
        }
    }

    @Test("A rotation that died anywhere leaves one of both live at most, and never both")
    func rotating() async throws {
        let successors = Mutex<[IDHash: IDHash]>([:])
        try await dyingEverywhere { store, session async throws in
            let successor = freshSession()
            successors.withLock { $0[session.id] = successor.id }
            #expect(try await store.rotate(session.id, to: successor, reason: "r", at: now) == .rotated)
        } check: { store, session, isDone async throws in
            let id = try #require(successors.withLock { $0[session.id] })
            let (old, new) = (try await store.load(session.id, at: now), try await store.load(id, at: now))
            #expect(old?.standing == (isDone ? .revoked : old?.standing))
            #expect(old?.standing == .live ? new == nil : [nil, .live].contains(new?.standing))
            if isDone { #expect(new?.standing == .live) }
            _ = try await store.revoke(session.id, by: "y", reason: nil, at: now)
            let feed = try await store.feed(after: .start, limit: 9)
            #expect(feed.entries.map(\.event) == [.revoked(session.id)])
        }
    }

    @Test("A session whose sign-in died anywhere is there whole, or not at all")
    func inserting() async throws {
        let made = Mutex<[IDHash: Session]>([:])
        try await dyingEverywhere { store, session in
            let another = freshSession(user: "bob")
            made.withLock { $0[session.id] = another }
            try await store.insert(another)
        } check: { store, session, isDone async throws in
            let another = try #require(made.withLock { $0[session.id] })
            let found = try await store.load(another.id, at: now)
            #expect(found?.session == (isDone ? another : found.map { _ in another }))
            if found == nil { try await store.insert(another) }
            #expect(try await store.rows(after: nil, limit: 9).rows.count == 2)
        }
    }

    @Test("Of an entry of the audit log that died anywhere the chain is whole, with it or without")
    func recording() async throws {
        try await dyingEverywhere { store, _ in
            try await store.record(.export, target: "1", count: 1, order: order)
        } check: { store, _, isDone async throws in
            try await store.record(.export, target: "2", count: 1, order: order)
            let log = try await store.audit(after: 0, limit: 9)
            #expect(log.last?.target == "2" && (isDone ? log.count == 2 : [1, 2].contains(log.count)))
            for (index, entry) in log.enumerated() { #expect(entry.follows(index == 0 ? nil : log[index - 1])) }
        }
    }

    private var order: Order { Order(actor: "ops", reason: nil, at: now) }

    @Test("An order that is cancelled before any of its commands is done, told and on the record")
    func cancelling() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let configuration = OwnMemcached.configuration(servers)
            let order = order
            for count in 0... {
                let (namespace, interruption) = ("n\(count)", Interruption(after: count))
                let store = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: { interruption.pass() })
                let session = freshSession()
                try await store.insert(session)
                let receipt = try await interruption.interrupt {
                    try await store.revoke(.sessions([session.id]), order: order)
                }
                #expect(receipt.outcomes.map(\.outcome) == [.revoked])
                #expect(try await store.feed(after: .start, limit: 9).entries.map(\.event) == [.revoked(session.id)])
                #expect(try await store.audit(after: 0, limit: 9).map(\.result) == ["revoked 1"])
                guard interruption.hasCome else { return #expect(count > 1) }
            }
        }
    }

    @Test("A run whose beginning died anywhere is begun by the next")
    func beginning() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let configuration = OwnMemcached.configuration(servers)
            for count in 0... {
                let (namespace, fuse) = ("n\(count)", Fuse())
                fuse.arm(after: count)
                _ = try? await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time,
                    beforeCommand: { try fuse.pass() })
                let store = try await MemcachedStore.open(
                    configuration, mode: .create, namespace: namespace, time: OwnMemcached.time)
                let session = freshSession()
                try await store.insert(session)
                #expect(try await store.load(session.id, at: now)?.standing == .live)
                guard fuse.hasBlown else { return #expect(count > 1) }
            }
        }
    }
}
