internal import Synchronization

/// Wakes one task that waits; a ring that nobody waits for is kept, and several are one.
package final class Bell: Sendable {
    private enum State {
        case silent
        case rung
        case awaited(CheckedContinuation<Bool, Never>)
    }

    private let state = Mutex(State.silent)

    /// Makes one that is silent.
    package init() {}

    /// Wakes whoever waits, or the next who does.
    package func ring() {
        let waiter: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard case .awaited(let waiter) = state else {
                state = .rung
                return nil
            }
            state = .silent
            return waiter
        }
        waiter?.resume(returning: true)
    }

    /// Waits for a ring.
    ///
    /// One task at a time; `false`: it was cancelled.
    package func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let now = enter(continuation) { continuation.resume(returning: now) }
            }
        } onCancel: {
            leave()?.resume(returning: false)
        }
    }

    private func enter(_ continuation: CheckedContinuation<Bool, Never>) -> Bool? {
        state.withLock { state in
            if Task.isCancelled { return false }
            if case .rung = state {
                state = .silent
                return true
            }
            state = .awaited(continuation)
            return nil
        }
    }

    private func leave() -> CheckedContinuation<Bool, Never>? {
        state.withLock { state in
            guard case .awaited(let waiter) = state else { return nil }
            state = .silent
            return waiter
        }
    }
}
