/// A rectangle of cells; it may be empty, and may lie outside of any grid.
public struct Rect: Hashable, Sendable {
    /// The upper left corner.
    public let origin: Position
    /// How far it reaches to the right and down.
    public let size: Size

    /// Creates a rectangle from its corner and its size.
    public init(origin: Position = .zero, size: Size) {
        self.origin = origin
        self.size = size
    }

    /// Creates a rectangle from four numbers.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.init(origin: Position(column: column, row: row), size: Size(columns: columns, rows: rows))
    }

    /// The leftmost column.
    public var left: Int { origin.column }
    /// The topmost row.
    public var top: Int { origin.row }
    /// The column behind the last one.
    public var right: Int { origin.column + size.columns }
    /// The row below the last one.
    public var bottom: Int { origin.row + size.rows }
    /// How many columns.
    public var columns: Int { size.columns }
    /// How many rows.
    public var rows: Int { size.rows }
    /// Whether it covers no cell.
    public var isEmpty: Bool { size.columns == 0 || size.rows == 0 }

    /// Whether a position lies inside.
    public func contains(_ position: Position) -> Bool {
        position.column >= left && position.column < right && position.row >= top && position.row < bottom
    }

    /// The part that two rectangles share; empty when they share none.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(self.left, other.left)
        let top = max(self.top, other.top)
        return Rect(
            column: left, row: top, columns: min(right, other.right) - left, rows: min(bottom, other.bottom) - top)
    }

    /// The rectangle that is left when so many cells are taken from each side.
    public func inset(columns: Int = 1, rows: Int = 1) -> Rect {
        let step = Position(column: columns, row: rows)
        return Rect(
            column: left + step.column, row: top + step.row, columns: self.columns - 2 * step.column,
            rows: self.rows - 2 * step.row)
    }

    /// One row of it, counted from its top; empty when it has no such row.
    public func row(_ index: Int) -> Rect {
        guard index >= 0, index < rows else { return Rect(origin: origin, size: .zero) }
        return Rect(column: left, row: top + index, columns: columns, rows: 1)
    }

    /// A rectangle of a size in the middle of this one, cut to fit.
    public func centered(_ inner: Size) -> Rect {
        let columns = min(inner.columns, self.columns)
        let rows = min(inner.rows, self.rows)
        return Rect(
            column: left + (self.columns - columns) / 2, row: top + (self.rows - rows) / 2, columns: columns, rows: rows
        )
    }

    /// Two rectangles: the first so many columns wide, and what is left beside it.
    public func split(columns: Int) -> (Rect, Rect) {
        let first = min(max(columns, 0), self.columns)
        return (
            Rect(column: left, row: top, columns: first, rows: rows),
            Rect(column: left + first, row: top, columns: self.columns - first, rows: rows)
        )
    }

    /// Two rectangles: the first so many rows high, and what is left below it.
    public func split(rows: Int) -> (Rect, Rect) {
        let first = min(max(rows, 0), self.rows)
        return (
            Rect(column: left, row: top, columns: columns, rows: first),
            Rect(column: left, row: top + first, columns: columns, rows: self.rows - first)
        )
    }
}
