import SessionTesting
import Sessions

@testable import SessionsMemcached

/// Servers of a test's own, with sessions in them.
enum OwnMemcached {
    /// Time as the conformance suite has it.
    static let time = TimeSource(
        wall: { Timestamp(milliseconds: 1_800_000_000_000) }, monotonic: TimeSource.system.monotonic,
        sleep: TimeSource.system.sleep)

    /// Starts servers, each test its own: a listing goes through all keys of a server.
    @discardableResult
    static func withServers<Result>(
        _ count: Int, _ options: MemcachedServer.Options = MemcachedServer.Options(),
        _ body: ([MemcachedServer]) async throws -> Result
    ) async throws -> Result {
        try await withServers(count, options, []) { try await body($0) }
    }

    private static func withServers<Result>(
        _ count: Int, _ options: MemcachedServer.Options, _ servers: [MemcachedServer],
        _ body: ([MemcachedServer]) async throws -> Result
    ) async throws -> Result {
        guard servers.count < count else { return try await body(servers) }
        return try await MemcachedServer.with(options) { server in
            try await withServers(count, options, servers + [server], body)
        }
    }

    /// How they are reached: patiently, since tests share the machine.
    static func configuration(_ servers: [MemcachedServer]) -> MemcachedConfiguration {
        var configuration = MemcachedConfiguration(
            servers: servers.map { MemcachedAddress(host: "127.0.0.1", port: $0.port) })
        configuration.connectLimit = .seconds(30)
        configuration.commandLimit = .seconds(30)
        return configuration
    }

    /// Two handles on one namespace, each with connections of its own, as two processes have them.
    static func fixture(servers count: Int) -> StoreFixture {
        StoreFixture(forgetsCutoffs: false) { time, body in
            try await withServers(count) { servers in
                let configuration = configuration(servers)
                let store = try await MemcachedStore.open(configuration, mode: .create, time: time)
                let other = try await MemcachedStore.open(configuration, mode: .existing, time: time)
                try await body(store, other)
            }
        }
    }
}
