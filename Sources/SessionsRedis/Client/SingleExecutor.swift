internal import Sessions

/// One server.
struct SingleExecutor: RedisExecutor {
    private let lane: RedisLane
    private let isPart: Bool
    private let watcher: RedisWatcher

    /// Makes a client for a server.
    ///
    /// - Parameters:
    ///   - address: the server.
    ///   - connector: connects to it.
    ///   - time: the clock of the waits.
    ///   - lane: a lane to it that is the caller's, who shuts it down; `nil`: its own.
    init(_ address: RedisAddress, _ connector: RedisConnector, time: TimeSource, sharing lane: RedisLane? = nil) {
        isPart = lane != nil
        self.lane = lane ?? RedisLane(to: address, time: time) { try await connector.connect(to: address) }
        watcher = RedisWatcher(address, time: time) { try await connector.connect(to: address, as: .watch, onPush: $0) }
    }

    var name: String { lane.address.description }

    func send(_ command: RedisCommand) async throws -> RESPValue {
        do {
            return try await lane.use { try await $0.send(command.words) }.result.get()
        } catch let error as NotSent {
            throw error.reason
        }
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        do {
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
