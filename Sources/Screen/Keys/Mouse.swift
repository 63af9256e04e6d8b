/// What the mouse did, and where.
public struct Mouse: Hashable, Sendable {
    /// What it did.
    public enum Action: Hashable, Sendable {
        /// The left button was pressed.
        case press
        /// The left button was pressed twice.
        case doublePress
        /// The middle button was pressed.
        case middlePress
        /// The right button was pressed.
        case rightPress
        /// The wheel was turned up.
        case wheelUp
        /// The wheel was turned down.
        case wheelDown
    }

    /// What it did.
    public let action: Action
    /// The cell it did it in.
    public let position: Position

    /// Creates an event of the mouse.
    public init(_ action: Action, at position: Position) {
        self.action = action
        self.position = position
    }
}
