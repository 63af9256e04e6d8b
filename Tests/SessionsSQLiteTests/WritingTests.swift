import Dispatch
import Foundation
import GRDB
import Sessions
import Testing

@testable import SessionsSQLite

@Suite struct WritingTests {
    @Test("Of callers that share a transaction a failing one fails alone")
    func isolation() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let taken = someSession()
            try await store.insert(taken)
            let failures = try await shareOneTransaction(store) {
                await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            do {
                                try await store.insert(number % 4 == 0 ? taken : someSession())
                                return false
                            } catch { return (error as? SessionsError)?.code == .idExists }
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
            #expect(failures == 10)
            #expect(try await store.statistics(at: noon).sessions == 31)
        }
    }

    @Test("A node that reports again while it is being forgotten stays")
    func returningNode() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let last = NodeReport(id: "n", started: noon, heartbeat: noon, applied: .start, lease: .seconds(2))
            var next = last
            next.heartbeat = noon + .seconds(1)
            try await store.publish(next)
            try await store.write { try $0.removeNodes([last]) }
            #expect(try await store.nodes() == [next])
            try await store.write { [next] in try $0.removeNodes([next]) }
            #expect(try await store.nodes().isEmpty)
        }
    }

    @Test("Whoever shares a transaction with the cut-off before them finds their session ended")
    func cutOffInOneTransaction() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            var session = someSession()
            session.tenant = "t"
            try await store.insert(session)
            try await store.write { [session] transaction in
                _ = try transaction.cutOff(.tenant("t"), Revocation(at: noon, by: "ops", reason: "left"))
                let use = Touch(id: session.id, at: noon, idle: .seconds(60))
                #expect(try transaction.touch([use]) == [.refused(.revoked)])
                let next = someSession()
                let renewed = try transaction.rotate(session.id, to: next, by: "web", reason: "sign-in", at: noon)
                #expect(renewed == .refused(.revoked))
                #expect(try transaction.extend(session.id, to: .by(.seconds(60)), at: noon) == .refused(.revoked))
            }
        }
    }

    @Test("Where a cut-off is lost, and its epoch is given to another, lists are judged by the other")
    func lostCutoff() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            for tenant in ["a", "b"] {
                var session = someSession(user: tenant)
                session.tenant = tenant
                try await store.insert(session)
            }
            func revoked() async throws -> [String?] {
                let rows = try await store.rows(after: nil, limit: 9).rows
                #expect(try await store.statistics(at: noon).revoked == 1)
                return rows.filter { $0.state == .revoked }.map(\.user)
            }
            let lost = try await store.cutOff(.tenant("a"), by: "x", reason: nil, at: noon)
            #expect(try await revoked() == ["a"])
            // As a backup from before has it, or a standby that hadn't heard of it.
            try await DatabaseQueue(path: path).write {
                try $0.execute(
                    sql: "DELETE FROM feed; DELETE FROM cutoffs; UPDATE namespaces SET feed_end = 0, cutoff_end = 0")
            }
            let next = try await store.cutOff(.tenant("b"), by: "x", reason: nil, at: noon)
            #expect(next.epoch == lost.epoch)
            #expect(try await revoked() == ["b"])
        }
    }

    @Test("Of touches that share a transaction each keeps its own spelling")
    func spellings() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let agents = ["caf\u{e9}", "cafe\u{301}", nil, "cafe\u{301}"]
            let sessions = agents.map { _ in someSession() }
            for session in sessions { try await store.insert(session) }
            _ = try await store.touch(
                zip(sessions, agents).map { Touch(id: $0.id, at: noon, idle: .seconds(60), agent: $1) })
            for (session, agent) in zip(sessions, agents) {
                let kept = try #require(try await store.load(session.id, at: noon))
                #expect(kept.session.agent.map { Array($0.utf8) } == agent.map { Array($0.utf8) })
            }
        }
    }

    @Test("Nobody is told of success before the commit")
    func noEarlyWord() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let other = try SQLiteStore.open(path: folder.file("s.db"), mode: .existing)
            let session = someSession()
            let held = DispatchSemaphore(value: 0)
            let (events, happened) = AsyncStream.makeStream(of: String.self)
            async let written: Void = {
                try await store.write { transaction in
                    try transaction.insert(session)
                    happened.yield("inserted")
                    held.wait()
                }
                happened.yield("told")
            }()
            var iterator = events.makeAsyncIterator()
            #expect(await iterator.next() == "inserted")
            #expect(try await other.load(session.id, at: noon) == nil)
            happened.yield("released")
            held.signal()
            #expect(await iterator.next() == "released")
            #expect(await iterator.next() == "told")
            try await written
            #expect(try await other.load(session.id, at: noon)?.standing == .live)
        }
    }

    @Test("Where the transaction itself fails everybody in it is told so, and nothing of it stays")
    func failingTransaction() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let failures = try await shareOneTransaction(store) {
                await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            do {
                                // What SQLite does by itself after some errors of the disk.
                                if number == 7 { try await store.write { try $0.db.run("ROLLBACK") } }
                                if number != 7 { try await store.insert(someSession()) }
                                return false
                            } catch { return true }
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
            let sessions = try await store.statistics(at: noon).sessions
            #expect(failures > 0 && sessions + failures == 20)
            try await store.insert(someSession())
            #expect(try await store.statistics(at: noon).sessions == sessions + 1)
        }
    }

    @Test("Behind a stuck transaction of another everybody is refused at once, more than a bound may not even wait")
    func stuckTransaction() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let (attempts, hasAttempted) = AsyncStream.makeStream(of: Int.self)
            let patience = DispatchSemaphore(value: 0)
            let lane = try Self.lane(to: store) { tries in
                hasAttempted.yield(tries)
                patience.wait()
                return false
            }
            let stuck = DispatchSemaphore(value: 0)
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            async let other: Void = store.write { _ in
                hasStarted.yield()
                stuck.wait()
            }
            for await _ in started { break }
            async let first = Self.failure(of: lane)
            var attempt = attempts.makeAsyncIterator()
            _ = await attempt.next()
            async let behind = Self.failures(of: lane, WriterLane.mostWaiting)
            while lane.waitingCount < WriterLane.mostWaiting { await Task.yield() }
            let surplus = await Self.failure(of: lane)
            #expect(surplus?.code == .busy && surplus?.message.contains("too many writes") == true)
            // Enough for every group to lose its patience.
            for _ in 0..<100 { patience.signal() }
            #expect(await first?.code == .busy)
            let refused = await behind
            #expect(refused.count == WriterLane.mostWaiting && refused.allSatisfy { $0?.code == .busy })
            #expect(lane.waitingCount == 0)
            hasAttempted.finish()
            #expect(await attempt.next() == nil, "nobody waited for the other transaction again")
            stuck.signal()
            try await other
            try await lane.write { try $0.insert(someSession()) }
            #expect(try await store.statistics(at: noon).sessions == 1)
        }
    }

    @Test("However many read at once the connections are bounded, and neither the feed nor its end is behind them")
    func boundedReaders() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create)
            let denial = TokenDenial(issuer: "i", tokenID: "j")
            _ = try await store.deny([denial], at: noon)
            let count = 4 * ReaderPool.mostSnapshots
            let held = DispatchSemaphore(value: 0)
            async let reading: Void = withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<count { group.addTask { try await store.readers.snapshot { _ in held.wait() } } }
                try await group.waitForAll()
            }
            while store.readers.waitingCount < count - ReaderPool.mostSnapshots { await Task.yield() }
            let ends = try await withThrowingTaskGroup(of: FeedPosition.self) { group in
                for _ in 0..<(10 * count) { group.addTask { try await store.feed(after: .start, limit: 0).end } }
                return try await group.reduce(into: Set<FeedPosition>()) { $0.insert($1) }
            }
            #expect(ends == [FeedPosition(1)])
            #expect(try await store.feed(after: .start, limit: 1000).entries.map(\.event) == [.denied(denial)])
            // Beside these: one a thread, those that are kept, and the one that writes.
            let threads = ProcessInfo.processInfo.activeProcessorCount
            #expect(try Self.descriptors(of: path) <= ReaderPool.mostSnapshots + threads + 8)
            for _ in 0..<count { held.signal() }
            try await reading
            #expect(store.readers.waitingCount == 0)
        }
    }

    /// How many of this process's descriptors are of a file; none where the system doesn't list them.
    private static func descriptors(of path: String) throws -> Int {
        let list = "/proc/self/fd"
        guard FileManager.default.fileExists(atPath: list) else { return 0 }
        return try FileManager.default.contentsOfDirectory(atPath: list).count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(list)/\($0)")) == path
        }
    }

    @Test("A full disk is said to be full; nothing is lost, and the store goes on when there is space")
    func fullDisk() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            try await store.write { try $0.db.run("PRAGMA max_page_count = 40") }
            let payload = Array(repeating: UInt8(7), count: 3000)
            var written: [IDHash] = []
            let error = await #expect(throws: SessionsError.self) {
                while written.count < 100 {
                    let session = someSession(payload: payload)
                    try await store.insert(session)
                    written.append(session.id)
                }
            }
            #expect(error?.code == .storeFull)
            #expect(!written.isEmpty)
            for id in written { #expect(try await store.load(id, at: noon)?.standing == .live) }
            _ = try await store.revoke(written[0], by: "x", reason: nil, at: noon)
            try await store.write { try $0.db.run("PRAGMA max_page_count = 4000") }
            try await store.insert(someSession(payload: payload))
            #expect(try await store.statistics(at: noon).sessions == written.count)
        }
    }

    @Test("A sealed payload is stored as it was given, and the text of an id nowhere")
    func atRest() async throws {
        try await TemporaryFolder.with { folder async throws in
            let store = try SQLiteStore.open(path: folder.file("s.db"), mode: .create)
            let id = SessionID()
            let sealed = (0..<64).map { _ in UInt8.random(in: 0...255) }
            var session = Session(id: id.hash, user: "alice", created: noon, lifetime: .office)
            session.payload = Payload(keyID: "k1", bytes: sealed)
            try await store.insert(session)
            let all = try folder.contents().values.reduce(Data(), +)
            #expect(all.range(of: Data(sealed)) != nil)
            #expect(all.range(of: Data(id.secretText.utf8)) == nil)
        }
    }

    /// Another lane to a store's file; `waitsOn` says whether it waits on for another's transaction.
    private static func lane(
        to store: SQLiteStore, waitsOn: @escaping @Sendable (Int) -> Bool
    ) throws -> WriterLane {
        var configuration = StoreFile(path: store.path, busyTimeout: .zero).configuration(readOnly: false)
        configuration.busyMode = .callback(waitsOn)
        return WriterLane(
            queue: try DatabaseQueue(path: store.path, configuration: configuration),
            namespace: store.namespaceNumber, path: store.path, identity: try FileIdentity(path: store.path),
            news: store.news)
    }

    /// Writes a session; `nil`: that was done.
    private static func failure(of lane: WriterLane) async -> SessionsError? {
        do {
            try await lane.write { try $0.insert(someSession()) }
            return nil
        } catch { return error as? SessionsError }
    }

    /// Writes so many sessions at once.
    private static func failures(of lane: WriterLane, _ count: Int) async -> [SessionsError?] {
        await withTaskGroup(of: SessionsError?.self) { group in
            for _ in 0..<count { group.addTask { await failure(of: lane) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Holds the lane until work has had time to queue up behind it, so that it shares a transaction.
    private func shareOneTransaction<Result: Sendable>(
        _ store: SQLiteStore, _ work: @escaping @Sendable () async -> Result
    ) async throws -> Result {
        let held = DispatchSemaphore(value: 0)
        let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
        async let holder: Void = store.write { _ in
            hasStarted.yield()
            held.wait()
        }
        for await _ in started { break }
        async let result = work()
        for _ in 0..<100 { await Task.yield() }
        held.signal()
        try await holder
        return await result
    }
}
