import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsMemcached

/// What the client does with real servers.
@Suite(.timeLimit(.minutes(2))) struct MemcachedServerTests {
    private func key(_ text: String) throws -> MemcachedKey { try #require(MemcachedKey(text.bytes)) }

    private func client(
        _ url: String, _ change: (inout MemcachedConfiguration) -> Void = { _ in }
    ) throws -> MemcachedClient {
        var configuration = try MemcachedConfiguration(url: url)
        // A loaded machine mustn't fail a test that is not about time.
        (configuration.connectLimit, configuration.commandLimit) = (.seconds(10), .seconds(10))
        change(&configuration)
        return try MemcachedClient(configuration, time: .system)
    }

    @Test("Every command is understood by memcached, and its replies by us")
    func everyCommand() async throws {
        try await MemcachedServer.with { server in
            let client = try client(server.url)
            let lane = client.lanes[0]
            let (key, life) = (try key("a:%é"), MemcachedLife(atLeast: .seconds(100)))
            func send(_ command: MemcachedCommand) async throws -> MemcachedReply { try await lane.send(command).0 }
            #expect(client.software == "memcached")
            #expect(try await send(.noop) == .outcome(.noop))
            #expect(client.software.hasPrefix("memcached 1."))
            #expect(try await send(.get(key)) == .outcome(.miss))
            #expect(try await send(.delete(key)) == .outcome(.notFound))
            let value = Array(UInt8.min...UInt8.max) + "\r\nEND\r\n".bytes
            #expect(try await send(.set(key, value: value, flags: 7, life: life)) == .outcome(.done))
            guard case .item(value, let flags) = try await send(.get(key)) else { throw Unexpected("no item") }
            #expect(flags.client == 7 && !flags.hasWon && !flags.isTaken)
            let cas = try #require(flags.cas)
            let change = { (cas: UInt64) in MemcachedCommand.set(key, value: [], flags: 0, life: life, cas: cas) }
            #expect(try await send(change(cas + 1)) == .outcome(.exists))
            guard case .listing(let items, 0) = try await send(.metadump(limit: 10)) else {
                throw Unexpected("no listing")
            }
            #expect(items.map(\.key) == [key] && items.map(\.cas) == [cas] && items[0].byteCount > value.count)
            #expect(try await send(.delete(key, cas: cas + 1)) == .outcome(.exists))
            #expect(try await send(change(cas)) == .outcome(.done))
            #expect(try await send(.delete(key)) == .outcome(.done))
            #expect(try await send(change(cas)) == .outcome(.notFound))
            let large = [UInt8](repeating: 1, count: 2_000_000)
            #expect(try await send(.set(key, value: large, flags: 0, life: life)) == .refused(.tooLarge))
            guard case .statistics(let statistics) = try await send(.statistics) else { throw Unexpected("none") }
            #expect(statistics["curr_connections"].flatMap(Int.init).map { $0 > 0 } == true)
            #expect(statistics["version"].map { "memcached \($0)" } == client.software)
        }
    }

    @Test("Many callers share one connection, and each gets its own")
    func multiplexed() async throws {
        try await MemcachedServer.with { server in
            let client = try client(server.url)
            let lane = client.lanes[0]
            let life = MemcachedLife(atLeast: .seconds(100))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<32 {
                    group.addTask {
                        for round in 0..<50 {
                            let key = try key("\(worker)-\(round)")
                            let value = "\(worker) \(round) ".bytes + [UInt8](repeating: 13, count: worker * round)
                            _ = try await lane.send(.set(key, value: value, flags: 0, life: life))
                            guard case .item(value, _) = try await lane.send(.get(key)).0 else {
                                throw Unexpected("another's item")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            guard case .statistics(let statistics) = try await lane.send(.statistics).0 else {
                throw Unexpected("no statistics")
            }
            #expect(statistics["cmd_set"] == "1600")
            // One of ours; the test's own look at the port may not be gone yet.
            #expect(statistics["curr_connections"].flatMap(Int.init).map { $0 <= 3 } == true)
        }
    }

    @Test("A server with users is signed in to, and says what is wrong otherwise; nobody else gets the password")
    func users() async throws {
        var options = MemcachedServer.Options()
        options.users = ["ann": "s3:cr/et"]
        try await MemcachedServer.with(options) { server in
            let place = "127.0.0.1:\(server.port)"
            let good = try client("memcached://ann:s3:cr%2fet@\(place)")
            #expect(try await good.lanes[0].send(.noop).0 == .outcome(.noop))
            let wrong = await expect(.refused) {
                try await client("memcached://ann:nope@\(place)").lanes[0].send(.noop)
            }
            #expect(wrong?.message.contains("refused the user or the password") == true)
            #expect(wrong?.description.contains("nope") == false)
            let none = await expect(.refused) { try await client("memcached://\(place)").lanes[0].send(.noop) }
            #expect(none?.message.contains("asks for a user and a password") == true)
        }
        try await MemcachedServer.with { server in
            let client = try client("memcached://ann:secret@127.0.0.1:\(server.port)")
            #expect(try await client.lanes[0].send(.metadump(limit: 9)).0 == .listing([], left: 0))
        }
    }

    @Test("A server that is killed is said to be away, and is used again when it is back")
    func restart() async throws {
        try await MemcachedServer.with { server in
            let lane = try client(server.url).lanes[0]
            let key = try key("k")
            let run = try await lane.send(.set(key, value: [1], flags: 0, life: MemcachedLife(atLeast: .seconds(9))))
                .run
            try await server.process.end(by: .kill)
            await expect(.unavailable) { try await lane.send(.get(key)) }
            await expect(.unavailable) { try await lane.send(.get(key)) }
            try await server.process.start()
            let (reply, next) = try await eventually { try await lane.send(.get(key)) }
            #expect(reply == .outcome(.miss))
            #expect(next != run)
            #expect(try await lane.send(.noop, onlyTo: run) == nil)
        }
    }

    @Test("A server that hangs is left in time; the next callers are refused at once, until it goes on")
    func hanging() async throws {
        try await MemcachedServer.with { server in
            let lane = try client(server.url) { $0.commandLimit = .milliseconds(200) }.lanes[0]
            #expect(try await lane.send(.noop).0 == .outcome(.noop))
            try server.process.send(.suspend)
            let error = try await untilUnavailable { try await lane.send(.noop) }
            #expect(error.message.contains("did not answer in time"))
            await expect(.unavailable) { try await lane.send(.noop) }
            try server.process.send(.resume)
            let reply = try await eventually { try await lane.send(.noop).0 }
            #expect(reply == .outcome(.noop))
        }
    }

    @Test("A server that takes connections and never answers fails the attempt in its time")
    func silentGreeting() async throws {
        try await MemcachedServer.with { server in
            try server.process.send(.suspend)
            let error = try await untilUnavailable {
                try await client(server.url) { $0.connectLimit = .milliseconds(200) }.lanes[0].send(.noop)
            }
            #expect(error.message.contains("did not answer in time"))
        }
    }

    @Test("Nobody listens: that is said, with the address")
    func nobody() async throws {
        let port = FreePort.take()
        let error = await expect(.unavailable) {
            try await client("memcached://127.0.0.1:\(port)").lanes[0].send(.noop)
        }
        #expect(error?.message.contains("127.0.0.1:\(port) can't be reached: Connection refused; see") == true)
    }

    @Test("Plaintext goes to the loopback alone, unless it is allowed", arguments: ["192.0.2.1", "[2001:db8::1]"])
    func plaintext(_ host: String) async throws {
        let error = await expect(.refused) { try await client("memcached://\(host)").lanes[0].send(.noop) }
        #expect(error?.message.contains("memcacheds://") == true)
        let allowed = try client("memcached://\(host)?plaintext=yes") { $0.connectLimit = .milliseconds(50) }
        await expect(.unavailable) { try await allowed.lanes[0].send(.noop) }
    }

    @Test("Of several servers each key has one, and where that is away its keys fail and no other's")
    func severalServers() async throws {
        try await MemcachedServer.with { first in
            try await MemcachedServer.with { second in
                let client = try client("memcached://127.0.0.1:\(first.port),127.0.0.1:\(second.port)")
                let keys = try (0..<40).map { try key("key-\($0)") }
                for key in keys {
                    let command = MemcachedCommand.set(key, value: [1], flags: 0, life: .init(atLeast: .seconds(60)))
                    #expect(try await client.lane(of: key).send(command).0 == .outcome(.done))
                }
                var counts: [Int] = []
                for lane in client.lanes {
                    guard case .listing(let items, _) = try await lane.send(.metadump(limit: 99)).0 else { continue }
                    counts.append(items.count)
                    for item in items { #expect(client.lane(of: item.key) === lane) }
                }
                #expect(counts.reduce(0, +) == 40 && counts.allSatisfy { $0 > 5 })
                try await second.process.end(by: .kill)
                for key in keys {
                    let lane = client.lane(of: key)
                    guard lane === client.lanes[1] else {
                        guard case .item = try await lane.send(.get(key)).0 else { throw Unexpected("lost") }
                        continue
                    }
                    await expect(.unavailable) { try await lane.send(.get(key)) }
                }
            }
        }
    }
}
