public import Sessions
internal import Synchronization

/// A clock that stands still until a test moves it: both clocks of a ``TimeSource``, and its sleepers.
public final class ManualTime: Sendable {
    private struct Sleeper {
        let deadline: MonotonicInstant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var wall: Timestamp
        var monotonic = MonotonicInstant.now
        var nextSleeper = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [Watcher] = []

        func isReady(_ watcher: Watcher) -> Bool {
            guard let limit = watcher.limit else { return sleepers.count >= watcher.count }
            return sleepers.values.count { $0.deadline <= limit } >= watcher.count
        }
    }

    private struct Watcher {
        let count: Int
        /// Only those who sleep no longer than this count; `nil`: all.
        let limit: MonotonicInstant?
        let continuation: CheckedContinuation<Void, Never>
    }

    private let state: Mutex<State>

    /// Makes a clock that stands at a moment.
    public init(_ wall: Timestamp = Timestamp(milliseconds: 1_800_000_000_000)) {
        state = Mutex(State(wall: wall))
    }

    /// The clock as code under test takes it.
    public var source: TimeSource {
        TimeSource(wall: { self.now }, monotonic: { self.monotonic }, sleep: { try await self.sleep(until: $0) })
    }

    /// The wall-clock time.
    public var now: Timestamp { state.withLock { $0.wall } }

    /// The monotonic time.
    public var monotonic: MonotonicInstant { state.withLock { $0.monotonic } }

    /// Moves both clocks forward, and wakes whoever slept until then, the earliest first.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.wall = state.wall + duration
            state.monotonic += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.monotonic }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves the wall clock alone, as an administrator or a time server does.
    public func jump(by duration: Duration) {
        state.withLock { $0.wall = $0.wall + duration }
    }

    /// Waits until so many tasks sleep on this clock, so that a test advances it when everybody is ready.
    ///
    /// - Parameters:
    ///   - count: so many.
    ///   - duration: only those count who would be woken by an advance of this much; `nil`: all.
    public func waitForSleepers(_ count: Int = 1, within duration: Duration? = nil) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let limit = duration.map { state.monotonic + $0 }
                let watcher = Watcher(count: count, limit: limit, continuation: continuation)
                if state.isReady(watcher) { return true }
                state.watchers.append(watcher)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func sleep(until deadline: MonotonicInstant) async throws {
        let key = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enter(Sleeper(deadline: deadline, continuation: $0), as: key) }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: key) }?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ sleeper: Sleeper, as key: Int) {
        let (isDue, ready) = state.withLock { state in
            if sleeper.deadline <= state.monotonic || Task.isCancelled { return (true, [Watcher]()) }
            state.sleepers[key] = sleeper
            let ready = state.watchers.filter(state.isReady)
            state.watchers.removeAll(where: state.isReady)
            return (false, ready)
        }
        for watcher in ready { watcher.continuation.resume() }
        guard isDue else { return }
        if Task.isCancelled {
            sleeper.continuation.resume(throwing: CancellationError())
        } else {
            sleeper.continuation.resume()
        }
    }
}
