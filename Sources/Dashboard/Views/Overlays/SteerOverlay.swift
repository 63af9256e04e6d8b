internal import Screen
internal import Sessions

/// The question before a node is taken out, or in again.
enum SteerOverlay {
    static func draw(_ dialog: SteerDialog, _ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let role: Role = dialog.wanted == .maintenance ? .danger : dialog.wanted == .drain ? .flashWarn : .title
        var drawing = DialogDrawing(title: FrozenSetLines.title(dialog.verb, role, state))
        let lock = state.lockReason(of: dialog)
        drawing.addBlank()
        drawing.add([Span("\(dialog.verb) "), Span(dialog.node, role), Span(" ?")])
        for line in meaning(dialog, state) { drawing.add([Span(line, .dim)], rank: 4) }
        if dialog.wanted != .ready, dialog.others == 0 {
            let others = dialog.isServer ? "no other server of its group" : "no other node"
            drawing.add([Span("\(glyphs.warning) \(others) takes new sessions", .flashError)])
        }
        if !dialog.isServer {
            drawing.add([Span("The node's own audit log keeps this.", .dim)], rank: 5)
        } else if state.store.capabilities.audit.isPossible {
            drawing.add([Span("A balancer keeps no audit log: this goes into your own.", .dim)], rank: 5)
        } else {
            drawing.add(
                [Span("There is no audit log here: nobody keeps who did this, and why.", .flashWarn)], rank: 3)
        }
        drawing.addBlank()
        drawing.addReason(dialog.reason, isFocused: dialog.focus == .reason, isRequired: dialog.needsReason)
        drawing.addConfirmation(dialog.typed, isFocused: dialog.focus == .confirmation, of: dialog.confirmation)
        drawing.addBlank()
        drawing.add(
            .buttons([
                .init(title: "Cancel", isFocused: dialog.focus == .cancel),
                .init(
                    title: dialog.verb, isFocused: dialog.focus == .steer, isDangerous: dialog.wanted != .ready,
                    isLocked: lock != nil),
            ]))
        drawing.add(hint(dialog, lock, glyphs), rank: 1)
        drawing.draw(in: area, on: &grid)
    }

    /// What it does to the sessions that are bound to it.
    private static func meaning(_ dialog: SteerDialog, _ state: State) -> [String] {
        let count = dialog.pinned.map(Format.sessions) ?? "the sessions"
        let end = dialog.lastPinEnds.map { "in \(Format.span(max(.zero, $0 - state.now.wall)))" }
        guard dialog.isServer else { return meaning(dialog, sessions: count) }
        switch dialog.wanted {
        case .ready: return ["It takes requests again: those of its own clients, and new ones."]
        case .drain where dialog.pinned == 0:
            return ["Nobody is bound to it: it gets no new sessions, and is empty at once."]
        case .drain:
            return [
                "It keeps the \(count) bound to it, and gets no new ones.",
                end.map { "Unless they are used, the last is forgotten \($0)." } ?? "They are never forgotten.",
            ]
        case .maintenance:
            return [
                "Its \(count) go to other servers with their next requests.",
                "What it holds of them in its own memory is lost to them.",
            ]
        }
    }

    /// What it does to the sessions that lie in the node's own memory.
    private static func meaning(_ dialog: SteerDialog, sessions: String) -> [String] {
        switch dialog.wanted {
        case .ready: ["It takes new sessions again."]
        case .drain:
            [
                "It keeps the \(sessions) in its memory, and takes no new ones.",
                "What is left when it stops is lost: M hands it over before.",
            ]
        case .maintenance:
            [
                "It hands the \(sessions) in its memory over to the others, and takes no new ones.",
                "What none of them takes stays, and is lost when it stops.",
            ]
        }
    }

    /// What went wrong, what is missing, or which key does it.
    private static func hint(_ dialog: SteerDialog, _ lock: String?, _ glyphs: GlyphSet) -> [Span] {
        if let problem = dialog.problem { return [Span("\(glyphs.warning) \(problem)", .flashWarn)] }
        if let lock { return [Span("locked: \(lock)", .dim)] }
        let isText = dialog.focus == .reason || dialog.focus == .confirmation
        return dialog.confirmation == .yes && !isText
            ? [Span("y", .key), Span(" does it, ", .dim), Span("n", .key), Span(" cancels", .dim)]
            : [Span(isText ? "Enter goes on, Tab moves" : "Tab moves, Enter presses", .dim)]
    }
}
