import SessionTokens
import Sessions
import SessionsSQLite

/// What tokens cost that can be revoked: to issue, to verify, to refresh, and to revoke on eight verifiers.
enum RefreshBenchmarks {
    private static let rounds = 2000
    private static let verifiers = 8

    /// Measures and prints a table.
    static func run() async throws {
        try await TemporaryStore.use("token") { store, _ in try await run(on: store) }
    }

    private static func run(on store: SQLiteStore) async throws {
        let service = try service(on: store)
        let running = Task { try await service.follower.run() }
        while !service.follower.holdsLease { try await Task.sleep(for: .milliseconds(1)) }
        print(BenchmarkRow.heading)
        try await measureTokens(service)
        try await measureFleet(store)
        running.cancel()
        try await running.value
    }

    private static func service(on store: SQLiteStore) throws -> TokenService {
        let key = try JSONWebKey.generate(.edDSA)
        let issuer = try TokenIssuer(issuer: "https://issuer", signer: try TokenSigner(key: key))
        return try TokenService(
            id: "bench", issuer: issuer,
            policy: try TokenPolicy(issuer: "https://issuer", audience: "api", lifetime: .seconds(300)),
            keys: TokenKeys(JSONWebKeySet([key])), store: store,
            sealer: PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "default"), lease: .seconds(600))
    }

    private static func measureTokens(_ service: TokenService) async throws {
        var pair = try await service.signIn(user: "alice", client: "app", audience: ["api"], scope: ["read"])
        let text = Array(pair.access.secretText.utf8)
        func row(_ name: String, _ micros: Double) {
            print(BenchmarkRow(name: name, ours: micros, baseline: nil, against: "").line)
        }
        row(
            "verify an EdDSA token, revocation included",
            try await measure(rounds) { for _ in 0..<rounds { _ = try service.verifier.verify(text) } })
        let cache = TokenCache(service.verifier)
        row(
            "the same from the cache of verified tokens",
            try await measure(rounds * 10) { for _ in 0..<rounds * 10 { _ = try cache.verify(text) } })
        row(
            "exchange a refresh token (SQLite, durable)",
            try await measure(200) {
                for _ in 0..<200 {
                    guard
                        case .issued(let next) = try await service.refresh(
                            pair.refresh.secretText, client: "app")
                    else { throw Wrong(description: "a token was refused") }
                    pair = next
                }
            })
    }

    /// From the order to revoke a user until the last of eight verifiers refuses, woken by the store.
    private static func measureFleet(_ store: SQLiteStore) async throws {
        let fleet = (0..<verifiers).map { RevocationFollower(id: "verifier-\($0)", store: store) }
        let running = fleet.map { follower in Task { try await follower.run() } }
        while !fleet.allSatisfy(\.holdsLease) { try await Task.sleep(for: .milliseconds(1)) }
        var times: [Double] = []
        for round in 0..<101 {
            let epoch = try await store.feed(after: .start, limit: 0).end
            let marks = TokenMarks(denial: nil, epoch: epoch, user: "user-\(round)")
            let start = ContinuousClock.now
            _ = try await store.cutOff(.user("user-\(round)"), by: "bench", reason: nil, at: TimeSource.system.wall())
            while fleet.contains(where: { $0.verdict(on: marks) == .valid }) {
                try await Task.sleep(for: .microseconds(100))
            }
            times.append((ContinuousClock.now - start) / .microseconds(1))
        }
        times.sort()
        for (name, micros) in [("median", times[50]), ("worst of 101", times[100])] {
            let row = BenchmarkRow(
                name: "revoke a user on 8 verifiers, \(name)", ours: micros, baseline: nil, against: "")
            print(row.line)
        }
        for task in running { task.cancel() }
        for task in running { try await task.value }
    }
}
