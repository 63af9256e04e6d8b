import Foundation
import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import sessiontop

/// Nothing is served after its revoke was effective, whatever fails: over real servers.
///
/// `DRILL_REVOKES=10000` makes them large, and runs every combination.
@Suite("Drills", .serialized)
struct DrillTests {
    private static let large = ProcessInfo.processInfo.environment["DRILL_REVOKES"].flatMap(Int.init)

    /// A store, and a cache in front of it.
    enum Combination: String, CaseIterable, CustomTestStringConvertible {
        case sqlite, postgres, redis, memcached
        case sqliteRedis = "sqlite + redis"
        case sqliteMemcached = "sqlite + memcached"
        case postgresRedis = "postgres + redis"
        case postgresMemcached = "postgres + memcached"
        case postgresSentinel = "postgres + redis under Sentinel"
        case postgresCluster = "postgres + redis cluster"

        var testDescription: String { rawValue }

        /// Those of every test run: each kind of server, and a failover.
        static let few: [Combination] = [.sqliteRedis, .postgresMemcached, .redis, .memcached, .postgresSentinel]
    }

    @Test(
        "Revokes hold while servers crash, hang and fail over, and no error is seen that the database could have spared",
        arguments: large == nil ? Combination.few : Combination.allCases)
    func drill(_ combination: Combination) async throws {
        let count = Self.large ?? 120
        try await combination.withServers { store, cache, failures in
            try await ScratchFolder.with { folder in
                let place = try DemoStore(url: store, cache: cache) { $0 == "XDG_STATE_HOME" ? folder : nil }
                defer { place.removeIfTemporary() }
                let report = try await Drill(place: place, count: count, failures: failures).run()
                if Self.large != nil {
                    print("drill: \(combination.rawValue): \(report)")
                    fflush(nil)
                }
                #expect(report.findings.servedAfterEffective == 0, "\(report)")
                #expect(report.ended.count >= count && report.notRefused == 0, "\(report)")
                #expect(report.findings.sessionsRefused > 0, "\(report)")
                #expect(!report.applied.isEmpty && !report.refused.isEmpty, "\(report)")
                #expect(report.errors == 0, "\(report)")
            }
        }
    }
}

extension DrillTests.Combination {
    typealias Body = (_ store: String?, _ cache: String?, _ failures: [Drill.Failure]) async throws -> Void

    /// Starts the servers, and says what may happen to them.
    fileprivate func withServers(_ body: Body) async throws {
        switch self {
        case .sqlite: try await body(nil, nil, [Drill.Failure(name: "nothing") {}])
        case .postgres: try await PostgresServer.with { try await body($0.url(), nil, [.crash(of: $0)]) }
        case .redis:
            try await RedisServer.with(Self.durable) {
                try await body($0.url, nil, [.crash("Redis", of: $0.process, mayCostErrors: true)])
            }
        case .memcached:
            try await MemcachedServer.with {
                let failures = [
                    Drill.Failure.crash("memcached", of: $0.process, mayCostErrors: true),
                    .stop("memcached", of: $0.process, mayCostErrors: true),
                ]
                try await body($0.url, nil, failures)
            }
        case .sqliteRedis: try await RedisServer.with { try await body(nil, $0.url, .cache($0.process)) }
        case .sqliteMemcached: try await MemcachedServer.with { try await body(nil, $0.url, .cache($0.process)) }
        case .postgresRedis:
            try await PostgresServer.with { postgres in
                try await RedisServer.with {
                    try await body(postgres.url(), $0.url, .cache($0.process) + [.crash(of: postgres)])
                }
            }
        case .postgresMemcached:
            try await PostgresServer.with { postgres in
                try await MemcachedServer.with {
                    try await body(postgres.url(), $0.url, .cache($0.process) + [.crash(of: postgres)])
                }
            }
        case .postgresSentinel:
            try await PostgresServer.with { postgres in
                try await RedisSentinel.with { try await body(postgres.url(), $0.url, [.failover(of: $0)]) }
            }
        case .postgresCluster:
            try await PostgresServer.with { postgres in
                try await RedisCluster.with { try await body(postgres.url(), $0.url, [.failover(of: $0)]) }
            }
        }
    }

    /// A Redis that keeps what it acknowledges.
    private static var durable: RedisServer.Options {
        var options = RedisServer.Options()
        options.arguments = ["--appendonly", "yes", "--appendfsync", "always"]
        return options
    }
}

extension [Drill.Failure] {
    /// What happens to a cache: it crashes, comes back empty, and hangs.
    fileprivate static func cache(_ process: ServerProcess) -> [Drill.Failure] {
        [.crash("the cache", of: process), .stop("the cache", of: process)]
    }
}

extension Drill.Failure {
    fileprivate static func crash(of postgres: PostgresServer) -> Drill.Failure {
        Drill.Failure(name: "kill -9 of PostgreSQL", mayCostErrors: true) {
            try await postgres.process.end(by: .kill)
            try await postgres.restart()
        }
    }

    fileprivate static func failover(of group: RedisSentinel) -> Drill.Failure {
        Drill.Failure(name: "failover under Sentinel") {
            try await group.servers[0].process.end(by: .kill)
            try await Waiting.until("another is the primary") {
                try await group.primaryPort() != group.servers[0].port
            }
        }
    }

    fileprivate static func failover(of cluster: RedisCluster) -> Drill.Failure {
        Drill.Failure(name: "failover in a cluster") {
            guard let primary = try await cluster.primary(of: 0) else { return }
            try await primary.process.end(by: .kill)
            try await Waiting.until("a replica has taken over") {
                try await cluster.primary(of: 0).map { $0.port != primary.port } ?? false
            }
        }
    }
}
