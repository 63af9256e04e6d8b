internal import Screen

extension SessionColumn {
    /// The columns in the order of the screen; the state stands before them, with the marks.
    static let arranged: [SessionColumn] = [
        .handle, .user, .ip, .ttl, .idle, .created, .node, .pinned, .size, .agent,
    ]

    /// How wide it is, and how soon it gives way.
    func rule(isWide: Bool) -> ColumnRule {
        switch self {
        case .handle: ColumnRule(title: heading, minimum: 12, maximum: 12)
        case .user: ColumnRule(title: heading, minimum: isWide ? 18 : 14, maximum: 40)
        case .ip: ColumnRule(title: heading, minimum: 15, maximum: 39, drop: 1)
        case .ttl: ColumnRule(title: heading, alignment: .trailing, minimum: 8, maximum: 8)
        case .idle: ColumnRule(title: heading, alignment: .trailing, minimum: 6, maximum: 6, drop: 3)
        case .created: ColumnRule(title: heading, alignment: .trailing, minimum: 6, maximum: 6, drop: 7)
        case .node: ColumnRule(title: heading, minimum: 6, maximum: 16, drop: 2)
        case .pinned: ColumnRule(title: heading, minimum: 8, maximum: 24, drop: 4)
        case .size: ColumnRule(title: heading, alignment: .trailing, minimum: 7, maximum: 8, drop: 8)
        case .agent: ColumnRule(title: heading, minimum: isWide ? 22 : 12, maximum: 80, drop: 6)
        case .state: ColumnRule(title: heading, minimum: isWide ? 11 : 3, maximum: isWide ? 11 : 3)
        }
    }

    /// What stands over it: the word for it everywhere.
    var heading: String { rawValue.uppercased() }
}

extension SessionList {
    /// The columns that can be scrolled off: all that are shown, but for those that say which row it is.
    var scrollableColumns: [SessionColumn] {
        SessionColumn.arranged.filter { !$0.isFixed && !hiddenColumns.contains($0) }
    }
}
