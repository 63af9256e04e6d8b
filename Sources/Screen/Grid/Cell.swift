/// One cell of a grid.
public struct Cell: Hashable, Sendable {
    /// A blank of ordinary text.
    public static let blank = Cell(glyph: .space, style: .text)

    /// What it shows.
    public var glyph: Glyph
    /// How that is meant.
    public var style: Style

    /// Creates a cell.
    public init(glyph: Glyph, style: Style) {
        self.glyph = glyph
        self.style = style
    }
}
