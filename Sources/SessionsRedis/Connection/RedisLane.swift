internal import Sessions
internal import Synchronization

/// The connection to one server, made anew when it is needed and has been lost.
///
/// Which server that is, may be found out by whatever connects: the primary that Sentinel names is another one each time.
/// Nobody waits for a server that is known to be away: after a failed attempt everybody is refused at once, until the
/// next one is due, which the first caller then makes for all.
final class RedisLane: Sendable {
    private enum State {
        case idle
        case connecting(Landing<Result<RedisConnection, SessionsError>>)
        case open(RedisConnection)
        case shut
    }

    private struct Line {
        var state = State.idle
        var failures = 0
        /// No attempt before this moment, and why.
        var wait: (until: MonotonicInstant, reason: SessionsError)?
    }

    /// The server, or whoever is asked for it: for errors.
    let address: RedisAddress
    private let time: TimeSource
    private let backoff: Backoff
    private let connect: @Sendable () async throws -> RedisConnection
    private let line = Mutex(Line())

    /// Makes a lane that has no connection yet.
    ///
    /// - Parameters:
    ///   - address: the server, for errors.
    ///   - time: the clock that the waits are measured with.
    ///   - backoff: how long to wait after failures.
    ///   - connect: makes a connection that is ready for commands.
    init(
        to address: RedisAddress, time: TimeSource, backoff: Backoff = Backoff(),
        connect: @escaping @Sendable () async throws -> RedisConnection
    ) {
        self.address = address
        self.time = time
        self.backoff = backoff
        self.connect = connect
    }

    deinit {
        let state = line.withLock { $0.state }
        if case .open(let connection) = state { connection.close(.shutDown(address)) }
    }

    /// Uses the connection; once more with a new one, where the first had ended before anything was sent.
    ///
    /// - Throws: ``NotSent`` where there is no connection, and what `body` throws.
    func use<Result>(_ body: (RedisConnection) async throws -> Result) async throws -> Result {
        let first = try await connection()
        do { return try await body(first) } catch is NotSent { return try await body(try await connection()) }
    }

    /// The connection, if there is one now.
    var current: RedisConnection? {
        line.withLock { line in
            if case .open(let connection) = line.state, !connection.hasEnded { connection } else { nil }
        }
    }

    /// The connection that is there, or a new one.
    ///
    /// - Throws: ``NotSent`` where there can't be one now; `CancellationError`.
    func connection() async throws -> RedisConnection {
        enum Step {
            case ready(RedisConnection)
            case wait(Landing<Result<RedisConnection, SessionsError>>, begins: Bool)
            case refuse(SessionsError)
        }
        let step: Step = line.withLock { line in
            switch line.state {
            case .open(let connection) where !connection.hasEnded: return .ready(connection)
            case .connecting(let landing): return .wait(landing, begins: false)
            case .shut: return .refuse(.shutDown(address))
            case .open(let lost): noteLoss(of: lost, &line)
            case .idle: break
            }
            if let wait = line.wait, time.monotonic() < wait.until { return .refuse(wait.reason) }
            let landing = Landing<Result<RedisConnection, SessionsError>>()
            line.state = .connecting(landing)
            return .wait(landing, begins: true)
        }
        switch step {
        case .ready(let connection): return connection
        case .refuse(let reason): throw NotSent(reason: reason)
        case .wait(let landing, let begins):
            // A task of its own: whoever began the attempt may be cancelled while others wait for it.
            if begins { Task { await attempt(landing) } }
            return try await landing.value().mapError { NotSent(reason: $0) }.get()
        }
    }

    /// Closes the connection for good.
    func shutDown() {
        let connection: RedisConnection? = line.withLock { line in
            defer { line.state = .shut }
            if case .open(let connection) = line.state { return connection }
            return nil
        }
        connection?.close(.shutDown(address))
    }

    private func attempt(_ landing: Landing<Result<RedisConnection, SessionsError>>) async {
        let result: Result<RedisConnection, SessionsError>
        do {
            result = .success(try await connect())
        } catch {
            result = .failure((error as? NotSent)?.reason ?? .reaching(address, error))
        }
        let isShut = line.withLock { line in
            if case .shut = line.state { return true }
            switch result {
            case .success(let connection): line.state = .open(connection)
            case .failure(let reason):
                line.state = .idle
                noteFailure(reason, &line)
            }
            return false
        }
        if isShut, case .success(let connection) = result {
            connection.close(.shutDown(address))
            landing.land(.failure(.shutDown(address)))
        } else {
            landing.land(result)
        }
    }

    /// A server that ends connections before it answers anything is as good as away.
    private func noteLoss(of connection: RedisConnection, _ line: inout Line) {
        line.state = .idle
        if connection.hasAnsweredCommands {
            (line.failures, line.wait) = (0, nil)
        } else {
            noteFailure(.lost(connection.address), &line)
        }
    }

    private func noteFailure(_ reason: SessionsError, _ line: inout Line) {
        line.failures += 1
        var generator = SystemRandomNumberGenerator()
        let delay = backoff.delay(afterFailures: line.failures, using: &generator)
        line.wait = (time.monotonic() + delay, reason)
    }
}
