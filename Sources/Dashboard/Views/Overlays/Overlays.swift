internal import Screen

/// What lies over the view and takes the keys.
enum Overlays {
    static func draw(_ state: State, over frame: Chrome, on grid: inout Grid) {
        switch state.overlay {
        case nil: break
        case .prompt(let prompt): PromptOverlay.draw(prompt, state, line: frame.crumb, note: frame.flash, on: &grid)
        case .menu(let menu): MenuOverlay.draw(menu, state, in: frame.body, on: &grid)
        case .help(let help): HelpOverlay.draw(help, state, in: frame.body, on: &grid)
        case .log(let top): LogOverlay.draw(top: top, state, in: frame.body, on: &grid)
        case .dialog(.revoke(let dialog)): RevokeOverlay.draw(dialog, state, in: room(frame), on: &grid)
        case .dialog(.extend(let dialog)): ExtendOverlay.draw(dialog, state, in: room(frame), on: &grid)
        case .dialog(.reveal(let dialog)): RevealOverlay.draw(dialog, state, in: room(frame), on: &grid)
        case .dialog(.export(let dialog)): ExportOverlay.draw(dialog, state, in: room(frame), on: &grid)
        case .dialog(.steer(let dialog)): SteerOverlay.draw(dialog, state, in: room(frame), on: &grid)
        }
    }

    /// How many sessions of the open dialog's list there is room for.
    static func listRows(_ state: State) -> Int {
        let area = room(Chrome(Rect(size: state.size)))
        return switch state.overlay {
        case .dialog(.revoke(let dialog)): RevokeOverlay.words(dialog, state, in: area, .unicode).room(in: area)
        case .dialog(.extend(let dialog)): ExtendOverlay.words(dialog, state, in: area, .unicode).room(in: area)
        default: 0
        }
    }

    /// Where dialogs stand: within the view's frame, or over it where every row is needed; on the smallest screens over the
    /// lines under it, too, but for the keys.
    private static func room(_ frame: Chrome) -> Rect {
        let body = frame.body
        let more = body.rows < 10 ? frame.crumb.rows + frame.flash.rows : 0
        return Rect(column: body.left, row: body.top, columns: body.columns, rows: body.rows + more)
            .inset(columns: 1, rows: body.rows >= 18 ? 1 : 0)
    }
}
