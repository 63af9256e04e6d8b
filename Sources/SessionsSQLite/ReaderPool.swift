internal import GRDB
internal import Sessions
internal import Synchronization

/// Connections that only read: they wait for no writer, and nobody waits for them.
final class ReaderPool: Sendable {
    /// So many idle connections are kept.
    private static let keptConnections = 4

    /// Whether the file is still at its path is looked at so often: it would cost a tenth of a read to do it each time.
    private static let checkInterval = Duration.milliseconds(100)

    private struct State {
        var idle: [DatabaseQueue] = []
        var checkDue = ContinuousClock.now
    }

    private let path: String
    private let identity: FileIdentity
    private let configuration: Configuration
    private let state = Mutex(State())

    init(path: String, identity: FileIdentity, configuration: Configuration) {
        self.path = path
        self.identity = identity
        self.configuration = configuration
    }

    /// One statement, which takes microseconds: done at once on this thread, without a hop to another.
    func one<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translating {
            let connection = try take()
            defer { giveBack(connection) }
            return try connection.unsafeRead(body)
        }
    }

    /// Several statements that must agree, or one that takes longer: in a transaction, on the connection's own thread.
    func snapshot<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) async throws -> Result {
        do {
            let connection = try take()
            defer { giveBack(connection) }
            return try await connection.read(body)
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw SessionsError.translating(error, path: path) }
    }

    private func take() throws -> DatabaseQueue {
        let kept = try state.withLock { state in
            let now = ContinuousClock.now
            if state.checkDue <= now {
                try identity.check()
                state.checkDue = now + Self.checkInterval
            }
            return state.idle.popLast()
        }
        return try kept ?? DatabaseQueue(path: path, configuration: configuration)
    }

    private func giveBack(_ connection: DatabaseQueue) {
        state.withLock { if $0.idle.count < Self.keptConnections { $0.idle.append(connection) } }
    }
}
