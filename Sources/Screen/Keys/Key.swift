/// One thing that a terminal reports: a key, the mouse, pasted text, or its new size.
///
/// Keys have names (``description``) that configuration, help and the table of commands share; `Key("Ctrl-D")` reads them.
public enum Key: Hashable, Sendable {
    /// A printable character, typed as itself; the space bar too.
    case character(Character)
    /// A lower case letter, or one of `\ ] ^ _` and the space bar, with Control.
    case control(Character)
    /// A printable character with Alt.
    case alt(Character)
    /// A function key, from 1 to 12.
    case function(Int)
    /// A key with a name of its own.
    case named(Name)
    /// The mouse.
    case mouse(Mouse)
    /// Pasted text as the terminal sent it: neither escaped nor complete if it was very long.
    case paste(String)
    /// The terminal has a new size.
    case resize(Size)

    /// Keys that have a name of their own; the raw value is that name.
    public enum Name: String, CaseIterable, Sendable {
        /// The Enter key.
        case enter = "Enter"
        /// The Escape key.
        case escape = "Esc"
        /// The Tab key.
        case tab = "Tab"
        /// The Tab key with Shift.
        case backTab = "Shift-Tab"
        /// The Backspace key.
        case backspace = "Backspace"
        /// The Delete key.
        case delete = "Del"
        /// The Insert key.
        case insert = "Ins"
        /// Up.
        case up = "Up"
        /// Down.
        case down = "Down"
        /// Left.
        case left = "Left"
        /// Right.
        case right = "Right"
        /// Home.
        case home = "Home"
        /// End.
        case end = "End"
        /// A page up.
        case pageUp = "PgUp"
        /// A page down.
        case pageDown = "PgDn"
        /// Up with Shift.
        case shiftUp = "Shift-Up"
        /// Down with Shift.
        case shiftDown = "Shift-Down"
        /// Left with Shift.
        case shiftLeft = "Shift-Left"
        /// Right with Shift.
        case shiftRight = "Shift-Right"
    }
}

extension Key {
    /// The Enter key.
    public static let enter = Key.named(.enter)
    /// The Escape key.
    public static let escape = Key.named(.escape)
    /// The Tab key.
    public static let tab = Key.named(.tab)
    /// The Tab key with Shift.
    public static let backTab = Key.named(.backTab)
    /// The Backspace key.
    public static let backspace = Key.named(.backspace)
    /// The Delete key.
    public static let delete = Key.named(.delete)
    /// The Insert key.
    public static let insert = Key.named(.insert)
    /// Up.
    public static let up = Key.named(.up)
    /// Down.
    public static let down = Key.named(.down)
    /// Left.
    public static let left = Key.named(.left)
    /// Right.
    public static let right = Key.named(.right)
    /// Home.
    public static let home = Key.named(.home)
    /// End.
    public static let end = Key.named(.end)
    /// A page up.
    public static let pageUp = Key.named(.pageUp)
    /// A page down.
    public static let pageDown = Key.named(.pageDown)
    /// The space bar.
    public static let space = Key.character(" ")
}
