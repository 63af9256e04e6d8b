import ArgumentParser
import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("watch")
struct WatchTests {
    let shop: CommandShop

    init() throws { shop = try CommandShop() }

    @Test("Each change is told once, as what it was")
    func kinds() async throws {
        let old = try await shop.signIn("old", idle: .seconds(100))
        let watcher = try await ChangeWatcher(directory: shop.store, time: shop.time.source)
        #expect(watcher.count == 1)
        #expect(try await watcher.poll().isEmpty)

        let new = try await shop.signIn("new")
        #expect(try await kinds(of: watcher) == [new: .created])

        shop.time.advance(by: .seconds(5))
        _ = try await shop.store.touch([Touch(id: new, at: shop.time.now, idle: .seconds(1800))])
        #expect(try await kinds(of: watcher) == [new: .seen])

        let order = Order(actor: "test", reason: nil, at: shop.time.now)
        _ = try await shop.store.extend([new], to: .by(.seconds(60)), order: order)
        #expect(try await kinds(of: watcher) == [new: .extended])

        _ = try await shop.store.save(Payload(bytes: [1]), of: new, replacing: 1, at: shop.time.now)
        #expect(try await kinds(of: watcher) == [new: .changed])

        _ = try await shop.store.revoke(new, by: "test", reason: nil, at: shop.time.now)
        #expect(try await kinds(of: watcher) == [new: .revoked])

        shop.time.advance(by: .seconds(120))
        #expect(try await kinds(of: watcher) == [old: .expired])
        #expect(try await watcher.poll().isEmpty)

        shop.time.advance(by: .seconds(100 * 86_400))
        while try await shop.store.purge(Retention(), at: shop.time.now) > 0 {}
        let removed = try await kinds(of: watcher)
        #expect(removed == [old: .removed, new: .removed])
    }

    @Test("A revoke of a whole user is told for each of the sessions")
    func cutoff() async throws {
        let ids = [try await shop.signIn("alice"), try await shop.signIn("alice")]
        try await shop.signIn("bob")
        let watcher = try await ChangeWatcher(directory: shop.store, time: shop.time.source)
        let order = Order(actor: "test", reason: "x", at: shop.time.now)
        _ = try await shop.store.revoke(.user("alice"), order: order)
        #expect(try await kinds(of: watcher) == [ids[0]: .revoked, ids[1]: .revoked])
    }

    @Test("A session that was touched before its deadline isn't told to have expired")
    func movedDeadline() async throws {
        let id = try await shop.signIn("alice", idle: .seconds(60))
        let watcher = try await ChangeWatcher(directory: shop.store, time: shop.time.source)
        shop.time.advance(by: .seconds(50))
        _ = try await shop.store.touch([Touch(id: id, at: shop.time.now, idle: .seconds(60))])
        shop.time.advance(by: .seconds(20))
        #expect(try await kinds(of: watcher) == [id: .seen])
        shop.time.advance(by: .seconds(60))
        #expect(try await kinds(of: watcher) == [id: .expired])
    }

    @Test("What was noticed before the store failed in the middle of a poll is told by the next", arguments: 1...2)
    func failsBetweenPages(answers: Int) async throws {
        var ids: [IDHash] = []
        for number in 0..<5 { ids.append(try await shop.signIn("user\(number)")) }
        let directory = StumblingDirectory(shop.store, pageSize: 2)
        let watcher = try await ChangeWatcher(directory: directory, time: shop.time.source)
        for id in ids { _ = try await shop.store.revoke(id, by: "test", reason: nil, at: shop.time.now) }
        directory.answer(answers)
        let missed = try? await watcher.poll()
        #expect(missed?.count == nil)
        directory.answer(nil)
        let revoked = ids.map { ($0, ChangeEvent.Kind.revoked) }
        #expect(try await kinds(of: watcher) == Dictionary(uniqueKeysWithValues: revoked))
        #expect(try await watcher.poll().isEmpty)
    }

    @Test("Sessions that expire are told where the store fails while it is asked about them", arguments: 1...3)
    func failsBetweenExpirations(answers: Int) async throws {
        var ids: [IDHash] = []
        // All of them end in the same second.
        for number in 0..<3 { ids.append(try await shop.signIn("user\(number)", idle: .seconds(100 - number))) }
        let directory = StumblingDirectory(shop.store, pageSize: 9)
        let watcher = try await ChangeWatcher(directory: directory, time: shop.time.source)
        shop.time.advance(by: .seconds(200))
        directory.answer(answers)
        let missed = try? await watcher.poll()
        #expect(missed?.count == nil)
        directory.answer(nil)
        let expired = ids.map { ($0, ChangeEvent.Kind.expired) }
        #expect(try await kinds(of: watcher) == Dictionary(uniqueKeysWithValues: expired))
        #expect(try await watcher.poll().isEmpty)
    }

    @Test("The command prints a line of JSON a change, and ends in good order when it is interrupted")
    func command() async throws {
        let printed = Mutex<[UInt8]>([])
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let output = Output(
            isTerminal: false,
            sink: { bytes in
                printed.withLock { $0 += bytes }
                continuation.yield()
            },
            notes: { _ in continuation.yield() })
        let command = try #require(try SessionTop.parseAsRoot(["watch", shop.url]) as? WatchCommand)
        let environment = CommandEnvironment(variable: { _ in nil }, time: .system, ask: nil)
        let task = Task { try await command.run(to: output, in: environment) }
        var events = stream.makeAsyncIterator()
        await events.next()
        let id = try await shop.signIn("alice", idle: nil, absolute: .seconds(1_000_000_000))
        await events.next()
        task.cancel()
        try await task.value
        let line = try #require(JSONValue(parsing: printed.withLock { $0 }))
        #expect(line["event"] == "created" && line["handle"] == .string("\(id.handle)") && line["user"] == "alice")
    }

    private func kinds(of watcher: ChangeWatcher) async throws -> [IDHash: ChangeEvent.Kind] {
        Dictionary(uniqueKeysWithValues: try await watcher.poll().map { ($0.id, $0.kind) })
    }
}
