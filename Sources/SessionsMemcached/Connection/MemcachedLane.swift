internal import Sessions
internal import Synchronization

/// The way to one server: its connection, made anew when it is needed and has been lost.
///
/// Nobody waits for a server that is known to be away. After a failed attempt everybody is refused at once; when the next
/// attempt is due, the first caller sets it off, and is refused as well.
final class MemcachedLane: Sendable {
    private typealias Attempt = Landing<Result<MemcachedLink, SessionsError>>

    private enum State {
        case idle
        case connecting(Attempt)
        case open(MemcachedLink)
    }

    private struct Line {
        var state = State.idle
        var failures = 0
        /// No attempt before this moment, and why.
        var wait: (until: MonotonicInstant, reason: SessionsError)?
        var version: String?
    }

    /// The server.
    let address: MemcachedAddress
    private let time: TimeSource
    private let backoff: Backoff
    private let connect: @Sendable () async throws -> MemcachedLink
    private let line = Mutex(Line())

    /// Makes a lane that has no connection yet.
    ///
    /// - Parameters:
    ///   - address: the server, for errors.
    ///   - time: the clock that the waits are measured with.
    ///   - backoff: how long to wait after failures.
    ///   - connect: makes a connection that is ready for commands.
    init(
        to address: MemcachedAddress, time: TimeSource, backoff: Backoff = Backoff(),
        connect: @escaping @Sendable () async throws -> MemcachedLink
    ) {
        self.address = address
        self.time = time
        self.backoff = backoff
        self.connect = connect
    }

    deinit {
        let state = line.withLock { $0.state }
        if case .open(let link) = state { link.connection.close(.closed(address)) }
    }

    /// The version of the server, as it said last; `nil`: not connected yet.
    var version: String? { line.withLock { $0.version } }

    /// Sends a command; once more on a new connection, where the first had ended before anything was sent.
    ///
    /// - Returns: the reply, and which run of the server it is of.
    /// - Throws: `SessionsError`; `CancellationError`.
    func send(_ command: MemcachedCommand) async throws -> (MemcachedReply, run: UInt16) {
        let link = try await link()
        do {
            return (try await link.connection.send(command), link.run)
        } catch is NotSent {
            let next = try await self.link()
            do {
                return (try await next.connection.send(command), next.run)
            } catch let error as NotSent { throw error.reason }
        }
    }

    /// Sends a command to this run of the server alone: one that compares a CAS, which means nothing to another run.
    ///
    /// - Returns: the reply; `nil`: that run is over, or nobody knows, and nothing was sent.
    /// - Throws: `SessionsError`; `CancellationError`.
    func send(_ command: MemcachedCommand, onlyTo run: UInt16) async throws -> MemcachedReply? {
        let link = try await link()
        guard link.run == run else { return nil }
        do { return try await link.connection.send(command) } catch is NotSent { return nil }
    }

    /// The connection that is there, or a new one.
    private func link() async throws -> MemcachedLink {
        enum Step {
            case ready(MemcachedLink)
            case wait(Attempt, begins: Bool)
            case refuse(SessionsError, Attempt?)
        }
        let step: Step = line.withLock { line in
            switch line.state {
            case .open(let link) where !link.connection.hasEnded: return .ready(link)
            case .connecting(let attempt):
                return line.wait.map { .refuse($0.reason, nil) } ?? .wait(attempt, begins: false)
            case .open(let lost): noteLoss(of: lost.connection, &line)
            case .idle: break
            }
            if let wait = line.wait, time.monotonic() < wait.until { return .refuse(wait.reason, nil) }
            let attempt = Attempt()
            line.state = .connecting(attempt)
            return line.wait.map { .refuse($0.reason, attempt) } ?? .wait(attempt, begins: true)
        }
        switch step {
        case .ready(let link): return link
        case .refuse(let reason, let attempt):
            if let attempt { Task { await make(attempt) } }
            throw reason
        case .wait(let attempt, let begins):
            // A task of its own: whoever began the attempt may be cancelled while others wait for it.
            if begins { Task { await make(attempt) } }
            return try await attempt.value().get()
        }
    }

    private func make(_ attempt: Attempt) async {
        let result: Result<MemcachedLink, SessionsError>
        do {
            result = .success(try await connect())
        } catch {
            result = .failure(error as? SessionsError ?? .reaching(address, error))
        }
        attempt.land(
            line.withLock { line in
                switch result {
                case .success(let link): (line.state, line.version, line.wait) = (.open(link), link.version, nil)
                case .failure(let reason): noteFailure(reason, &line)
                }
                return result
            })
    }

    /// A server that ends connections before it answers anything, or that hangs, is as good as away.
    private func noteLoss(of connection: MemcachedConnection, _ line: inout Line) {
        line.state = .idle
        if connection.hasBeenUseful { line.failures = 0 } else { noteFailure(.lost(address), &line) }
    }

    private func noteFailure(_ reason: SessionsError, _ line: inout Line) {
        line.state = .idle
        line.failures += 1
        var generator = SystemRandomNumberGenerator()
        let delay = backoff.delay(afterFailures: line.failures, using: &generator)
        line.wait = (time.monotonic() + delay, reason)
    }
}
