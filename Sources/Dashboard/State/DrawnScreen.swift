public import Screen
internal import Sessions

/// What stood on the screen when it was drawn last: a click is meant for that, whatever has come since.
struct DrawnScreen: Sendable {
    /// The screen.
    var grid: Grid
    /// The place that was shown.
    var place: Place
    /// Whether something lay over it.
    var isCovered: Bool
    /// What stood in the rows of its list, by their places in it.
    var rows: [Int: ListedRow] = [:]
}

/// What a row of a list is, wherever it stands.
enum ListedRow: Hashable, Sendable {
    case session(IDHash)
    case user(UserKey)
    case node(String)
    case entry(Int64)
    /// A line of what doesn't move.
    case line(Int)
}

extension State {
    /// Notes the screen that was drawn of it: until the next one is, clicks are meant for what is there.
    public mutating func note(drawn grid: Grid) {
        var screen = DrawnScreen(grid: grid, place: navigation.place, isCovered: isCovered)
        if !isCovered {
            for case .row(let index) in grid.targets { screen.rows[index] = listedRow(at: index) }
        }
        drawn = screen
    }

    /// What a click is meant for: of a list the row that was drawn there, at the place where it is now.
    func target(at position: Position) -> ClickTarget? {
        guard let drawn else { return render(self, size: size).target(at: position) }
        guard drawn.place == navigation.place, drawn.isCovered == isCovered else { return nil }
        let target = drawn.grid.target(at: position)
        guard case .row(let index) = target, !isCovered else { return target }
        return drawn.rows[index].flatMap { place(of: $0) }.map { ClickTarget.row($0) }
    }

    private func listedRow(at index: Int) -> ListedRow? {
        switch navigation.place {
        case .sessions, .inspect: list.table.id(at: index).map { ListedRow.session($0) }
        case .users: users.shown.indices.contains(index) ? .user(UserKey(users.shown[index].name)) : nil
        case .nodes: fleet.nodes.indices.contains(index) ? .node(fleet.nodes[index].id) : nil
        case .audit: audit.shown.indices.contains(index) ? .entry(audit.shown[index].number) : nil
        case .result, .stats: .line(index)
        }
    }

    private func place(of row: ListedRow) -> Int? {
        switch row {
        case .session(let id): list.table.index(of: id)
        case .user(let key): users.shown.firstIndex { UserKey($0.name) == key }
        case .node(let id): fleet.nodes.firstIndex { $0.id.hasBytes(of: id) }
        case .entry(let number): audit.shown.firstIndex { $0.number == number }
        case .line(let index): index
        }
    }
}
