/// What a click on a part of the screen is meant for.
public enum ClickTarget: Hashable, Sendable {
    /// A key that could be pressed as well.
    case key(Key)
    /// A row of what is listed, by its place in the list.
    case row(Int)
    /// The heading of a column.
    case heading(String)
}

extension Grid {
    /// A part of the screen that can be clicked on.
    struct Region: Equatable, Sendable {
        var rect: Rect
        var target: ClickTarget
    }

    /// Notes what a click in a rectangle is meant for; what was noted there before is covered.
    public mutating func note(_ target: ClickTarget, in rect: Rect) {
        let visible = rect.intersection(clip)
        if !visible.isEmpty { regions.append(Region(rect: visible, target: target)) }
    }

    /// What a click at a position is meant for; `nil`: nothing.
    public func target(at position: Position) -> ClickTarget? {
        regions.last { $0.rect.contains(position) }?.target
    }

    /// All that clicks are meant for, the topmost last.
    public var targets: [ClickTarget] { regions.map(\.target) }

    /// Forgets what clicks are meant for.
    public mutating func forgetTargets() { regions = [] }
}
