internal import Screen
internal import Sessions

/// The users among the live sessions, with what their sessions have in common.
enum UsersView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let users = state.users
        let unknown = state.store.capabilities.owners.reason
        let scroll = Scroll(
            top: users.top, height: TableDrawing.rows(in: area), total: unknown == nil ? users.shown.count : 0,
            keeping: users.cursorPlace)
        var table = TableDrawing(rules: rules)
        let inside = grid.frame(
            area, title: unknown == nil ? title(users, glyphs) : [Span("Users", .title)],
            footer: table.footer(scroll, in: area, glyphs), isFocused: state.overlay == nil)
        table.sort = (sortIndex(users.sort), mark(users, glyphs))
        table.rows = scroll.range.map { row(users.shown[$0], state, glyphs) }
        table.firstPlace = scroll.first
        table.widest = [0, users.widestName]
        table.draw(in: inside, on: &grid)
        if scroll.total == 0 {
            let words =
                unknown
                ?? (users.countedAt == nil
                    ? "counting" : users.text.isEmpty ? "no live sessions, so no users" : "no user matches the filter")
            grid.write([Span(words, .dim)], in: inside.dropFirst(1 + (inside.rows - 1) / 3).row(0), align: .center)
        }
    }

    private static let rules = [
        ColumnRule(title: "", minimum: 1, maximum: 1),
        ColumnRule(title: UserList.Sort.name.heading, minimum: 18, maximum: 60),
        ColumnRule(title: UserList.Sort.sessions.heading, alignment: .trailing, minimum: 9, maximum: 11),
        ColumnRule(title: "IPS", alignment: .trailing, minimum: 10, maximum: 11, drop: 2, isSortable: false),
        ColumnRule(title: "NODES", alignment: .trailing, minimum: 6, maximum: 8, drop: 1, isSortable: false),
        ColumnRule(title: "SIGNED IN", alignment: .trailing, minimum: 10, maximum: 12, drop: 3, isSortable: false),
        ColumnRule(title: UserList.Sort.seen.heading, alignment: .trailing, minimum: 10, maximum: 12),
    ]

    private static func sortIndex(_ sort: UserList.Sort) -> Int {
        switch sort {
        case .name: 1
        case .sessions: 2
        case .seen: 6
        }
    }

    private static func mark(_ users: UserList, _ glyphs: GlyphSet) -> String {
        // Names go up, counts and times go down, unless turned round.
        (users.sort == .name) == !users.isInverted ? glyphs.ascending : glyphs.descending
    }

    private static func title(_ users: UserList, _ glyphs: GlyphSet) -> [Span] {
        // Whoever isn't signed in is no user: Stats counts them apart, too. A filter by name never finds them.
        let isAnonymousShown = users.hasAnonymous && users.text.isEmpty
        let shown = users.shown.count - (isAnonymousShown ? 1 : 0)
        let total = users.total - (users.hasAnonymous ? 1 : 0)
        var spans = [Span("Users ", .title), Span(Format.count(shown))]
        if shown != total { spans.append(Span(" of \(Format.count(total))", .dim)) }
        if isAnonymousShown { spans.append(Span(" and anonymous", .dim)) }
        if !users.text.isEmpty { spans += [.space(3), Span("filter ", .dim), Span(users.text, .match)] }
        return spans
    }

    private static func row(_ user: UserList.User, _ state: State, _ glyphs: GlyphSet) -> TableDrawing.Row {
        let now = state.now.wall
        func ago(_ moment: Timestamp?) -> Span {
            moment.map { Span(Format.relative($0, to: now)) } ?? Span(glyphs.unknown, .dim)
        }
        // Where there are sessions and none is known, the store doesn't tell them.
        func told(_ count: Int) -> Span { count > 0 ? Span(Format.count(count)) : Span(glyphs.unknown, .dim) }
        return TableDrawing.Row(
            cells: [
                .space(), user.name.map { Span($0) } ?? Span("anonymous", .dim), Span(Format.count(user.sessions)),
                told(user.addresses), told(user.nodes), ago(user.created), ago(user.seen),
            ],
            overlay: state.users.cursor == UserKey(user.name) ? .cursor : nil)
    }
}

extension UserList.Sort {
    /// What stands over its column.
    var heading: String {
        switch self {
        case .sessions: "SESSIONS"
        case .name: "USER"
        case .seen: "LAST SEEN"
        }
    }
}
