/// How one role looks at one depth.
public struct Look: Hashable, Sendable {
    /// The terminal's own colours.
    public static let plain = Look()

    /// The colour of what is written; the first of several makes a gradient's start.
    public var colors: [Color]
    /// The colour behind it; that of ``Role/text`` when `nil`.
    public var background: Color?
    /// How it is drawn.
    public var attributes: Attributes

    /// Creates a look.
    public init(colors: [Color] = [], background: Color? = nil, attributes: Attributes = []) {
        self.colors = colors
        self.background = background
        self.attributes = attributes
    }

    /// The colour at a place on the gradient, or `nil` when no colour was named.
    ///
    /// Between colours the terminal's user chose nothing can be mixed, so the nearer one is taken.
    func color(level: UInt8) -> Color? {
        guard colors.count > 1, let last = colors.last else { return colors.first }
        let place = Double(min(level, Style.topLevel)) / Double(Style.topLevel) * Double(colors.count - 1)
        let index = Int(place)
        guard index + 1 < colors.count else { return last }
        guard let from = colors[index].rgb, let to = colors[index + 1].rgb else {
            return colors[Int(place.rounded())]
        }
        return .rgb(from.mixed(with: to, by: place - Double(index)))
    }
}
