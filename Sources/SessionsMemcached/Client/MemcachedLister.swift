internal import Sessions

/// Lists what servers hold, on connections of its own: a long answer would hold up others, and memcached refuses a
/// listing behind other commands on the same connection.
final class MemcachedLister: Sendable {
    /// A listing of all keys may take so long.
    private static let limit = Duration.seconds(30)
    /// A server that lists for somebody else is asked again so often.
    private static let askings = 200
    private static let pauses = (shortest: Duration.milliseconds(2), longest: Duration.milliseconds(100))

    /// The connections.
    let client: MemcachedClient
    private let time: TimeSource
    /// One at a time: memcached loses the second of two listings on one connection.
    private let turns = ReadGate(limit: 1, waitingLimit: 1024)

    /// Makes one; connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: the servers, and how to talk to them.
    ///   - time: the clock that waits are measured with.
    /// - Throws: `SessionsError` with `usage` where the configuration can't be used.
    init(_ configuration: MemcachedConfiguration, time: TimeSource) throws {
        var patient = configuration
        patient.commandLimit = max(configuration.commandLimit, Self.limit)
        client = try MemcachedClient(patient, time: time)
        self.time = time
    }

    /// What a server holds, without the values.
    ///
    /// - Parameters:
    ///   - lane: one of the client's.
    ///   - limit: so many items are kept of the list.
    ///   - mark: what stands in their keys.
    /// - Returns: what was kept, and how many more there are.
    /// - Throws: `SessionsError`: `unsupported` where the server lists nothing, `busy` where it lists for somebody else
    ///   all the time, `unavailable`.
    func list(
        _ lane: MemcachedLane, limit: Int, containing mark: [UInt8] = []
    ) async throws -> (items: [ListedItem], left: Int) {
        try await turns.withTurn {
            var pause = Self.pauses.shortest
            for _ in 0..<Self.askings {
                if let listing = try await self.ask(lane, .metadump(limit: limit, containing: mark)) { return listing }
                try await time.sleep(time.monotonic() + pause)
                pause = min(pause * 2, Self.pauses.longest)
            }
            throw SessionsError(
                .busy, "memcached at \(lane.address) lists its keys for somebody else all the time: try again")
        }
    }

    /// The list; `nil`: the server is listing for somebody else.
    private func ask(
        _ lane: MemcachedLane, _ command: MemcachedCommand
    ) async throws -> (items: [ListedItem], left: Int)? {
        switch try await lane.send(command).0 {
        case .listing(let items, let left): return (items, left)
        case .refused(.busy): return nil
        case .refused(.unknownCommand), .refused(.malformed), .refused(.failed):
            throw SessionsError(
                .unsupported,
                "memcached at \(lane.address) lists no keys: send it lru_crawler enable, and start it without -X and "
                    + "no_lru_crawler")
        case .refused(let refusal): throw SessionsError.refusal(refusal, lane.address)
        default: throw SessionsError.notMemcached(lane.address)
        }
    }
}
