internal import GRDB
internal import Sessions
internal import Synchronization

/// Connections that only read: they wait for no writer, and no writer waits for them.
///
/// How many there are at once is bounded, whoever asks for how much: each costs two of the process's descriptors.
final class ReaderPool: Sendable {
    /// So many idle connections are kept.
    private static let keptConnections = 4
    /// So many snapshots are taken at once; whoever comes then waits for a turn.
    static let mostSnapshots = 16
    /// So many more of what a node's lease hangs on: it doesn't wait behind the others.
    static let mostUrgentSnapshots = 4
    /// So many wait for a turn at most; those in a hurry always may.
    private static let mostWaiting = 4096

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
    private let turns = ReadGate(limit: ReaderPool.mostSnapshots, waitingLimit: ReaderPool.mostWaiting)
    private let urgentTurns = ReadGate(limit: ReaderPool.mostUrgentSnapshots, waitingLimit: .max)

    init(path: String, identity: FileIdentity, configuration: Configuration) {
        self.path = path
        self.identity = identity
        self.configuration = configuration
    }

    /// One statement, which takes microseconds: done at once on this thread, without a hop to another.
    ///
    /// It needs no turn: there are no more of these at once than threads.
    func one<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try translating {
            let connection = try take()
            defer { giveBack(connection) }
            return try connection.unsafeRead(body)
        }
    }

    /// Several statements that must agree, or one that takes longer: in a transaction, on the connection's own thread.
    ///
    /// - Parameters:
    ///   - isUrgent: whether it has turns of its own: for the little that a node's lease hangs on.
    ///   - body: the statements.
    /// - Returns: what `body` returns.
    /// - Throws: ``SessionsError``, with `busy` where too many wait already; `CancellationError`.
    func snapshot<Result: Sendable>(
        urgent isUrgent: Bool = false, _ body: @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await (isUrgent ? urgentTurns : turns).withTurn {
                let connection = try take()
                defer { giveBack(connection) }
                return try await connection.read(body)
            }
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }

    /// How many wait for a turn that aren't in a hurry.
    var waitingCount: Int { turns.waitingCount }

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
