internal import Screen

/// The last line: what can be done here, from the table of commands.
///
/// What can't be done now is greyed.
enum KeyLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 2)
        for (index, command) in CommandTable.hints(in: state.navigation.place.scope).enumerated() {
            let isEnabled = command.disabledReason(state) == nil
            line.add(
                [
                    Span(command.keyLabels(limit: 1), isEnabled ? .key : .keyDisabled), .space(),
                    Span(command.hint ?? command.name, isEnabled ? .text : .keyDisabled),
                ], rank: index + 1)
        }
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }
}
