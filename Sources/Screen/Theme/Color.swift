/// A colour as a theme names it.
public enum Color: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case terminal
    /// One of the terminal's colours; the first 16 look as its user chose.
    case indexed(UInt8)
    /// A colour of its own, shown as the nearest that the terminal has.
    case rgb(RGB)

    /// The index to ask a terminal of 256 colours for, or `nil` for the terminal's own.
    public var xtermIndex: UInt8? {
        switch self {
        case .terminal: nil
        case .indexed(let index): index
        case .rgb(let rgb): rgb.nearestXterm
        }
    }

    /// What it looks like, or `nil` when the terminal's user decides.
    public var rgb: RGB? {
        switch self {
        case .terminal: nil
        case .indexed(let index): RGB(xterm: index)
        case .rgb(let rgb): rgb
        }
    }
}
