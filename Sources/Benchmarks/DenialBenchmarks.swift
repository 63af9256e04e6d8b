import SessionTokens
import Sessions

/// What it costs to know of a million revoked tokens.
enum DenialBenchmarks {
    private static let count = 1_000_000
    private static let rounds = 1_000_000

    /// Measures and prints a table.
    static func run() async throws {
        let keys = (0..<count).map { IDHash(hashing: withUnsafeBytes(of: $0) { Array($0) }) }
        let others = (count..<2 * count).map { IDHash(hashing: withUnsafeBytes(of: $0) { Array($0) }) }
        let end = MonotonicInstant.now + .seconds(3600)
        var set = DenialSet(parts: 256)
        var dictionary: [IDHash: MonotonicInstant] = [:]
        let filled = await measure(count, runs: 1) { for key in keys { set.insert(key, until: end) } }
        let filledBaseline = await measure(count, runs: 1) { for key in keys { dictionary[key] = end } }
        print(BenchmarkRow.heading)
        let against = "Dictionary of IDHash"
        print(
            BenchmarkRow(name: "deny one of a million", ours: filled, baseline: filledBaseline, against: against).line)
        for (name, asked) in [("look up a token that isn't denied", others), ("look up a denied token", keys)] {
            var found = 0
            let ours = await measure(rounds) { for key in asked where set.contains(key) { found += 1 } }
            let baseline = await measure(rounds) { for key in asked where dictionary[key] != nil { found += 1 } }
            guard found % count == 0 else { throw Wrong(description: "the look-ups are wrong") }
            print(BenchmarkRow(name: name, ours: ours, baseline: baseline, against: against).line)
        }
        try await measureVerdict(keys, others)
        // A place of a dictionary: key, value, and a bit; at most three quarters of a power of two are used.
        let stride = MemoryLayout<IDHash>.stride + MemoryLayout<MonotonicInstant>.stride
        print(
            "memory for \(set.count) denials: \(set.byteCount) bytes; a dictionary: \(dictionary.capacity * stride) at least"
        )
    }

    /// The decision as a request meets it: the clock, the lock, and what a token is looked up by.
    private static func measureVerdict(_ keys: [IDHash], _ others: [IDHash]) async throws {
        let policy = FollowerPolicy(lease: .seconds(600))
        let follower = RevocationFollower(id: "bench", store: MemoryStore(), policy: policy)
        let running = Task { try await follower.run() }
        while !follower.holdsLease { try await Task.sleep(for: .milliseconds(1)) }
        for key in keys { follower.noteDenied(key) }
        let marks = others.prefix(rounds / 2).enumerated().map { number, key in
            TokenMarks(
                denial: TokenDenial(key: key), session: others[rounds - 1 - number], epoch: .start, user: "alice",
                client: "app")
        }
        var valid = 0
        let verdict = await measure(marks.count) {
            for mark in marks where follower.verdict(on: mark) == .valid { valid += 1 }
        }
        guard valid == 5 * marks.count else { throw Wrong(description: "the verdicts are wrong") }
        print(
            BenchmarkRow(name: "verdict on a token, its session and scopes", ours: verdict, baseline: nil, against: "")
                .line)
        running.cancel()
        try await running.value
    }
}
