import Dashboard
import Synchronization

/// What has happened outside, waiting for the thread that owns the screen.
///
/// Any task may post; the screen's thread is woken once for everything that waits.
final class Inbox: Sendable {
    private let waiting = Mutex<[Action]>([])
    private let wake: @Sendable () -> Void

    /// Makes an empty inbox.
    ///
    /// - Parameter wake: wakes the screen's thread; called on any thread.
    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    /// Adds an action, and wakes the screen's thread where it was the first to wait.
    func post(_ action: Action) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(action)
            return waiting.count == 1
        }
        if isFirst { wake() }
    }

    /// Takes everything that waits, in the order in which it came.
    func take() -> [Action] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
