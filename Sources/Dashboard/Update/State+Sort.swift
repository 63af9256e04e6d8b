internal import Sessions

extension State {
    mutating func changeSort(_ id: CommandID, _ argument: String) {
        if navigation.place == .users { return changeUserSort(id, argument) }
        let columns = list.shownColumns
        let place = columns.firstIndex(of: list.table.sort.column) ?? 0
        switch id {
        case .sort where argument.isEmpty: openSortMenu()
        case .sort: sort(byName: argument)
        case .sortPrevious: sort(by: columns[(place + columns.count - 1) % columns.count])
        case .sortNext: sort(by: columns[(place + 1) % columns.count])
        default: sort(by: list.table.sort.column, descending: !list.table.sort.descending)
        }
    }

    /// Sorts by the column under a heading; by the same again, the order is turned round.
    mutating func sort(byHeading heading: String) {
        let current = navigation.place == .users ? users.sort.heading : list.table.sort.column.heading
        // The heading of the state is set in, over the word.
        let name = String(heading.drop { $0 == " " })
        changeSort(name == current ? .invert : .sort, name)
    }

    private mutating func sort(byName name: String) {
        let wanted = name.lowercased()
        guard let column = columns.first(where: { $0.rawValue == Self.recordWords[wanted] ?? wanted }) else {
            let names = columns.map(\.rawValue).joined(separator: ", ")
            return say("sort: no such column; there are \(names)", .warning)
        }
        sort(by: column)
    }

    /// What a record calls that which a column shows: the command line sorts by these words.
    private static let recordWords = ["created": "age", "bytes": "size"]

    mutating func sort(by column: SessionColumn, descending: Bool? = nil) {
        list.sort(by: SessionSort(column: column, descending: descending ?? column.sortsDescendingFirst))
        say("sorted by \(column.heading)\(list.table.sort.isHeadingDescending ? ", greatest first" : "")")
    }

    private mutating func openSortMenu() {
        overlay = .menu(
            Menu(
                .sort, items: columns.map { Menu.Item($0.rawValue) },
                selected: columns.firstIndex(of: list.table.sort.column) ?? 0, original: list.table.sort.column.rawValue
            ))
    }

    mutating func openColumnMenu() {
        let items = columns.map { column in
            Menu.Item(
                column.rawValue, note: column.isFixed ? "always shown" : "",
                isOn: !list.hiddenColumns.contains(column))
        }
        overlay = .menu(Menu(.columns, items: items, selected: 0, original: ""))
    }

    private mutating func changeUserSort(_ id: CommandID, _ argument: String) {
        let sorts = UserList.Sort.allCases
        let place = sorts.firstIndex(of: users.sort) ?? 0
        switch id {
        case .sort where argument.isEmpty: return openUserSortMenu()
        case .sort:
            let wanted = argument.lowercased()
            guard let sort = sorts.first(where: { [$0.rawValue, $0.heading].map { $0.lowercased() }.contains(wanted) })
            else {
                return say("sort: there are \(sorts.map(\.rawValue).joined(separator: ", "))", .warning)
            }
            users.sort = sort
        case .sortPrevious: users.sort = sorts[(place + sorts.count - 1) % sorts.count]
        case .sortNext: users.sort = sorts[(place + 1) % sorts.count]
        default: users.isInverted.toggle()
        }
        users.arrange()
        say("sorted by \(users.sort.heading)")
    }

    private mutating func openUserSortMenu() {
        let sorts = UserList.Sort.allCases
        overlay = .menu(
            Menu(
                .sort, items: sorts.map { Menu.Item($0.rawValue) }, selected: sorts.firstIndex(of: users.sort) ?? 0,
                original: users.sort.rawValue))
    }
}

extension SessionColumn {
    /// Columns that say which row it is are never hidden.
    public var isFixed: Bool { self == .handle || self == .user || self == .ttl }

    /// What one looks for is at the top: the least time left, but the largest, the latest.
    var sortsDescendingFirst: Bool {
        switch self {
        case .size, .created: true
        default: false
        }
    }
}

extension SessionSort {
    /// Whether what stands under the column's heading gets less from row to row: an age does where the beginning gets
    /// later.
    var isHeadingDescending: Bool { descending != (column == .created) }
}

extension SessionList {
    /// The columns that the operator hasn't hidden, in their order.
    public var shownColumns: [SessionColumn] { SessionColumn.allCases.filter { !hiddenColumns.contains($0) } }
}
