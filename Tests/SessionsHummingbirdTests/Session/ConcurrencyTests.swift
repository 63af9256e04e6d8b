import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SessionTesting
import Sessions
import Testing

@testable import SessionsHummingbird

@Suite("Concurrent requests of one session")
struct ConcurrencyTests {
    @Test("A save from an older state hears of the conflict, sees the newer state, and can merge")
    func conflict() async throws {
        let shop = try Shop()
        let router = shop.router(shop.node())
        router.group().add(middleware: SessionMiddleware(shop.node("web-2"), settings: shop.settings))
            .post("/merge") { _, context in
                var mine = try context.session.payload
                mine.items["milk"] = 1
                // Meanwhile another request saves.
                let theirs = try #require(context.session.record)
                let now = shop.time.now
                let bytes = Array(#"{"items":{"rice":5},"note":""}"#.utf8)
                let sealed = try shop.sealer.seal(bytes, id: theirs.id, version: theirs.version + 1)
                let saved = try await shop.memory.save(sealed, of: theirs.id, replacing: theirs.version, at: now)
                #expect(saved == .saved(version: theirs.version + 1))
                #expect(try await context.session.save(mine) == .conflict)
                #expect(try context.session.payload.items == ["rice": 5])
                mine.items.merge(try context.session.payload.items) { $1 }
                #expect(try await context.session.save(mine) == .saved)
                #expect(try await context.session.save(mine) == .unchanged)
                mine.note = "twice in one request"
                #expect(try await context.session.save(mine) == .saved)
                return "merged"
            }
        try await Application(router: router).test(.router) { client in
            let browser = Browser(client)
            try await browser.post("/cart/tea")
            #expect(try await browser.post("/merge").text == "merged")
            #expect(try await browser.get("/cart").text == "milk=1 rice=5 tea=1")
        }
    }

    @Test("A change that never gets through is given up after as many attempts as were allowed")
    func givenUp() async throws {
        let shop = try Shop()
        let node = shop.node()
        let id = try await node.begin(payload: []).id
        let core = SessionCore(
            SessionDesk(node, shop.settings, versions: .untold), fields: [.cookie: "__Host-session=\(id.secretText)"],
            peer: nil)
        try await core.open()
        let session = RequestSession<Cart>(core)
        // Somebody else is always faster.
        let rival = Task {
            for version in Int64(1)...3 {
                await shop.store.waitUntilHeld(.save, .before)
                let sealed = try shop.sealer.seal([], id: id.hash, version: version + 1)
                _ = try await shop.memory.save(sealed, of: id.hash, replacing: version, at: shop.time.now)
                shop.store.resume(.save, .before)
            }
        }
        var attempts = 0
        let error = await #expect(throws: SessionsError.self) {
            try await session.update(attempts: 3) { cart in
                attempts += 1
                cart.note = "\(attempts)"
                shop.store.pause(.save, .before)
            }
        }
        #expect(error?.code == .saveConflict)
        #expect(error?.status == .conflict)
        #expect(attempts == 3)
        try await rival.value
        #expect(node.counters[.conflicts] == 3)
    }

    @Test("A session that ends while it is changed: 401, nothing is written, and the cookie goes")
    func endsMeanwhile() async throws {
        let shop = try Shop()
        let node = shop.node()
        try await shop.withRunning(node) {
            try await shop.visit(node) { browser in
                try await browser.post("/sign-in/alice")
                try await browser.get("/me")
                let session = try #require(try await shop.stored(browser)?.session)
                _ = try await shop.memory.revoke(session.id, by: "ops", reason: nil, at: shop.time.now)
                #expect(try await browser.post("/cart/tea").status == .unauthorized)
                #expect(browser["__Host-session"] == nil)
                #expect(node.counters[.resurrectionAlarms] == 1)
            }
        }
    }

    @Test("No change is lost that was said to be done: many at once, of few sessions, at three nodes")
    func noLostUpdate() async throws {
        // The whole of it: CONCURRENT_WRITES=100000, of a hundred sessions.
        let writes = ProcessInfo.processInfo.environment["CONCURRENT_WRITES"].flatMap { Int($0) } ?? 3000
        let sessions = max(1, min(100, writes / 300))
        let perSession = writes / sessions
        let shop = try Shop()
        let nodes = ["web-1", "web-2", "web-3"].map { shop.node($0) }
        let desks = nodes.map { SessionDesk($0, shop.settings, versions: .untold) }
        var ids: [SessionID] = []
        for _ in 0..<sessions { ids.append(try await nodes[0].begin(payload: []).id) }
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<sessions * perSession {
                let (id, desk) = (ids[number % sessions], desks[(number / sessions) % desks.count])
                group.addTask { try await Self.addOne(id, desk) }
            }
            return try await group.reduce(0, +)
        }
        var stored = 0
        for id in ids {
            guard case .live(let served) = await nodes[1].load(id) else {
                Issue.record("a session is lost")
                continue
            }
            stored += try Cart(sessionBytes: served.payload).items["tea"] ?? 0
        }
        #expect(stored == done)
        #expect(done > sessions * perSession * 9 / 10, "hardly any is given up")
    }

    /// As a request does it; answers how many changes were said to be done.
    private static func addOne(_ id: SessionID, _ desk: SessionDesk) async throws -> Int {
        let core = SessionCore(desk, fields: [.cookie: "__Host-session=\(id.secretText)"], peer: nil)
        try await core.open()
        do {
            try await RequestSession<Cart>(core).update { $0.items["tea", default: 0] += 1 }
            return 1
        } catch let error as SessionsError where error.code == .saveConflict { return 0 }
    }

    @Test("Turns are taken one after the other; where the store is away nobody waits for a row of time limits")
    func lanes() async throws {
        let lanes = UpdateLanes()
        let id = SessionID().hash
        #expect(await lanes.enter(id) == .first)
        #expect(await lanes.enter(SessionID().hash) == .first, "others don't wait")
        async let second = lanes.enter(id)
        async let third = lanes.enter(id)
        while lanes.count(waitingFor: id) < 2 { await Task.yield() }
        lanes.leave(id, .first, failed: false)
        while lanes.count(waitingFor: id) == 2 { await Task.yield() }
        lanes.leave(id, .afterOthers, failed: true)
        #expect(Set(await [second, third]) == [.afterOthers, .released])
        lanes.leave(id, .released, failed: false)
        #expect(await lanes.enter(id) == .first)
    }
}
