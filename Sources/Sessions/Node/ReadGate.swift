internal import Synchronization

/// Lets a bounded number of tasks in at once; the others wait their turn, first come, first served.
package final class ReadGate: Sendable {
    private struct State {
        var free: Int
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var first: UInt64 = 0
        var next: UInt64 = 0
    }

    private let state: Mutex<State>
    private let waitingLimit: Int

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - limit: at most so many are inside at once, at least one.
    ///   - waitingLimit: at most so many wait; more are turned away.
    package init(limit: Int, waitingLimit: Int) {
        state = Mutex(State(free: max(1, limit)))
        self.waitingLimit = waitingLimit
    }

    /// Runs something inside.
    ///
    /// - Throws: ``SessionsError`` with `busy` where too many wait already; `CancellationError`; what `body` throws.
    package func withTurn<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await enter()
        defer { leave() }
        return try await body()
    }

    /// How many wait now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// How many more may enter at once now.
    var freeCount: Int { state.withLock { $0.free } }

    private func enter() async throws {
        enum Entry { case inside, wait(UInt64), full }
        let entry: Entry = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return .inside
            }
            guard state.waiting.count < waitingLimit else { return .full }
            state.next += 1
            return .wait(state.next - 1)
        }
        switch entry {
        case .inside: return
        case .full: throw SessionsError(.busy, "too many requests wait for the database already: try again shortly")
        case .wait(let ticket):
            guard await wait(ticket) else { throw CancellationError() }
        }
    }

    /// Waits for a turn; `false`: cancelled before it came.
    private func wait(_ ticket: UInt64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: ticket) }
            waiter?.resume(returning: false)
        }
    }

    private func leave() {
        let waiter: CheckedContinuation<Bool, Never>? = state.withLock { state in
            while state.first < state.next {
                defer { state.first += 1 }
                if let waiter = state.waiting.removeValue(forKey: state.first) { return waiter }
            }
            state.free += 1
            return nil
        }
        waiter?.resume(returning: true)
    }
}
