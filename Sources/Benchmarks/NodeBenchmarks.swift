import Sessions
import SessionsSQLite

/// What a request costs that the node's memory answers, against one that goes to the database.
enum NodeBenchmarks {
    private static let rounds = 200_000

    /// Measures and prints a table.
    static func run() async throws {
        try await TemporaryStore.use("node") { store, _ in try await run(on: store) }
    }

    private static func run(on store: SQLiteStore) async throws {
        var policy = NodePolicy()
        (policy.lease, policy.copyLife) = (.seconds(600), .seconds(600))
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "default")
        try await fill(store, sealer)
        let node = ServiceNode(id: "bench", store: store, policy: policy, sealer: sealer)
        let running = Task { try await node.run() }
        var ids: [IDHash] = []
        for number in 0..<1000 {
            let payload = Array(repeating: UInt8(truncatingIfNeeded: number), count: 400)
            ids.append(try await node.begin(user: "user\(number)", payload: payload).id.hash)
        }
        while !node.holdsLease { try await Task.sleep(for: .milliseconds(1)) }
        policy.isStrict = true
        let strict = ServiceNode(id: "strict", store: store, policy: policy, sealer: sealer)
        try await measureReads(node, strict, store, ids)
        running.cancel()
        try await running.value
    }

    /// A hundred thousand sessions beside those that are read: a database of a handful is all in one cache.
    private static func fill(_ store: SQLiteStore, _ sealer: PayloadSealer) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<256 {
                group.addTask {
                    for number in stride(from: worker, to: 100_000, by: 256) {
                        var session = Session(
                            id: SessionID().hash, user: "user\(number / 3)", created: TimeSource.system.wall(),
                            lifetime: .office)
                        let payload = Array(repeating: UInt8(truncatingIfNeeded: number), count: 400)
                        session.payload = try sealer.seal(payload, id: session.id, version: session.version)
                        try await store.insert(session)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func measureReads(
        _ node: ServiceNode, _ strict: ServiceNode, _ store: SQLiteStore, _ ids: [IDHash]
    ) async throws {
        let now = TimeSource.system.wall()
        let request = RequestInfo(ip: "203.0.113.9", agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")
        // No cache decides in strict mode: each request is read, opened and answered.
        let asked = await measure(rounds / 10) {
            for round in 0..<rounds / 10 { _ = await strict.load(ids[round % ids.count], request: request) }
        }
        let load = try await measure(rounds / 10) {
            for round in 0..<rounds / 10 { _ = try await store.load(ids[round % ids.count], at: now) }
        }
        for id in ids { _ = await node.load(id, request: request) }
        let hits = await measure(rounds) {
            for round in 0..<rounds { _ = await node.load(ids[round % ids.count], request: request) }
        }
        let one = await measure(rounds) { for _ in 0..<rounds { _ = await node.load(ids[0], request: request) } }
        let text = SessionID().secretText
        let shape = await measure(rounds / 10) { for _ in 0..<rounds / 10 { _ = SessionID(text: text)?.hash } }
        let against = "a request that asks the database"
        print(BenchmarkRow.heading)
        for (name, time) in [
            ("L1 hit, of 1,000 sessions", hits), ("L1 hit, one session", one), ("the store's load alone", load),
            ("an id's text read and hashed", shape),
        ] {
            print(BenchmarkRow(name: name, ours: time, baseline: asked, against: against).line)
        }
    }
}
