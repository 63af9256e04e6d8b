internal import Synchronization

/// A read of the database that several requests wait for.
final class Flight: Sendable {
    /// What came of it.
    enum Outcome: Sendable {
        /// The database answered.
        case resolved(NodeCache.Resolution)
        /// It did not: everybody who waited is told so, and nothing is remembered.
        case failed(SessionsError)
        /// Whoever read has gone away: read again.
        case abandoned
    }

    private enum State {
        case waiting([UInt64: CheckedContinuation<Outcome?, Never>], next: UInt64)
        case done(Outcome)
    }

    private let state = Mutex(State.waiting([:], next: 0))

    /// Tells everybody who waits, and whoever comes later.
    func land(_ outcome: Outcome) {
        let waiters: [CheckedContinuation<Outcome?, Never>] = state.withLock { state in
            guard case .waiting(let waiters, _) = state else { return [] }
            state = .done(outcome)
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }

    /// Waits for what came of it; `nil`: the waiting task was cancelled.
    func outcome() async -> Outcome? {
        let ticket: UInt64 = state.withLock { state in
            guard case .waiting(let waiters, let next) = state else { return 0 }
            state = .waiting(waiters, next: next + 1)
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let now = enter(continuation, ticket) { continuation.resume(returning: now) }
            }
        } onCancel: {
            leave(ticket)?.resume(returning: nil)
        }
    }

    /// Waits in the list; or says at once what to resume with.
    private func enter(_ continuation: CheckedContinuation<Outcome?, Never>, _ ticket: UInt64) -> Outcome?? {
        state.withLock { state in
            switch state {
            case .done(let outcome): return .some(outcome)
            case .waiting(var waiters, let next):
                if Task.isCancelled { return .some(nil) }
                waiters[ticket] = continuation
                state = .waiting(waiters, next: next)
                return nil
            }
        }
    }

    private func leave(_ ticket: UInt64) -> CheckedContinuation<Outcome?, Never>? {
        state.withLock { state in
            guard case .waiting(var waiters, let next) = state else { return nil }
            defer { state = .waiting(waiters, next: next) }
            return waiters.removeValue(forKey: ticket)
        }
    }
}
