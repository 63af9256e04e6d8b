public import Screen

extension Size {
    /// Below this nothing is drawn but a line that says so; polling goes on.
    public static let smallest = Size(columns: 60, rows: 12)

    /// Whether there is room for a view.
    public var isEnough: Bool { columns >= Self.smallest.columns && rows >= Self.smallest.rows }

    /// Whether the inspector opens beside the table instead of over it.
    public var isWide: Bool { columns >= 160 }
}
