import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsRedis

/// One cluster for all tests of a suite, a namespace for each.
struct OneCluster: SuiteTrait, TestScoping {
    @TaskLocal static var cluster: RedisCluster?
    private static let namespaces = Atomic(0)

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await RedisCluster.with { cluster in
            try await Self.$cluster.withValue(cluster) { try await function() }
        }
    }

    /// How the cluster is reached; a machine that is busy with other tests answers late.
    static func configuration() throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: try #require(cluster).url)
        configuration.commandLimit = .seconds(30)
        return configuration
    }

    /// Lends an empty store with a namespace that no other test has, and opens others on it.
    static func withStore(
        time: TimeSource = OneRedis.time,
        _ body: (RedisStore, (RedisStore.OpenMode) async throws -> RedisStore) async throws -> Void
    ) async throws {
        let configuration = try configuration()
        let namespace = "n\(namespaces.wrappingAdd(1, ordering: .relaxed).newValue)"
        func open(_ mode: RedisStore.OpenMode) async throws -> RedisStore {
            try await RedisStore.open(configuration, mode: mode, namespace: namespace, time: time)
        }
        let store = try await open(.create)
        do { try await body(store, open) } catch {
            await store.shutDown()
            throw error
        }
        await store.shutDown()
    }
}

extension Trait where Self == OneCluster {
    /// One cluster for all tests of the suite.
    static var oneCluster: OneCluster { OneCluster() }
}
