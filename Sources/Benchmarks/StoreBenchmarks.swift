import Sessions
import SessionsSQLite

/// The embedded store against SQLite's own calls, and batches against single commits.
enum StoreBenchmarks {
    /// Measures and prints a table; a number at the end of the command line is how many sessions there are.
    static func run() async throws {
        try await TemporaryStore.use("store") { try await run(StoreBench(path: $1, store: $0)) }
    }

    private static func run(_ bench: StoreBench) async throws {
        let size = CommandLine.arguments.last.flatMap(Int.init) ?? 100_000
        print(BenchmarkRow.heading)
        print(try await bench.fill(size).line)
        print(try await bench.loads().line)
        print(try await bench.flush().line)
        for row in try await bench.touches() { print(row.line) }
        print(try await bench.listing().line)
        print(try await bench.statistics().line)
    }
}

private final class StoreBench {
    private let path: String
    private let store: SQLiteStore
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private var ids: [IDHash] = []
    private var random = SystemRandomNumberGenerator()
    /// The last change that the loop over SQLite's own calls counted, far beyond the store's.
    private var change: Int64 = 1 << 40
    /// When the last touch was.
    private var moment = Timestamp(milliseconds: 1_800_000_001_000)

    init(path: String, store: SQLiteStore) { (self.path, self.store) = (path, store) }

    /// Many callers at once insert, so that they share transactions.
    func fill(_ count: Int) async throws -> BenchmarkRow {
        let sessions = (0..<count).map { session($0) }
        ids = sessions.map(\.id)
        let store = store
        let time = try await measure(count, runs: 1) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<256 {
                    group.addTask {
                        for index in stride(from: worker, to: count, by: 256) {
                            try await store.insert(sessions[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return BenchmarkRow(name: "insert, 256 callers at once", ours: time, baseline: nil, against: "")
    }

    func loads() async throws -> BenchmarkRow {
        let chosen = (0..<20_000).compactMap { _ in ids.randomElement(using: &random) }
        let raw = try RawSQLite(path: path, readOnly: true)
        let (ours, baseline) = try await measureInTurns(chosen.count, runs: 7) {
            for id in chosen { _ = try await store.load(id, at: now) }
        } baseline: {
            _ = try raw.load(chosen)
        }
        return BenchmarkRow(
            name: "load by id, of \(ids.count) sessions", ours: ours, baseline: baseline,
            against: "sqlite3 in a C loop")
    }

    /// What the disk asks for a commit: the slower it flushes, the more is won where many touches share one.
    func flush() async throws -> BenchmarkRow {
        let file = try FlushedFile(path: path + "-flush")
        let time = try await measure(300) { for _ in 0..<300 { try file.write() } }
        return BenchmarkRow(name: "a page written and flushed by itself", ours: time, baseline: nil, against: "")
    }

    /// In the order in which they signed in, and at random: the more of them lie on one page, the cheaper.
    func touches() async throws -> [BenchmarkRow] {
        let inOrder = (0..<20 * 500).map { ids[$0 % ids.count] }
        let atRandom = inOrder.compactMap { _ in ids.randomElement(using: &random) }
        return try await touches(inOrder, "in order") + touches(atRandom, "at random")
    }

    private func touches(_ chosen: [IDHash], _ order: String) async throws -> [BenchmarkRow] {
        let raw = try RawSQLite(path: path, readOnly: false)
        var (baseline, single, batched): ([Double], [Double], [Double]) = ([], [], [])
        func touchRaw() async throws -> Double {
            try await inBatches(of: 500, chosen[...]) { batch, moment in
                change += 500
                try raw.touch(batch, at: moment.milliseconds, change: change)
            }
        }
        // In turns, so that a busy machine or disk slows all three. What either connection writes empties the other's cache
        // of pages: each fills its own by a pass that isn't measured, on an empty log, so that the checkpoint that all of
        // them make necessary falls on none of them. Both batches begin at the same place of the log.
        for _ in 0..<5 {
            try raw.emptyLog()
            _ = try await touch(chosen[...], inBatchesOf: 500)
            batched.append(try await touch(chosen[...], inBatchesOf: 500))
            single.append(try await touch(chosen.prefix(300), inBatchesOf: 1))
            try raw.emptyLog()
            _ = try await touchRaw()
            baseline.append(try await touchRaw())
        }
        let (name, time) = ("touch, 500 in a transaction, \(order)", batched.sorted()[2])
        return [
            BenchmarkRow(name: name, ours: time, baseline: single.sorted()[2], against: "a commit for each"),
            BenchmarkRow(name: name, ours: time, baseline: baseline.sorted()[2], against: "sqlite3 in a C loop"),
        ]
    }

    private func touch(_ chosen: ArraySlice<IDHash>, inBatchesOf size: Int) async throws -> Double {
        try await inBatches(of: size, chosen) { [store] batch, moment in
            _ = try await store.touch(
                batch.map { Touch(id: $0, at: moment, idle: .seconds(1800), node: "web-02") })
        }
    }

    /// The time for one of many that are taken in batches, each later than the one before: what is written as it was
    /// costs less.
    private func inBatches(
        of size: Int, _ chosen: ArraySlice<IDHash>, _ work: (ArraySlice<IDHash>, Timestamp) async throws -> Void
    ) async throws -> Double {
        try await measure(chosen.count, runs: 1) {
            for start in stride(from: chosen.startIndex, to: chosen.endIndex, by: size) {
                moment = moment + .milliseconds(1)
                try await work(chosen[start..<min(start + size, chosen.endIndex)], moment)
            }
        }
    }

    func listing() async throws -> BenchmarkRow {
        let raw = try RawSQLite(path: path, readOnly: true)
        let (ours, baseline) = try await measureInTurns(ids.count, runs: 7) {
            var cursor: RowCursor?
            repeat { cursor = try await store.rows(after: cursor, limit: 10_000).next } while cursor != nil
        } baseline: {
            _ = try raw.list()
        }
        return BenchmarkRow(
            name: "list, in pages of 10,000", ours: ours, baseline: baseline,
            against: "sqlite3 in a C loop")
    }

    func statistics() async throws -> BenchmarkRow {
        let time = try await measure(ids.count) { _ = try await store.statistics(at: now) }
        return BenchmarkRow(name: "statistics, for each session", ours: time, baseline: nil, against: "")
    }

    private func session(_ number: Int) -> Session {
        let payload = Payload(keyID: "k1", bytes: Array(repeating: 7, count: 300))
        var session = Session(
            id: SessionID().hash, user: "user\(number / 3)", created: now, lifetime: .office, payload: payload)
        session.ip = "203.0.113.\(number % 250)"
        session.agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(number % 40).0"
        session.node = "web-0\(number % 5)"
        return session
    }
}
