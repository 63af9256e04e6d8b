internal import Synchronization

/// Lets a bounded number of tasks in at once; the others wait their turn, first come, first served.
package final class ReadGate: Sendable {
    private let turns: Mutex<Turns<CheckedContinuation<Bool, Never>>>

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - limit: at most so many are inside at once, at least one.
    ///   - waitingLimit: at most so many wait; more are turned away.
    package init(limit: Int, waitingLimit: Int) {
        turns = Mutex(Turns(free: max(1, limit), waitingLimit: waitingLimit))
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
    package var waitingCount: Int { turns.withLock { $0.waitingCount } }

    /// How many more may enter at once now.
    var freeCount: Int { turns.withLock { $0.free } }

    private func enter() async throws {
        switch turns.withLock({ $0.enter() }) {
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
                let now: Bool? = turns.withLock { turns in
                    if Task.isCancelled { return false }
                    return turns.wait(continuation, for: ticket) ? nil : true
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            turns.withLock { $0.giveUp(ticket) }?.resume(returning: false)
        }
    }

    private func leave() { turns.withLock { $0.leave() }?.resume(returning: true) }
}

/// Who is inside a gate and who waits, in the order of their tickets.
///
/// Pure, but for what the waiters are: somebody may leave between the taking of a ticket and the wait for it.
struct Turns<Waiter> {
    enum Entry: Equatable {
        case inside
        case wait(UInt64)
        /// Too many wait.
        case full
    }

    /// How many more may enter at once.
    private(set) var free: Int
    private let waitingLimit: Int
    private var waiting: [UInt64: Waiter] = [:]
    /// No ticket before this one is waited for.
    private var first: UInt64 = 0
    private var next: UInt64 = 0

    var waitingCount: Int { waiting.count }

    init(free: Int, waitingLimit: Int) { (self.free, self.waitingLimit) = (free, waitingLimit) }

    /// Lets somebody in, or gives them a ticket to wait with.
    mutating func enter() -> Entry {
        if free > 0 {
            free -= 1
            return .inside
        }
        guard waiting.count < waitingLimit else { return .full }
        next += 1
        return .wait(next - 1)
    }

    /// Begins to wait; `false`: need not, the turn has come.
    mutating func wait(_ waiter: Waiter, for ticket: UInt64) -> Bool {
        guard free == 0 else {
            free -= 1
            return false
        }
        waiting[ticket] = waiter
        // Later tickets may have had their turn since this one was taken.
        first = min(first, ticket)
        return true
    }

    /// Takes back a ticket; `nil`: nobody waits for it.
    mutating func giveUp(_ ticket: UInt64) -> Waiter? { waiting.removeValue(forKey: ticket) }

    /// Gives a turn back; answers who has it now, `nil`: nobody waits.
    mutating func leave() -> Waiter? {
        while first < next {
            defer { first += 1 }
            if let waiter = waiting.removeValue(forKey: first) { return waiter }
        }
        free += 1
        return nil
    }
}
