internal import Screen

/// The last line: what can be done here, from the table of commands.
///
/// What can't be done now is greyed.
enum KeyLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 2)
        if let overlay = state.overlay {
            for (index, hint) in hints(overlay).enumerated() {
                line.add([Span(hint.key, .key), .space(), Span(hint.title)], rank: index + 1)
            }
            return line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
        }
        for (index, command) in CommandTable.hints(in: state.navigation.place.scope).enumerated() {
            let isEnabled = command.disabledReason(state) == nil
            line.add(
                [
                    Span(command.keyLabels(limit: 1), isEnabled ? .key : .keyDisabled), .space(),
                    Span(command.hint ?? command.name, isEnabled ? .text : .keyDisabled),
                ], rank: command.id == .help ? 1 : index + 2)
        }
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }

    /// What lies over the view takes the keys: those that it has.
    private static func hints(_ overlay: Overlay) -> [(key: String, title: String)] {
        switch overlay {
        case .prompt(let prompt) where prompt.kind == .filter:
            [("Enter", "keep"), ("Esc", "as before"), ("Up", "earlier filters"), ("Tab", "complete")]
        case .prompt: [("Enter", "run"), ("Esc", "close"), ("Tab", "complete"), ("Up", "earlier lines")]
        case .menu: [("Enter", "choose"), ("Esc", "close"), ("Up Down", "move")]
        case .help: [("Esc", "close"), ("Enter", "run"), ("Up Down", "move")]
        case .dialog(.revoke), .dialog(.extend):
            [
                ("Esc", "cancel"), ("Tab", "next"), ("Enter", "press"), ("Ctrl-F", "freeze anew"),
                ("PgDn", "more sessions"),
            ]
        case .dialog: [("Esc", "cancel"), ("Tab", "next"), ("Enter", "press")]
        }
    }
}
