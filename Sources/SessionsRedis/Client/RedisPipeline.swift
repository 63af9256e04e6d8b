internal import Sessions

/// One connection by itself: to measure what a command costs.
package struct RedisPipeline: Sendable {
    private let connection: RedisConnection

    /// Connects to one server.
    ///
    /// - Parameter url: the server: `redis://HOST`.
    /// - Throws: `SessionsError`.
    package init(url: String) async throws {
        let configuration = try RedisConfiguration(url: url)
        guard case .server(let address) = configuration.topology else {
            throw SessionsError(.usage, "one server is measured: write redis://HOST")
        }
        connection = try await RedisConnector(configuration).connect(to: address)
    }

    /// Reads keys by one GET each, all sent at once.
    ///
    /// - Returns: the values; `nil` where there is none.
    /// - Throws: `SessionsError`.
    package func values(of keys: [[UInt8]]) async throws -> [[UInt8]?] {
        let get = Array("GET".utf8)
        do {
            return try await connection.send(keys.map { [get, $0] }).map(\.bytes)
        } catch let error as NotSent { throw error.reason }
    }

    /// Does work on the connection's own thread, so that no other is woken for a reply.
    ///
    /// - Throws: what the work throws.
    package func onItsThread<Result: Sendable>(
        _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withTaskExecutorPreference(connection.executor) { try await work() }
    }

    /// Closes the connection.
    package func close() { connection.close(.shutDown(connection.address)) }
}
