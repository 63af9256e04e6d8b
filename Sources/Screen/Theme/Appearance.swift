/// What a cell looks like: its colours and attributes.
public struct Appearance: Hashable, Sendable {
    /// The terminal's own colours.
    public static let plain = Appearance()

    /// The colour of what is written.
    public var foreground: Color
    /// The colour behind it.
    public var background: Color
    /// How it is drawn.
    public var attributes: Attributes

    /// Creates an appearance.
    public init(foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// How well it reads, or `nil` when the terminal's user chose one of the colours.
    public var contrast: Double? {
        guard let front = foreground.rgb, let back = background.rgb else { return nil }
        return front.contrast(with: back)
    }

    /// The same with both colours replaced by what a 256-colour terminal shows for them.
    public var asShown: Appearance {
        Appearance(
            foreground: foreground.xtermIndex.map(Color.indexed) ?? .terminal,
            background: background.xtermIndex.map(Color.indexed) ?? .terminal, attributes: attributes)
    }
}
