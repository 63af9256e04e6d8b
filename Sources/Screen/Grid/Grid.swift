/// A screenful of cells, drawn by views and shown by a terminal.
///
/// Drawing never traps: whatever lies outside of the grid or of ``clip`` is left out. A wide glyph takes two cells; writing
/// over half of one blanks the other half, and half a wide glyph is never shown.
public struct Grid: Equatable, Sendable {
    /// How many marks beyond the limit are read before a text counts as too long.
    static let dropLimit = 64

    /// The size.
    public let size: Size
    /// Which characters frames and graphs are drawn with.
    public let glyphs: GlyphSet
    /// Where drawing has an effect.
    public private(set) var clip: Rect
    /// Where the terminal's own cursor is shown, for a prompt; nowhere when `nil`.
    public var caret: Position?
    /// All cells, row after row.
    public private(set) var cells: [Cell]
    /// What clicks are meant for, the topmost last.
    var regions: [Region] = []

    /// Creates a blank grid.
    public init(_ size: Size, glyphs: GlyphSet = .unicode, style: Style = .text) {
        self.size = size
        self.glyphs = glyphs
        clip = Rect(size: size)
        cells = Array(repeating: Cell(glyph: .space, style: style), count: size.columns * size.rows)
    }

    /// The whole of it.
    public var bounds: Rect { Rect(size: size) }

    /// The cell at a position, or `nil` outside.
    public subscript(position: Position) -> Cell? {
        bounds.contains(position) ? cells[position.row * size.columns + position.column] : nil
    }

    /// Draws with everything outside of a rectangle left alone.
    public mutating func clipped(to rect: Rect, _ draw: (inout Grid) -> Void) {
        let outer = clip
        clip = clip.intersection(rect)
        draw(&self)
        clip = outer
    }

    /// Blanks a rectangle.
    public mutating func fill(_ rect: Rect, _ style: Style = .text) {
        fill(rect, with: .space, style)
    }

    /// Fills a rectangle with one glyph; a wide one is drawn as often as it fits.
    public mutating func fill(_ rect: Rect, with glyph: Glyph, _ style: Style) {
        let step = glyph.width
        guard step > 0 else { return }
        let area = rect.intersection(clip)
        for row in area.top..<max(area.bottom, area.top) {
            for column in stride(from: area.left, to: area.right, by: step) {
                set(column == area.right - 1 && step == 2 ? .space : glyph, column: column, row: row, style)
            }
        }
    }

    /// Lays a role over a rectangle, keeping what its cells hold; `nil` takes it away.
    ///
    /// - Parameters:
    ///   - rect: where.
    ///   - role: what lies over it.
    ///   - kept: cells that one of these lies over keep that.
    public mutating func overlay(_ rect: Rect, _ role: Role?, sparing kept: [Role] = []) {
        let area = rect.intersection(clip)
        for row in area.top..<max(area.bottom, area.top) {
            for index in (row * size.columns + area.left)..<(row * size.columns + area.right) {
                if let present = cells[index].style.overlay, kept.contains(present) { continue }
                cells[index].style.overlay = role
            }
        }
    }

    /// Draws one glyph.
    public mutating func put(_ glyph: Glyph, at position: Position, style: Style = .text) {
        set(glyph, column: position.column, row: position.row, style)
    }

    /// Sets one cell, or two for a wide glyph; a wide one that doesn't fit becomes blanks.
    mutating func set(_ glyph: Glyph, column: Int, row: Int, _ style: Style) {
        guard row >= clip.top, row < clip.bottom else { return }
        guard glyph.width == 2 else { return store(glyph, column: column, row: row, style) }
        let fits = column >= clip.left && column + 1 < clip.right
        store(fits ? glyph : .space, column: column, row: row, style)
        store(fits ? .continuation : .space, column: column + 1, row: row, style)
    }

    private mutating func store(_ glyph: Glyph, column: Int, row: Int, _ style: Style) {
        guard column >= clip.left, column < clip.right else { return }
        let index = row * size.columns + column
        let old = cells[index].glyph
        // Writing the right half just after the left one must not take it apart.
        if old.isContinuation, !glyph.isContinuation, column > 0 { cells[index - 1].glyph = .space }
        cells[index] = Cell(glyph: glyph, style: style)
        if !old.isASCII, old.width == 2, column + 1 < size.columns, cells[index + 1].glyph.isContinuation {
            cells[index + 1].glyph = .space
        }
    }
}
