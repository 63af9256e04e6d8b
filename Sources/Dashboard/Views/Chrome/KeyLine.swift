internal import Screen

/// The last line: what can be done here, from the table of commands.
///
/// What can't be done now is greyed.
enum KeyLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 2)
        if let overlay = state.overlay {
            for (index, hint) in hints(overlay, at: state.navigation.place).enumerated() {
                // By mouse a dialog can be left, but nothing in it pressed: no click confirms anything.
                line.add(
                    [Span(hint.key, .key), .space(), Span(hint.title)], rank: index + 1,
                    target: hint.key == Key.escape.description ? .key(.escape) : nil)
            }
            return line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
        }
        for (index, command) in CommandTable.hints(in: state.navigation.place.scope).enumerated()
        where isOfUse(command.id, state) {
            let isEnabled = command.disabledReason(state) == nil
            line.add(
                [
                    Span(command.keyLabels(limit: 1), isEnabled ? .key : .keyDisabled), .space(),
                    Span(command.hint ?? command.name, isEnabled ? .text : .keyDisabled),
                ], rank: command.id == .help ? 1 : index + 2, target: command.keys.first.map { ClickTarget.key($0) })
        }
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }

    /// Whether a key has anything to do here; one that has, but not at this moment, is greyed instead.
    private static func isOfUse(_ id: CommandID, _ state: State) -> Bool {
        switch id {
        case .back: return state.hasWayBack
        case .user:
            guard let name = state.currentUser?.name else { return false }
            return state.navigation.place != .sessions(.user(name))
        default: return true
        }
    }

    /// What lies over the view takes the keys: those that it has.
    private static func hints(_ overlay: Overlay, at place: Place) -> [(key: String, title: String)] {
        switch overlay {
        case .prompt(let prompt): hints(prompt.kind, at: place)
        case .menu(let menu) where menu.kind == .columns:
            [("Space", "on or off"), ("Esc", "close"), ("Up Down", "move")]
        case .menu: [("Enter", "choose"), ("Esc", "close"), ("Up Down", "move")]
        case .help: [("Esc", "close"), ("Enter", "run"), ("Up Down", "move"), ("PgDn", "further")]
        case .log: [("Esc", "close"), ("Up Down", "scroll"), ("PgDn", "further")]
        case .dialog(.revoke(let dialog)): hints(dialog.frozen)
        case .dialog(.extend(let dialog)): hints(dialog.frozen)
        case .dialog: [("Esc", "cancel"), ("Tab", "next"), ("Enter", "press")]
        }
    }

    /// One session is no list to page through.
    private static func hints(_ frozen: FrozenSet) -> [(key: String, title: String)] {
        let keys = [
            (key: "Esc", title: "cancel"), (key: "Tab", title: "next"), (key: "Enter", title: "press"),
            (key: "Ctrl-R", title: "freeze anew"),
        ]
        return frozen.count > 1 ? keys + [(key: "PgDn", title: "more sessions")] : keys
    }

    /// Users and the audit log are searched for a text: there is nothing to complete.
    private static func hints(_ kind: Prompt.Kind, at place: Place) -> [(key: String, title: String)] {
        switch kind {
        case .filter where place.scope != .list: [("Enter", "keep"), ("Esc", "as before"), ("Up", "earlier filters")]
        case .filter: [("Enter", "keep"), ("Esc", "as before"), ("Up", "earlier filters"), ("Tab", "complete")]
        case .find: [("Enter", "keep"), ("Esc", "as before"), ("Up", "earlier texts")]
        case .command: [("Enter", "run"), ("Esc", "close"), ("Tab", "complete"), ("Up", "earlier lines")]
        }
    }
}
