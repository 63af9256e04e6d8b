internal import Screen
internal import Sessions

/// The question before idle deadlines are moved: by how much, and what would become of each session.
enum ExtendOverlay {
    static func draw(_ dialog: ExtendDialog, _ state: State, in area: Rect, on grid: inout Grid) {
        var drawing = words(dialog, state, in: area, grid.glyphs)
        let list = FrozenSetList(dialog.frozen, state: state, glyphs: grid.glyphs) {
            outcome(dialog.outcome(of: $0, at: state.now.wall), state)
        }
        drawing.insert(list, from: dialog.top, in: area)
        drawing.draw(in: area, on: &grid)
    }

    /// All of it but the sessions themselves.
    static func words(_ dialog: ExtendDialog, _ state: State, in area: Rect, _ glyphs: GlyphSet) -> DialogDrawing {
        var drawing = DialogDrawing(title: FrozenSetLines.title("Extend", .title, state))
        let lock = state.lockReason(of: dialog)
        drawing.addBlank()
        let start = "Move the idle deadline of "
        let room = DialogDrawing.mostColumns(in: area) - start.utf8.count - 2
        drawing.add([Span(start), Span(dialog.frozen.subject(columns: room), .title), Span(" ?")])
        let lines = FrozenSetLines(dialog.frozen, glyphs: glyphs)
        for line in lines.hidden(by: state.list, columns: DialogDrawing.mostColumns(in: area)) { drawing.add(line) }
        drawing.endQuestion()
        for line in lines.figures { drawing.add(line, rank: 5) }
        drawing.add(lines.ended, rank: 2)
        drawing.add(lines.drift, rank: 2)
        drawing.addBlank()
        drawing.add(
            .field(
                label: "by", dialog.deadline, isFocused: dialog.focus == .deadline,
                note: [Span("30m, 2h, 7d, or a time", .dim)]))
        drawing.addReason(dialog.reason, isFocused: dialog.focus == .reason, isRequired: dialog.needsReason)
        drawing.addConfirmation(dialog.typed, isFocused: dialog.focus == .confirmation, of: dialog.confirmation)
        drawing.addBlank()
        drawing.add(
            .buttons([
                .init(title: "Cancel", isFocused: dialog.focus == .cancel),
                .init(title: "Extend", isFocused: dialog.focus == .extend, isLocked: lock != nil),
            ]))
        drawing.add(hint(dialog, lock, glyphs), rank: 1)
        return drawing
    }

    /// What would become of a session.
    private static func outcome(_ outcome: ExtendOutcome?, _ state: State) -> FrozenSetList.Outlook {
        switch outcome {
        case nil: .init()
        case .extended(let old, let new):
            moved(from: old, to: new, state) { [Span("  to ", .dim), Span($0, .flashInfo)] }
        case .clipped(let old, let new):
            moved(from: old, to: new, state) { [Span("  clipped ", .flashWarn), Span($0)] }
        case .unchanged: .init(words: [Span("  unchanged", .dim)])
        case .refused, .notFound, .failed: .init(words: [Span("  refused", .flashWarn)])
        }
    }

    /// How long it lives before and after, told apart.
    private static func moved(
        from old: Timestamp, to new: Timestamp, _ state: State, _ words: (String) -> [Span]
    ) -> FrozenSetList.Outlook {
        let (before, after) = Format.spans(old - state.now.wall, new - state.now.wall)
        return .init(timeLeft: before, words: words(after))
    }

    private static func hint(_ dialog: ExtendDialog, _ lock: String?, _ glyphs: GlyphSet) -> [Span] {
        if let problem = dialog.problem { return [Span("\(glyphs.warning) \(problem)", .flashWarn)] }
        return [Span(lock.map { "locked: \($0)" } ?? "never past the absolute deadline, never reviving", .dim)]
    }
}
