import SessionTesting
import Sessions

/// Stores behind a network, against other clients of the same server on the same machine.
///
/// A number at the end of the command line is how many sessions there are, 100,000 unless it is given; names of parts
/// before it leave out the others.
enum RemoteBenchmarks {
    /// What can be asked for by name.
    enum Part: String, CaseIterable {
        case list, revoke
        case get1 = "get-1"
        case get16 = "get-16"
        case get100 = "get-100"
        case postgresList = "postgres-list"
        case postgresRevoke = "postgres-revoke"

        /// How many are read at once in which part.
        static let depths: [(part: Part, depth: Int)] = [(.get1, 1), (.get16, 16), (.get100, 100)]
    }

    /// Starts the servers, measures and prints a table.
    static func run() async throws {
        let size = CommandLine.arguments.last.flatMap(Int.init) ?? 100_000
        let named = CommandLine.arguments.compactMap(Part.init(rawValue:))
        let parts = Set(named.isEmpty ? Part.allCases : named)
        print(BenchmarkRow.heading)
        try await ScratchFolder.with { folder in
            let redis = RedisBenchmarks(baseline: try await Baseline(in: folder), folder: folder)
            try await redis.gets(Part.depths.filter { parts.contains($0.part) }.map(\.depth))
            if parts.contains(.list) { try await redis.listing(size) }
            if parts.contains(.revoke) { try await redis.revoking(min(size, 100_000)) }
        }
        if parts.contains(.postgresList) { try await PostgresBenchmarks.listing(size) }
        if parts.contains(.postgresRevoke) { try await PostgresBenchmarks.revoking(min(size, 100_000)) }
    }

    /// The moment at which all sessions of these benchmarks began.
    static let now = Timestamp(milliseconds: 1_800_000_000_000)
    /// What is ordered.
    static let order = Order(actor: "ops/mira", reason: "INC-4471", at: now)

    /// A session as a shop has them.
    static func session(_ number: Int) -> Session {
        let payload = Payload(keyID: "k1", bytes: Array(repeating: 7, count: 300))
        var session = Session(
            id: SessionID().hash, user: "user\(number / 3)@corp.example", created: now, lifetime: .office,
            payload: payload)
        session.ip = "203.0.113.\(number % 250)"
        session.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/\(100 + number % 40).0"
        session.node = "web-0\(number % 5)"
        return session
    }

    /// Signs sessions in, many at once.
    static func fill(_ store: any SessionStore, _ count: Int) async throws -> [IDHash] {
        try await withThrowingTaskGroup(of: [IDHash].self) { group in
            for worker in 0..<128 {
                group.addTask {
                    var ids: [IDHash] = []
                    for number in stride(from: worker, to: count, by: 128) {
                        let session = session(number)
                        try await store.insert(session)
                        ids.append(session.id)
                    }
                    return ids
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Lists everything, as an operator's table does.
    static func list(_ store: any SessionDirectory) async throws -> Int {
        var (cursor, count, live) = (RowCursor?.none, 0, 0)
        repeat {
            let page = try await store.rows(after: cursor, limit: 10_000)
            for row in page.rows where row.user != nil && row.deadlines.absolute != nil { live += 1 }
            count += page.rows.count
            cursor = page.next
        } while cursor != nil
        return min(count, live)
    }

    /// The microseconds of some work.
    static func time(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .microseconds(1)
    }
}
