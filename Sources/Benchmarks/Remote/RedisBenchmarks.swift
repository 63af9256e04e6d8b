import Foundation
import SessionTesting
import Sessions
import SessionsRedis

/// Redis, against hiredis and redis-cli.
struct RedisBenchmarks {
    let baseline: Baseline
    let folder: String

    /// Copies in a shared cache, read at several depths.
    func gets(_ depths: [Int]) async throws {
        try await RedisServer.with { server in
            for depth in depths { try await gets(server, depth) }
        }
    }

    /// A list of all sessions.
    func listing(_ size: Int) async throws {
        try await withStore { server, store in
            _ = try await RemoteBenchmarks.fill(store, size)
            try await listing(server, store, size)
        }
    }

    /// An order that ends so many sessions.
    func revoking(_ count: Int) async throws {
        try await withStore { try await revoking($0, $1, count) }
    }

    private func withStore(_ body: (RedisServer, RedisStore) async throws -> Void) async throws {
        var options = RedisServer.Options()
        options.arguments = ["--appendonly", "no"]
        try await RedisServer.with(options) { server in
            let store = try await RedisStore.open(try RedisConfiguration(url: server.url), mode: .create)
            try await body(server, store)
            await store.shutDown()
        }
    }

    // MARK: GET

    /// Copies in a shared cache, read in pipelines, and as requests read them.
    private func gets(_ server: RedisServer, _ depth: Int) async throws {
        let count = depth == 1 ? 10_000 : 100_000
        let cache = try RedisSharedCache(try RedisConfiguration(url: server.url))
        let keys = (0..<10_000).map { _ in SharedKey(id: SessionID().hash, generation: 1) }
        for key in keys {
            guard case .leased(let lease) = try await cache.read(key, leasing: .seconds(60)) else { continue }
            let copy = SharedCopy(version: 1, bytes: Array(repeating: 7, count: 400))
            _ = try await cache.fill(key, with: copy, holding: lease, for: .seconds(3600))
        }
        let names = keys.map { $0.text(prefix: "sessions-l2") }
        let file = "\(folder)/keys-\(depth)"
        try Data((names.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
        let c = { try await baseline.run("get", "\(server.port)", file, "\(depth)", "\(count)").time }

        let pipeline = try await RedisPipeline(url: server.url)
        let bytes = names.map { Array($0.utf8) }
        let batches = try await inTurns(5, { try await pipelined(pipeline, bytes, depth, count) }, c)
        report("GET, \(depth) in a pipeline, any thread", batches, count, "hiredis in a C loop")
        let own = try await inTurns(
            5, { try await pipeline.onItsThread { try await pipelined(pipeline, bytes, depth, count) } }, c)
        report("GET, \(depth) in a pipeline, its own thread", own, count, "hiredis in a C loop")
        let reads = try await inTurns(5, { try await read(cache, keys, depth, count) }, c)
        report("L2 reads, \(depth) requests at once", reads, count, "hiredis in a C loop, as deep")
        pipeline.close()
        await cache.shutDown()
    }

    private func pipelined(
        _ pipeline: RedisPipeline, _ keys: [[UInt8]], _ depth: Int, _ count: Int
    ) async throws -> Double {
        var found = 0
        let time = try await RemoteBenchmarks.time {
            for start in stride(from: 0, to: count, by: depth) {
                let batch = (start..<start + depth).map { keys[$0 % keys.count] }
                for value in try await pipeline.values(of: batch) where value != nil { found += 1 }
            }
        }
        guard found >= count else { throw Tool.Failure(description: "\(count - found) copies are missing") }
        return time
    }

    private func read(
        _ cache: RedisSharedCache, _ keys: [SharedKey], _ depth: Int, _ count: Int
    ) async throws -> Double {
        try await RemoteBenchmarks.time {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<depth {
                    group.addTask {
                        for number in stride(from: worker, to: count, by: depth) {
                            guard case .live = try await cache.read(keys[number % keys.count], leasing: nil) else {
                                throw Tool.Failure(description: "a copy is missing")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    // MARK: Listing

    private func listing(_ server: RedisServer, _ store: RedisStore, _ size: Int) async throws {
        func counted(_ found: Int) throws {
            guard found == size else { throw Tool.Failure(description: "\(found) sessions of \(size) were listed") }
        }
        let times = try await inTurns(
            5, { try await RemoteBenchmarks.time { try counted(try await RemoteBenchmarks.list(store)) } },
            {
                let done = try await baseline.run("list", "\(server.port)", "sessions:default:")
                try counted(done.found)
                return done.time
            })
        report("Redis: list \(size) sessions", times, size, "hiredis in a C loop, the same keys")
    }

    // MARK: Revoking

    /// Each time all sessions are new: what is ended can't be ended again.
    private func revoking(_ server: RedisServer, _ store: RedisStore, _ count: Int) async throws {
        func fresh() async throws -> [IDHash] {
            try await server.cli("FLUSHALL")
            return try await RemoteBenchmarks.fill(store, count)
        }
        let times = try await inTurns(
            3,
            {
                let ids = try await fresh()
                return try await RemoteBenchmarks.time {
                    let receipt = try await store.revoke(.sessions(ids), order: RemoteBenchmarks.order)
                    guard receipt.outcomes.count(where: { $0.outcome == .revoked }) == count else {
                        throw Tool.Failure(description: "not all were revoked")
                    }
                }
            },
            {
                let file = "\(folder)/revokes"
                try await write(revokes: try await fresh(), of: server, to: file)
                let pipe = "redis-cli -p \(server.port) --pipe"
                return try await Baseline.shell("\(pipe) < \(file)", less: "\(pipe) < /dev/null")
            })
        report("Redis: revoke \(count) sessions", times, count, "redis-cli --pipe of the same commands")
    }

    /// What the store's script does for each session, as commands: reads the row, writes it, notes the change, tells the
    /// feed, keeps the outcome.
    private func write(revokes ids: [IDHash], of server: RedisServer, to path: String) async throws {
        let pipeline = try await RedisPipeline(url: server.url)
        var commands = Data()
        func add(_ words: [UInt8]...) {
            commands += Data("*\(words.count)\r\n".utf8)
            for word in words { commands += Data("$\(word.count)\r\n".utf8) + Data(word) + Data("\r\n".utf8) }
        }
        func text(_ text: String) -> [UInt8] { Array(text.utf8) }
        for start in stride(from: 0, to: ids.count, by: 1000) {
            let some = ids[start..<min(start + 1000, ids.count)]
            let names = some.map { text("sessions:default:s:") + $0.bytes }
            for (place, (name, row)) in zip(names, try await pipeline.values(of: names)).enumerated() {
                let id = ids[start + place].bytes
                add(text("GET"), name)
                add(text("SET"), name, row ?? [], text("XX"), text("KEEPTTL"))
                add(text("ZADD"), text("sessions:default:changes"), text("\(2 * ids.count + start + place)"), id)
                add(text("RPUSH"), text("sessions:default:feed"), text("r0000000000") + id)
                add(text("RPUSH"), text("sessions:default:outcomes:1"), id + text("revoked"))
            }
        }
        pipeline.close()
        try commands.write(to: URL(fileURLWithPath: path))
    }

    private func report(_ name: String, _ times: (ours: Double, baseline: Double), _ count: Int, _ against: String) {
        let one = Double(count)
        print(
            BenchmarkRow(name: name, ours: times.ours / one, baseline: times.baseline / one, against: against).line)
    }
}
