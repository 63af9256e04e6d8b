import SessionTesting
import Sessions
import Subprocess
import Synchronization
import Testing

@testable import SessionsMemcached

/// What memcached loses, and how little of it matters: what is lost is gone, and never live again.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LossTests {
    private let now = TimeSource.system.wall()

    private func open(
        _ servers: [MemcachedServer], mode: MemcachedStore.OpenMode = .create, commandLimit: Duration = .seconds(30)
    ) async throws -> MemcachedStore {
        var configuration = OwnMemcached.configuration(servers)
        configuration.commandLimit = commandLimit
        return try await MemcachedStore.open(configuration, mode: mode)
    }

    private func issue(_ count: Int, in store: MemcachedStore, payload: [UInt8] = [1]) async throws -> [IDHash] {
        let sessions = (0..<count).map { _ in freshSession(at: now, payload: payload) }
        _ = try await store.forEach(sessions) { try await store.insert($0) }
        return sessions.map(\.id)
    }

    private func state(_ id: IDHash, in store: MemcachedStore) async throws -> SessionState? {
        try await store.load(id, at: now)?.standing
    }

    @Test("A server that is killed has lost all sessions: none is live again, nodes begin anew, and doctor says so")
    func restart() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let (store, other) = (try await open(servers), try await open(servers))
            let ids = try await issue(3, in: store)
            for id in ids.prefix(2) { _ = try await store.revoke(id, by: "x", reason: nil, at: now) }
            #expect(try await other.feed(after: .start, limit: 9).end == FeedPosition(2))
            #expect(try await store.findings(at: now).contains { $0.check == "run" && $0.severity == .fine })
            try await servers[0].process.end(by: .kill)
            try await servers[0].process.start()
            for id in ids { #expect(try await eventually { try await state(id, in: store) } == nil) }
            // Whoever followed the feed finds that it begins behind them, whatever was told since.
            let late = freshSession(at: now)
            try await store.insert(late)
            for _ in 0..<3 { _ = try await store.cutOff(.tenant("t"), by: "x", reason: nil, at: now) }
            let page = try await eventually { try await other.feed(after: FeedPosition(2), limit: 9) }
            #expect(page.start > FeedPosition(2) && page.generation > 0)
            #expect(try await state(late.id, in: other) == .live)
            #expect(try await other.rows(after: nil, limit: 9).rows.map(\.id) == [late.id])
            #expect(try await other.findings(at: now).contains { $0.check == "run" && $0.severity == .problem })
        }
    }

    @Test("While a server hangs nobody is told that a session has ended; when it goes on, all are there")
    func hanging() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await open(servers, commandLimit: .seconds(1))
            let id = try await eventually { try await issue(1, in: store)[0] }
            try servers[0].process.send(.suspend)
            let error = try await untilUnavailable {
                let state = try await state(id, in: store)
                #expect(state == .live)
            }
            #expect(error.message.contains("did not answer"))
            await expect(.unavailable) { try await store.revoke(id, by: "x", reason: nil, at: now) }
            try servers[0].process.send(.resume)
            #expect(try await eventually { try await state(id, in: store) } == .live)
            let revoked = try await eventually { try await store.revoke(id, by: "x", reason: nil, at: now) }
            #expect(revoked.outcome.word.hasSuffix("evoked"))
            #expect(try await state(id, in: store) == .revoked)
        }
    }

    @Test(
        "Of two servers one is lost: its sessions are unavailable, then gone; the others live on, unless it had the root"
    )
    func oneOfTwo() async throws {
        try await OwnMemcached.withServers(2) { servers in
            let store = try await open(servers)
            let ids = try await issue(40, in: store)
            let root = store.client.lane(of: try store.names.root).address
            let home = try #require(servers.first { $0.port == root.port })
            let away = try #require(servers.first { $0.port != root.port })
            let lost = try ids.filter { store.client.lane(of: try store.names.session($0)).address.port == away.port }
            let kept = Set(ids).subtracting(lost)
            #expect(!lost.isEmpty && !kept.isEmpty)
            try await away.process.end(by: .kill)
            for id in lost { await expect(.unavailable) { try await state(id, in: store) } }
            for id in kept { #expect(try await state(id, in: store) == .live) }
            #expect(try await Set(store.rows(after: nil, limit: 99).rows.map(\.id)) == kept)
            #expect(await store.gaps().count == 1)
            #expect(try await store.findings(at: now).contains { $0.check == "server" && $0.severity == .problem })
            // Whose item lies on the other server signs in all the same.
            _ = try await eventually { try await issue(1, in: store) }
            try await away.process.start()
            for id in lost { #expect(try await eventually { try await state(id, in: store) } == nil) }
            try await Waiting.until("all servers list their keys") {
                _ = try await store.rows(after: nil, limit: 99)
                return await store.gaps().isEmpty
            }
            try await home.process.end(by: .kill)
            for id in ids { await expect(.unavailable) { try await state(id, in: store) } }
            try await home.process.start()
            for id in ids { #expect(try await eventually { try await state(id, in: store) } == nil) }
        }
    }

    @Test("A server without memory throws sessions out: they are gone, the run goes on, and nothing revoked is live")
    func eviction() async throws {
        var options = MemcachedServer.Options()
        options.arguments = ["-m", "8"]
        try await OwnMemcached.withServers(1, options) { servers in
            let store = try await open(servers)
            let run = try await store.root().run
            let payload = [UInt8](repeating: 7, count: 20_000)
            var (ids, revoked) = ([IDHash](), [IDHash]())
            for _ in 0..<20 {
                ids += try await issue(50, in: store, payload: payload)
                let id = try #require(ids.randomElement())
                if try await store.revoke(id, by: "x", reason: nil, at: now).outcome == .revoked { revoked.append(id) }
            }
            #expect(try await store.root().run == run)
            let states = try await store.forEach(ids) { id in try await state(id, in: store) }
            #expect(states.contains { $0 == nil } && states.contains { $0 == .live } && !revoked.isEmpty)
            for id in revoked { #expect(try await state(id, in: store) != .live) }
            #expect(try await store.findings(at: now).contains { $0.check == "eviction" && $0.severity == .problem })
            #expect(try await store.statistics(at: now).sessions == states.count { $0 == .live })
        }
    }

    @Test("Looking and purging make nothing look used: a full server throws out what requests use least")
    func recency() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await open(servers)
            let order = Order(actor: "a", reason: nil, at: now)
            _ = try await store.cutOff(.user("somebody"), by: "x", reason: nil, at: now)
            let first = try await issue(1, in: store)[0]
            let position = try await store.changePosition()
            _ = try await issue(2, in: store)
            try await store.record(.export, target: "t", count: 1, order: order)
            let before = try await usedKeys(of: servers[0])
            let looking = try await open(servers, mode: .readOnly)
            #expect(try await looking.rows(after: nil, limit: 9).rows.count == 3)
            #expect(try await looking.detail(first) != nil)
            #expect(try await looking.sessions(ofUser: "alice", at: now).count == 3)
            #expect(try await looking.statistics(at: now).sessions == 3)
            #expect(try await looking.audit(after: 0, limit: 9).count == 1)
            #expect(try await looking.changes(after: position, limit: 9).rows.count == 2)
            _ = try await looking.nodes()
            _ = try await looking.samples(since: now)
            _ = try await looking.findings(at: now)
            _ = try await store.purge(Retention(), at: now)
            let after = try await usedKeys(of: servers[0])
            #expect(after.isSubset(of: before), "\(after.subtracting(before))")
            #expect(try await state(first, in: store) == .live)
            #expect(try await usedKeys(of: servers[0]).contains { $0.contains(first.hexadecimal) })
        }
    }

    /// What has been read since it was written, so that it counts as used.
    private func usedKeys(of server: MemcachedServer) async throws -> Set<String> {
        let script = #"""
            exec 3<>"/dev/tcp/127.0.0.1/$0"; printf 'lru_crawler metadump hash\r\n' >&3
            while read -r line <&3; do echo "$line"; [[ $line == key=* ]] || break; done
            """#
        // While the server tidies up by itself, it is busy.
        while true {
            let lines = try await Tool.run("bash", ["-c", script, "\(server.port)"]).split(separator: "\n")
            guard lines.last?.hasPrefix("END") == true else { continue }
            return Set(lines.filter { $0.contains(" fetch=yes ") }.map { String($0.prefix { $0 != " " }) })
        }
    }

    @Test("Where the root is thrown out, every session goes with it; where the cut-offs are, the run ends")
    func rootAndCutoffs() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let (store, other) = (try await open(servers), try await open(servers))
            for key in [try store.names.root, try store.names.cutoffs] {
                let id = try await issue(1, in: store)[0]
                _ = try await store.cutOff(.user("somebody"), by: "x", reason: nil, at: now)
                #expect(try await state(id, in: other) == .live)
                try await store.remove(key, try #require(try await store.fetch(key)))
                let fresh = try await open(servers)
                #expect(try await eventually { try await state(id, in: fresh) } == nil)
                #expect(try await state(id, in: other) == nil)
                let next = try await issue(1, in: other)[0]
                #expect(try await state(next, in: fresh) == .live)
            }
        }
    }

    @Test("A part of the feed that was thrown out makes the page begin behind it, and the feed goes on")
    func leaves() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await open(servers)
            let denials = (0..<300).map { TokenDenial(issuer: "i", tokenID: "\($0)") }
            #expect(try await store.deny(denials, at: now) == FeedPosition(300))
            let first = try store.names.leaf(0)
            try await store.remove(first, try #require(try await store.fetch(first)))
            let page = try await store.feed(after: FeedPosition(9), limit: 1000)
            #expect(page.start == FeedPosition(256) && page.entries.map(\.position.value) == Array(257...300))
            let second = try store.names.leaf(1)
            try await store.remove(second, try #require(try await store.fetch(second)))
            #expect(try await store.feed(after: FeedPosition(299), limit: 9).start == FeedPosition(300))
            #expect(try await store.deny([denials[0]], at: now) == FeedPosition(301))
            let rest = try await store.feed(after: .start, limit: 9)
            #expect(rest.start == FeedPosition(300) && rest.entries.map(\.position.value) == [301])
        }
    }

    @Test("A change whose note never comes makes who follows read everything again, after a second's patience")
    func missingNote() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let ahead = Mutex(Duration.zero)
            let time = TimeSource(
                wall: TimeSource.system.wall, monotonic: { .now + ahead.withLock { $0 } },
                sleep: TimeSource.system.sleep)
            let store = try await MemcachedStore.open(
                OwnMemcached.configuration(servers), mode: .create, time: time)
            let position = try await store.changePosition()
            let before = try await issue(1, in: store)
            _ = try await store.takeChanges(1)
            _ = try await issue(1, in: store)
            let told = try await store.changes(after: position, limit: 9)
            #expect(told.rows.map(\.id) == before && !told.mustReload && !told.hasMore)
            ahead.withLock { $0 = .seconds(3) }
            let later = try await store.changes(after: told.position, limit: 9)
            #expect(later.mustReload && later.position > told.position)
            #expect(try await store.changes(after: later.position, limit: 9).rows.isEmpty)
        }
    }

    @Test("A part of the audit log that was thrown out shows as a gap, and the log goes on")
    func audit() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await open(servers)
            func record(_ target: String = "t") async throws {
                try await store.record(
                    .export, target: target, count: 1, order: Order(actor: "a", reason: nil, at: now))
            }
            for _ in 0..<3 { try await record() }
            for key in [try store.names.audit(2), try store.names.audit] {
                try await store.remove(key, try #require(try await store.fetch(key)))
            }
            for target in ["u", "v"] { try await record(target) }
            let log = try await store.audit(after: 0, limit: 9)
            #expect(log.count >= 4 && zip(log, log.dropFirst()).contains { !$1.follows($0) })
        }
    }

    @Test("Where the counter of the audit log is thrown out, the log is read and goes on, however long it is")
    func auditCounter() async throws {
        try await OwnMemcached.withServers(1) { servers in
            let store = try await open(servers)
            let order = Order(actor: "a", reason: nil, at: now)
            for _ in 0..<300 { try await store.record(.export, target: "t", count: 1, order: order) }
            try await store.remove(try store.names.audit, try #require(try await store.fetch(try store.names.audit)))
            #expect(try await store.audit(after: 297, limit: 9).map(\.number) == [298, 299, 300])
            let id = try await issue(1, in: store)[0]
            let receipt = try await store.revoke(.sessions([id]), order: order)
            #expect(receipt.outcomes.map(\.outcome) == [.revoked])
            let log = try await store.audit(after: 299, limit: 9)
            #expect(log.map(\.number) == [300, 301] && log.last?.follows(log.first) == true)
        }
    }
}
