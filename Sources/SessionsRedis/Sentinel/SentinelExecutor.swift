internal import Sessions
internal import Synchronization

/// The primary that Sentinel names, whichever server that is now.
///
/// A server is used only after it has said itself that it is a primary. The connection is given up when a sentinel
/// tells of another primary, when the next sentinel that is asked names another, and when the server
/// says that it is read-only. A failover takes as long as the sentinels need; until then there is an error at once.
final class SentinelExecutor: RedisExecutor {
    private let sentinels: SentinelLine
    private let lane: RedisLane
    private let watcher: RedisWatcher
    private let isChecking = Mutex(false)

    /// Makes a client that isn't connected yet.
    ///
    /// - Parameters:
    ///   - sentinels: at least one.
    ///   - name: the primary's name there.
    ///   - connector: connects to sentinels and servers.
    ///   - time: the clock of the waits.
    init(_ sentinels: [RedisAddress], name: String, _ connector: RedisConnector, time: TimeSource) {
        let current = CurrentLane()
        let line = SentinelLine(sentinels, name: name, connector, time: time) { current.giveUp() }
        self.sentinels = line
        lane = RedisLane(to: sentinels[0], time: time) {
            try await Self.connect(line, connector, as: .primary) { _ in }
        }
        watcher = RedisWatcher(sentinels[0], time: time) {
            try await Self.connect(line, connector, as: .watch, onPush: $0)
        }
        current.set(lane)
    }

    let name = "the primary"

    func send(_ command: RedisCommand) async throws -> RESPValue {
        let results = try await send([command])
        return try results[0].get()
    }

    func send(_ commands: [RedisCommand]) async throws -> [Result<RESPValue, RedisError>] {
        listen()
        do {
            return try await lane.sendToPrimary(commands, leavingReplica: SessionsError.noLongerPrimary)
        } catch let error as NotSent {
            throw error.reason
        }
    }

    func servers() async throws -> [any RedisExecutor] { [self] }

    func watch(_ subject: RedisWatch, _ tell: @escaping @Sendable (RedisNews) -> Void) async throws {
        try await watcher.run(subject, tell)
    }

    func shutDown() async {
        lane.shutDown()
        sentinels.shutDown()
    }

    /// Where no sentinel is listened to, asks one, beside the commands, whether the primary is still the same.
    private func listen() {
        guard !sentinels.isListening, let connection = lane.current else { return }
        let begins = isChecking.withLock { isChecking in
            defer { isChecking = true }
            return !isChecking
        }
        guard begins else { return }
        Task {
            let primary = try? await sentinels.primary()
            if let primary, primary != connection.address { connection.close(.noLongerPrimary(connection.address)) }
            isChecking.withLock { $0 = false }
        }
    }

    private static func connect(
        _ sentinels: SentinelLine, _ connector: RedisConnector, as role: RedisGreeting.Role,
        onPush: @escaping @Sendable ([RESPValue]) -> Void
    ) async throws -> RedisConnection {
        let address = try await sentinels.primary()
        let connection: RedisConnection
        do {
            connection = try await connector.connect(to: address, as: role, onPush: onPush)
        } catch {
            sentinels.distrust()
            throw error
        }
        do {
            try await checkRole(of: connection)
            return connection
        } catch {
            connection.close(.noLongerPrimary(address))
            sentinels.distrust()
            throw error
        }
    }

    /// - Throws: `SessionsError` where it isn't a primary, or doesn't say.
    private static func checkRole(of connection: RedisConnection) async throws {
        switch try await PrimaryCheck.isPrimary(connection) {
        case true?: break
        case false?: throw SessionsError.noLongerPrimary(connection.address)
        case nil:
            throw SessionsError(
                .refused,
                "Redis at \(connection.address) doesn't say whether it is the primary: grant +info to this user")
        }
        connection.beginService()
    }
}

/// The lane whose connection ends at a switch: known only after the line that hears of it.
private final class CurrentLane: Sendable {
    /// Weak, for the lane holds the line that holds this.
    private struct Reference {
        weak var lane: RedisLane?
    }

    private let reference = Mutex(Reference())

    func set(_ lane: RedisLane) { reference.withLock { $0.lane = lane } }

    func giveUp() {
        guard let connection = reference.withLock({ $0.lane })?.current else { return }
        connection.close(.noLongerPrimary(connection.address))
    }
}

extension SessionsError {
    fileprivate static func noLongerPrimary(_ address: RedisAddress) -> SessionsError {
        SessionsError(
            .unavailable, "Redis at \(address) is not the primary any more: try again when the failover is over")
    }
}
