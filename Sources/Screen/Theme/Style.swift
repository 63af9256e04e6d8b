/// How a cell is meant: a role, perhaps with another one laid over it.
///
/// A value of three bytes. A grid holds these and no colours; colours come from a ``Theme`` where the grid is drawn.
public struct Style: Hashable, Sendable {
    /// The highest ``level``.
    public static let topLevel: UInt8 = 15
    /// Ordinary text.
    public static let text = Style(.text)

    /// What the cell holds.
    public var role: Role
    /// What lies over it: ``Role/cursor``, ``Role/mark``, ``Role/stale`` and the like.
    public var overlay: Role?
    /// Where on the role's gradient it lies, from 0 to ``topLevel``; roles with one colour don't look at it.
    public var level: UInt8

    /// Creates a style.
    public init(_ role: Role, over overlay: Role? = nil, level: UInt8 = 0) {
        self.role = role
        self.overlay = overlay
        self.level = min(level, Style.topLevel)
    }

    /// The same style with another role laid over it.
    public func under(_ overlay: Role?) -> Style {
        Style(role, over: overlay, level: level)
    }

    /// The same style at a place on its gradient, 0 being the start and 1 the end.
    public func at(_ fraction: Double) -> Style {
        guard fraction > 0 else { return Style(role, over: overlay) }
        return Style(role, over: overlay, level: UInt8(min(fraction, 1) * Double(Style.topLevel) + 0.5))
    }
}
