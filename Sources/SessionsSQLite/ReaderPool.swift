internal import GRDB
internal import Sessions
internal import Synchronization

/// Connections that only read: they wait for no writer, and nobody waits for them.
final class ReaderPool: Sendable {
    /// So many idle connections are kept.
    private static let keptConnections = 4

    private let path: String
    private let configuration: Configuration
    private let idle = Mutex<[DatabaseQueue]>([])

    init(path: String, configuration: Configuration) {
        self.path = path
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
        try idle.withLock { $0.popLast() } ?? DatabaseQueue(path: path, configuration: configuration)
    }

    private func giveBack(_ connection: DatabaseQueue) {
        idle.withLock { if $0.count < Self.keptConnections { $0.append(connection) } }
    }
}
