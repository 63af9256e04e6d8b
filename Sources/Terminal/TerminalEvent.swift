public import Screen

/// Why ``Terminal/nextEvent(until:)`` came back.
public enum TerminalEvent: Hashable, Sendable {
    /// A key, the mouse, or pasted text.
    case key(Key)
    /// The terminal has a new size, or came back after it was suspended; draw again.
    case resized(Size)
    /// A ``Waker`` was used.
    case woken
    /// The time is up.
    case timeout
    /// A signal asked for the end: close the terminal, then call ``Terminal/exit(by:)``.
    case terminate(signal: Int32)
}
