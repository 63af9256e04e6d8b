internal import Synchronization

/// Something that happens once, and that several tasks wait for.
package final class Landing<Value: Sendable>: Sendable {
    private enum State {
        case waiting([UInt64: CheckedContinuation<Value?, Never>], next: UInt64)
        case done(Value)
    }

    private let state = Mutex(State.waiting([:], next: 0))

    package init() {}

    /// Tells everybody who waits, and whoever comes later; only the first time counts.
    package func land(_ value: Value) {
        let waiters: [CheckedContinuation<Value?, Never>] = state.withLock { state in
            guard case .waiting(let waiters, _) = state else { return [] }
            state = .done(value)
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits for it.
    ///
    /// - Throws: `CancellationError`.
    package func value() async throws -> Value {
        let ticket: UInt64 = state.withLock { state in
            guard case .waiting(let waiters, let next) = state else { return 0 }
            state = .waiting(waiters, next: next + 1)
            return next
        }
        let value = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let now = enter(continuation, ticket) { continuation.resume(returning: now) }
            }
        } onCancel: {
            leave(ticket)?.resume(returning: nil)
        }
        guard let value else { throw CancellationError() }
        return value
    }

    /// Waits in the list; or says at once what to resume with.
    private func enter(_ continuation: CheckedContinuation<Value?, Never>, _ ticket: UInt64) -> Value?? {
        state.withLock { state in
            switch state {
            case .done(let value): return .some(value)
            case .waiting(var waiters, let next):
                if Task.isCancelled { return .some(nil) }
                waiters[ticket] = continuation
                state = .waiting(waiters, next: next)
                return nil
            }
        }
    }

    private func leave(_ ticket: UInt64) -> CheckedContinuation<Value?, Never>? {
        state.withLock { state in
            guard case .waiting(var waiters, let next) = state else { return nil }
            defer { state = .waiting(waiters, next: next) }
            return waiters.removeValue(forKey: ticket)
        }
    }
}
