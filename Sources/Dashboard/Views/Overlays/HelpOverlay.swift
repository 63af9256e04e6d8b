internal import Screen

/// Every command of the place, from the table of commands, in columns; what can't be run now is greyed, with the reason.
enum HelpOverlay {
    private typealias Line = (command: Command, disabledReason: String?)

    static func draw(_ help: Help, _ state: State, in area: Rect, on grid: inout Grid) {
        grid.fill(area)
        let lines = state.helpLines
        let title = [Span("Help ", .title), Span(CrumbLine.title(state.navigation.place), .dim)]
        let inside = area.inset(columns: 2, rows: 1)
        // The columns of commands, and under them what is said of the chosen one.
        let (body, foot) = inside.split(rows: inside.rows - 3)
        let rows = HelpRows(lines.map(\.command), columns: body.columns >= 100 ? 3 : 2)
        let scroll = rows.scroll(height: body.rows, keeping: help.selected)
        let more = scroll.total - scroll.end
        let below = more > 0 ? [Span("  \(grid.glyphs.down) \(more) more", .dim)] : []
        _ = grid.frame(area, title: title, footer: scroll.label(grid.glyphs) + below, isFocused: true)
        drawColumns(rows, scroll, lines, selected: help.selected, in: body, on: &grid)
        if lines.indices.contains(help.selected) {
            grid.write(sentence(lines[help.selected], grid.glyphs), in: foot.row(1))
        }
        grid.write([Span("search ", .dim)], in: foot.row(2))
        FieldDrawing(field: help.field).draw(in: foot.row(2).dropLeft(7).prefixColumns(24), isFocused: true, on: &grid)
        grid.write(
            [Span("type to search   Enter runs   Esc closes", .dim)], in: foot.row(2).dropLeft(34), align: .trailing)
    }

    /// What the chosen one does, in full, or why it can't be done.
    private static func sentence(_ line: Line, _ glyphs: GlyphSet) -> [Span] {
        let command = line.command
        let name = ":\(command.name)" + (command.argument.map { " \($0)" } ?? "")
        var spans = [Span(command.keyLabels(), .key), Span("  \(name)  "), Span(command.help)]
        if let reason = line.disabledReason { spans = [Span(name), Span("  not now: \(reason)", .flashWarn)] }
        if command.danger == .destructive, line.disabledReason == nil { spans.append(Span("  asks first", .danger)) }
        return spans
    }

    private static func drawColumns(
        _ rows: HelpRows, _ scroll: Scroll, _ lines: [Line], selected: Int, in area: Rect, on grid: inout Grid
    ) {
        guard !lines.isEmpty else {
            grid.write([Span("no command matches", .dim)], in: area.row(area.rows / 3), align: .center)
            return
        }
        for (column, place) in zip(rows.columns, area.sideBySide(rows.columns.count, gap: 2)) {
            // No wider than its keys ask for: the words need the room.
            let keyColumns = column.map { row in
                if case .command(let index) = row { keys(of: lines[index].command).count } else { 0 }
            }
            for (line, index) in scroll.range.enumerated() where column.indices.contains(index) {
                draw(
                    column[index], lines, selected: selected, keyColumns: (keyColumns.max() ?? 0) + 2,
                    in: place.row(line), on: &grid)
            }
        }
    }

    private static func keys(of command: Command) -> String {
        command.keys.isEmpty ? ":\(command.name)" : command.keyLabels(limit: 2)
    }

    private static func draw(
        _ row: HelpRows.Row, _ lines: [Line], selected: Int, keyColumns: Int, in area: Rect, on grid: inout Grid
    ) {
        switch row {
        case .blank: break
        case .heading(let group): grid.write([Span(group.rawValue.uppercased(), .header)], in: area)
        case .command(let index):
            let (command, reason) = lines[index]
            let isEnabled = reason == nil
            grid.write([Span(keys(of: command), isEnabled ? .key : .keyDisabled)], in: area.prefixColumns(keyColumns))
            grid.write([Span(command.help, isEnabled ? .text : .keyDisabled)], in: area.dropLeft(keyColumns))
            if index == selected { grid.overlay(area, .cursor) }
            grid.note(.row(index), in: area)
        }
    }
}

/// How the commands stand in columns: by group, each group under its heading.
struct HelpRows {
    /// A line of a column.
    enum Row: Equatable {
        case heading(Command.Group)
        case command(Int)
        case blank
    }

    /// The columns, from left to right.
    private(set) var columns: [[Row]]

    init(_ commands: [Command], columns count: Int) {
        let groups = Command.Group.allCases.compactMap { group -> [Row]? in
            let members = commands.indices.filter { commands[$0].group == group }.map { Row.command($0) }
            return members.isEmpty ? nil : [.heading(group)] + members
        }
        columns = Array(repeating: [], count: max(1, min(count, groups.count)))
        // Each group goes where there is most room: to the shortest column.
        for group in groups {
            let target = columns.indices.min { columns[$0].count < columns[$1].count } ?? 0
            if !columns[target].isEmpty { columns[target].append(.blank) }
            columns[target] += group
        }
    }

    /// What of the columns is on the screen: they scroll together, so that the chosen command is in sight.
    func scroll(height: Int, keeping selected: Int) -> Scroll {
        let place = columns.compactMap { $0.firstIndex(of: .command(selected)) }.first ?? 0
        return Scroll(top: 0, height: height, total: columns.map(\.count).max() ?? 0, keeping: place)
    }
}
