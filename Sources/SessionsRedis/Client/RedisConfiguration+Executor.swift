internal import Sessions
internal import SessionsTransport

extension RedisConfiguration {
    /// Makes the client for this configuration; it connects when it is first used.
    ///
    /// - Parameters:
    ///   - time: the clock that waits between attempts are measured with.
    ///   - witness: sees each connection; `nil`: nobody does.
    ///   - demand: whether one server must be a primary; Sentinel names primaries alone, and so does a cluster.
    /// - Returns: the client; shut it down when it is no longer needed.
    /// - Throws: `SessionsError` with `usage` where a file for TLS can't be used.
    func makeExecutor(
        time: TimeSource = .system, witness: LinkWitness? = nil, needing demand: PrimaryCheck.Demand = .never
    ) throws -> any RedisExecutor {
        let connector = try RedisConnector(self, witness: witness)
        switch topology {
        case .server(let address): return SingleExecutor(address, connector, time: time, needing: demand)
        case .sentinel(let sentinels, let name):
            return SentinelExecutor(sentinels, name: name, connector, time: time)
        case .cluster(let seeds): return ClusterExecutor(seeds, connector, time: time)
        }
    }
}
