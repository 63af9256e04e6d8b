internal import Sessions

/// One server, whatever it is, or as long as it is a primary.
struct SingleExecutor: RedisExecutor {
    private let lane: RedisLane
    private let isPart: Bool
    private let primary: PrimaryCheck
    private let watcher: RedisWatcher

    /// Makes a client for a server.
    ///
    /// - Parameters:
    ///   - address: the server.
    ///   - connector: connects to it.
    ///   - time: the clock of the waits.
    ///   - demand: whether it must be a primary.
    ///   - lane: a lane to it that is the caller's, who shuts it down; `nil`: its own.
    init(
        _ address: RedisAddress, _ connector: RedisConnector, time: TimeSource,
        needing demand: PrimaryCheck.Demand = .never, sharing lane: RedisLane? = nil
    ) {
        isPart = lane != nil
        let primary = PrimaryCheck(demand)
        self.primary = primary
        self.lane =
            lane
            ?? RedisLane(to: address, time: time) {
                let connection = try await connector.connect(to: address)
                try await primary.admit(connection)
                return connection
            }
        watcher = RedisWatcher(address, time: time) { try await connector.connect(to: address, as: .watch, onPush: $0) }
    }

    var name: String { lane.address.description }

    func send(_ command: RedisCommand) async throws -> RESPValue {
        do {
            let result = try await lane.use { try await $0.send(command.words) }.result
            guard result.isReadOnly, primary.isDemanded else { return try result.get() }
            return try await lane.sendToPrimary([command], leavingReplica: SessionsError.isReplica)[0].get()
        } catch let error as NotSent {
            throw error.reason
        }
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        do {
            if primary.isDemanded {
                return try await lane.sendToPrimary(commands, leavingReplica: SessionsError.isReplica)
            }
            return try await lane.use { try await $0.send(commands.map(\.words)) }.map(\.result)
        } catch let error as NotSent {
            throw error.reason
        }
    }

    func servers() async throws -> [any RedisExecutor] { [self] }

    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {
        try await watcher.run(subject, tell)
    }

    func shutDown() async { if !isPart { lane.shutDown() } }
}
