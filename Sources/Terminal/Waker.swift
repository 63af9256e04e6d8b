internal import CCurses

/// Wakes the thread that waits in ``Terminal/nextEvent(until:)``, from any thread.
///
/// Wake-ups that come before the thread has looked count as one.
public struct Waker: Sendable {
    private let descriptor: Int32

    init() { descriptor = terminal_wake_descriptor() }

    /// Wakes the terminal's thread; never waits, and may be called when no terminal is open.
    public func wake() { terminal_wake(descriptor) }
}
