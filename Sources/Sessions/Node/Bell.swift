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

extension Bell {
    /// Sleeps until a moment, or until there is a ring, and for that no shorter than until another.
    ///
    /// - Parameters:
    ///   - moment: when it wakes without a ring.
    ///   - earliest: no ring wakes it before.
    ///   - time: the clock that it sleeps by.
    /// - Returns: `false`: it was cancelled.
    package func wait(
        until moment: MonotonicInstant, notBefore earliest: MonotonicInstant, by time: TimeSource
    ) async -> Bool {
        let isGoing = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await time.pause(until: moment) }
            group.addTask { await self.wait() }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isGoing, time.monotonic() < earliest else { return isGoing }
        return await time.pause(until: min(moment, earliest))
    }
}
