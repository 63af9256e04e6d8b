/// A number of columns and rows.
///
/// Both are kept between 0 and ``limit``, so a terminal that claims to be enormous can't make a grid enormous.
public struct Size: Hashable, Sendable {
    /// The most columns or rows there can be.
    public static let limit = 2048
    /// Nothing at all.
    public static let zero = Size(columns: 0, rows: 0)

    /// How many columns.
    public let columns: Int
    /// How many rows.
    public let rows: Int

    /// Creates a size, bounding both numbers.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 0), Size.limit)
        self.rows = min(max(rows, 0), Size.limit)
    }
}

/// A place in a grid, counted from the upper left corner.
///
/// It may lie outside of the grid, but never so far away that adding two of them could overflow.
public struct Position: Hashable, Sendable {
    /// The upper left corner.
    public static let zero = Position(column: 0, row: 0)
    static let farthest = 1 << 30

    /// The column, from 0.
    public let column: Int
    /// The row, from 0.
    public let row: Int

    /// Creates a position, bounding both numbers.
    public init(column: Int, row: Int) {
        self.column = min(max(column, -Position.farthest), Position.farthest)
        self.row = min(max(row, -Position.farthest), Position.farthest)
    }

    /// The position so many columns to the right and rows down.
    public func moved(columns: Int = 0, rows: Int = 0) -> Position {
        let step = Position(column: columns, row: rows)
        return Position(column: column + step.column, row: row + step.row)
    }
}
