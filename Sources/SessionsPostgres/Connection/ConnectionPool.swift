internal import Dispatch
internal import Sessions
internal import Synchronization

/// A bounded number of connections, made when they are needed and replaced when they are lost.
final class ConnectionPool: Sendable {
    /// What a caller is given: a connection, or the right to make one.
    private enum Turn {
        case use(Connection)
        case make
    }

    private struct Waiter {
        let id: UInt64
        let isUrgent: Bool
        let continuation: CheckedContinuation<Turn, any Error>
    }

    private struct State {
        var idle: [Connection] = []
        /// Those in use and those being made, too.
        var count = 0
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        var failures = 0
        var lastFailure: (error: any Error, until: MonotonicInstant)?
    }

    /// How long to leave a server alone that refused connections.
    private static let backoff = Backoff()
    /// So many callers wait for a connection at most; those in a hurry always may.
    private static let mostWaiters = 4096

    let settings: ConnectionSettings
    let limits: PostgresStore.Limits
    /// What its connections cost the server.
    let meter: TrafficMeter
    private let time: TimeSource
    private let setUp: @Sendable (Link) throws -> Void
    private let state = Mutex(State())

    init(
        _ settings: ConnectionSettings, limits: PostgresStore.Limits, time: TimeSource,
        setUp: @escaping @Sendable (Link) throws -> Void
    ) {
        self.settings = settings
        self.limits = limits
        self.time = time
        let meter = TrafficMeter(countsBytes: false)
        self.meter = meter
        self.setUp = { link in
            link.meter = meter
            try setUp(link)
        }
    }

    /// Lends a connection to some work.
    ///
    /// - Parameters:
    ///   - limit: how long the work may take.
    ///   - isUrgent: whether it goes before whatever waits and isn't: for the little that a node's lease hangs on.
    ///   - work: is done on the connection's thread. Where it collides with another transaction it is done again.
    /// - Returns: what `work` returns.
    /// - Throws: ``SessionsError``.
    func use<Result: Sendable>(
        for limit: Duration, urgent isUrgent: Bool = false, _ work: @escaping @Sendable (Link) throws -> Result
    ) async throws -> Result {
        do {
            while true {
                let connection = try await take(isUrgent)
                do {
                    defer { giveBack(connection) }
                    return try await connection.run(for: limit) { try Self.retrying(on: $0, work) }
                } catch let failure as PostgresFailure where failure.state == Connection.staleState {
                    // It was lost while it was idle: nothing was sent, and the next one is a new one at last.
                }
            }
        } catch {
            throw SessionsError.translating(error, at: settings.shown)
        }
    }

    /// Does work again that collided with another transaction: PostgreSQL undid it as a whole.
    private static func retrying<Result>(on link: Link, _ work: (Link) throws -> Result) throws -> Result {
        for _ in 0..<5 {
            do { return try work(link) } catch let failure as PostgresFailure where failure.isCollision {
                link.settle()
            }
        }
        return try work(link)
    }

    // MARK: Taking and giving back

    private func take(_ isUrgent: Bool) async throws -> Connection {
        switch try await turn(isUrgent) {
        case .use(let connection): connection
        case .make: try await make()
        }
    }

    /// A turn that needs no waiting; `nil` where all connections are in use.
    private func freeTurn(_ state: inout State) throws -> Turn? {
        if let connection = state.idle.popLast() { return .use(connection) }
        guard state.count < limits.connections else { return nil }
        // A server that just refused is left alone for a moment; whoever asks meanwhile hears the same.
        if let failure = state.lastFailure, time.monotonic() < failure.until { throw failure.error }
        state.count += 1
        return .make
    }

    private func make() async throws -> Connection {
        do {
            let connection = try await makeAside()
            state.withLock { state in
                (state.failures, state.lastFailure) = (0, nil)
            }
            return connection
        } catch {
            let now = time.monotonic()
            let hopeless = state.withLock { state in
                var generator = SystemRandomNumberGenerator()
                state.count -= 1
                state.failures += 1
                let pause = Self.backoff.delay(afterFailures: state.failures, using: &generator)
                state.lastFailure = (error, now + pause)
                guard state.count == 0 else { return [Waiter]() }
                // Nobody is left who could give a connection back.
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in hopeless { waiter.continuation.resume(throwing: error) }
            throw error
        }
    }

    /// Makes a connection that isn't one of the pool's.
    func makeAside() async throws -> Connection {
        try await Connection.open(settings.servers, patience: limits.connecting, setUp: setUp)
    }

    /// Hands it, or its place, to whoever has waited longest, of those in a hurry if there are any.
    private func giveBack(_ connection: Connection) {
        let isUsable = connection.isUsable
        let next: Waiter? = state.withLock { state in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            if isUsable { state.idle.append(connection) } else { state.count -= 1 }
            return nil
        }
        next?.continuation.resume(returning: isUsable ? .use(connection) : .make)
    }

    // MARK: Waiting

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiters.count } }

    private func turn(_ isUrgent: Bool) async throws -> Turn {
        let (free, id) = try state.withLock { state in
            state.nextWaiter += 1
            return (try freeTurn(&state), state.nextWaiter)
        }
        if let free { return free }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                enter(Waiter(id: id, isUrgent: isUrgent, continuation: $0))
            }
        } onCancel: {
            giveUp(id, CancellationError())
        }
    }

    private func enter(_ waiter: Waiter) {
        let verdict: Result<Turn, any Error>? = state.withLock { state in
            if Task.isCancelled { return .failure(CancellationError()) }
            // One may have come free since.
            do { if let free = try freeTurn(&state) { return .success(free) } } catch { return .failure(error) }
            guard waiter.isUrgent || state.waiters.count < Self.mostWaiters else {
                return .failure(SessionsError.allConnectionsBusy)
            }
            let place = waiter.isUrgent ? state.waiters.firstIndex { !$0.isUrgent } : nil
            state.waiters.insert(waiter, at: place ?? state.waiters.endIndex)
            return nil
        }
        if let verdict { return waiter.continuation.resume(with: verdict) }
        let patience = DispatchTimeInterval.milliseconds(Int(clamping: limits.waiting.wholeMilliseconds))
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { [weak self] in
            self?.giveUp(waiter.id, SessionsError.allConnectionsBusy)
        }
    }

    private func giveUp(_ id: UInt64, _ error: any Error) {
        let waiter: Waiter? = state.withLock { state in
            guard let place = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: place)
        }
        waiter?.continuation.resume(throwing: error)
    }
}
