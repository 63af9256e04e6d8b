internal import Screen

/// Tells the second of two presses in one place from the first.
struct ClickCounter {
    private static let span = Duration.milliseconds(400)
    private var last: (position: Position, instant: ContinuousClock.Instant)?

    /// The action for a press of the left button.
    mutating func press(at position: Position, now: ContinuousClock.Instant = .now) -> Mouse.Action {
        if let last, last.position == position, now - last.instant <= ClickCounter.span {
            self.last = nil
            return .doublePress
        }
        last = (position, now)
        return .press
    }
}
