import SessionLayouts
import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

/// Other frameworks' sessions in a real server, as those frameworks wrote them.
@Suite(.timeLimit(.minutes(5))) struct MemcachedLayoutsTests {
    private static let folders = [
        ("django-cache-pymemcache", "django-cache"), ("flask-session-memcached-pymemcache", "flask-session"),
        ("phpmemcached-memcached-php", "php-memcached"), ("ruby-cachestore-memcached", "rails-cache"),
    ]
    private static let (written, order) = (LayoutConformance.written, LayoutConformance.order)
    private static let time = LayoutConformance.time

    /// Lends servers among which a fixture's items are dealt out, in turns: as a framework's own ring would.
    private func with(
        _ folder: String, servers: Int = 1,
        _ body: (MemcachedConfiguration, [LayoutFixture.Expected]) async throws -> Void
    ) async throws {
        try await MemcachedServer.with { first in
            guard servers == 2 else { return try await lend([first], folder, body) }
            try await MemcachedServer.with { try await lend([first, $0], folder, body) }
        }
    }

    private func lend(
        _ servers: [MemcachedServer], _ folder: String,
        _ body: (MemcachedConfiguration, [LayoutFixture.Expected]) async throws -> Void
    ) async throws {
        var configuration = try MemcachedConfiguration(url: servers[0].url)
        for server in servers.dropFirst() {
            configuration.servers += try MemcachedConfiguration(url: server.url).servers
        }
        (configuration.connectLimit, configuration.commandLimit) = (.seconds(30), .seconds(30))
        let client = try MemcachedClient(configuration, time: .system)
        for (index, item) in try LayoutFixture(named: folder).memcached().enumerated() {
            let key = try #require(MemcachedKey(item.key))
            let life = MemcachedLife(atLeast: item.life ?? .seconds(86_400))
            let lane = client.lanes[index % client.lanes.count]
            _ = try await lane.send(.set(key, value: item.value, flags: item.flags, life: life))
        }
        // Others share the servers.
        let lock = try #require(MemcachedKey(Array("memc.sess.key.lock.jr4rvuu6ja4sfgjun9v7gul8k1".utf8)))
        for key in [lock, try #require(MemcachedKey(Array("session:1".utf8)))] {
            _ = try await client.lanes[0].send(
                .set(key, value: [1], flags: 0, life: MemcachedLife(atLeast: .seconds(100))))
        }
        try await body(configuration, try LayoutFixture(named: folder).expected().filter { $0.label != "expired" })
    }

    private func open(
        _ configuration: MemcachedConfiguration, _ layout: String? = nil, isReadOnly: Bool = false
    ) async throws -> LayoutDirectory {
        try await MemcachedLayouts.open(configuration, layout: layout, isReadOnly: isReadOnly, time: Self.time)
    }

    @Test("the layout is found out, and each session read, on one server and on two", arguments: folders)
    func looking(_ folder: String, _ layout: String) async throws {
        for servers in [1, 2] {
            try await with(folder, servers: servers) { configuration, expected in
                let directory = try await open(configuration, isReadOnly: true)
                let suite = LayoutConformance(layout, expected)
                try await suite.checkLooking(directory)
                try await suite.checkReading(directory)
            }
        }
    }

    @Test("a session that is revoked is gone from every server, and no other", arguments: folders)
    func revoking(_ folder: String, _ layout: String) async throws {
        try await with(folder, servers: 2) { configuration, expected in
            try await LayoutConformance(layout, expected).checkRevoking(try await open(configuration))
        }
    }

    @Test("an extend lets an item live longer, beyond thirty days too", arguments: folders)
    func extending(_ folder: String, _ layout: String) async throws {
        try await with(folder) { configuration, expected in
            // The server counts a life of more than thirty days from 1970: by its own clock, not the test's.
            let directory = try await MemcachedLayouts.open(configuration, layout: nil, isReadOnly: false)
            guard layout != "rails-cache" else {
                let id = try #require(expected.first).id
                #expect(
                    try await directory.extend([id], to: .by(.seconds(60)), order: Self.order)[0].word != "extended")
                return
            }
            let id = try #require(expected.first).id
            for days in [1, 40] as [Int64] {
                let until = TimeSource.system.wall() + .seconds(days * 86_400)
                let outcome = try await directory.extend([id], to: .until(until), order: Self.order)[0]
                let end = try await directory.detail(id)?.row.deadlines.idle
                guard outcome.word == "extended", let end else {
                    // What lives longer already stays.
                    #expect(end.map { $0 > until } == true)
                    continue
                }
                #expect(abs((end - until).inSeconds) < 30)
            }
        }
    }

    @Test("looking bumps nothing and counts nothing as fetched")
    func touchingNothing() async throws {
        try await MemcachedServer.with { server in
            let client = try MemcachedClient(try MemcachedConfiguration(url: server.url), time: .system)
            let key = try #require(MemcachedKey(Array("k".utf8)))
            let life = MemcachedLife(atLeast: .seconds(100))
            _ = try await client.lanes[0].send(.set(key, value: [1, 2, 3], flags: 7, life: life))
            let outline = try #require(try await client.lanes[0].look(key, withValue: false))
            #expect(outline.value.isEmpty && outline.flags.size == 3 && outline.flags.client == 7)
            #expect(outline.flags.life.map { $0 > 90 && $0 <= 102 } == true)
            #expect(try await client.lanes[0].look(key, withValue: true)?.value == [1, 2, 3])
            let missing = try #require(MemcachedKey(Array("none".utf8)))
            #expect(try await client.lanes[0].look(missing, withValue: true)?.value == nil)
            #expect(try await client.lanes[0].change(.touch(missing, expires: 9)) == false)
            let lister = try MemcachedLister(try MemcachedConfiguration(url: server.url), time: .system)
            let items = try await lister.list(lister.client.lanes[0], limit: 9).items
            #expect(items.map(\.key) == [key])
        }
    }

    @Test("lists and looks at once stand in nobody's way")
    func atOnce() async throws {
        try await with(Self.folders[0].0) { configuration, expected in
            let directory = try await open(configuration, isReadOnly: true)
            let ids = Set(expected.map(\.id))
            try await withThrowingTaskGroup(of: Set<IDHash>.self) { group in
                for _ in 0..<20 {
                    group.addTask { Set(try await directory.rows(after: nil, limit: 100).rows.map(\.id)) }
                    group.addTask {
                        var seen: Set<IDHash> = []
                        for id in ids { if let row = try await directory.detail(id)?.row { seen.insert(row.id) } }
                        return seen
                    }
                }
                for try await found in group { #expect(found == ids) }
            }
        }
    }

    @Test("servers without sessions of a known layout, and those that don't list, say so")
    func nothing() async throws {
        try await MemcachedServer.with { server in
            let configuration = try MemcachedConfiguration(url: server.url)
            let error = await #expect(throws: SessionsError.self) { _ = try await open(configuration) }
            #expect(error?.code == .notAStore)
            let unknown = await #expect(throws: SessionsError.self) { _ = try await open(configuration, "django-db") }
            #expect(unknown?.code == .usage)
        }
        var silent = MemcachedServer.Options()
        silent.arguments = ["-o", "no_lru_crawler"]
        try await MemcachedServer.with(silent) { server in
            let configuration = try MemcachedConfiguration(url: server.url)
            let error = await #expect(throws: SessionsError.self) { _ = try await open(configuration) }
            #expect(error?.code == .unsupported && "\(error?.message ?? "")".contains("lru_crawler enable"))
        }
    }
}
