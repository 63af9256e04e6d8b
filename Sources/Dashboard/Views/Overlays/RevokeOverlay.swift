internal import Screen
internal import Sessions

/// The question before sessions are ended, by how many it would be.
enum RevokeOverlay {
    static func draw(_ dialog: RevokeDialog, _ state: State, in area: Rect, on grid: inout Grid) {
        var drawing = words(dialog, state, in: area, grid.glyphs)
        let list = FrozenSetList(dialog.frozen, state: state, glyphs: grid.glyphs)
        drawing.insert(list, from: dialog.top, in: area)
        drawing.draw(in: area, on: &grid)
    }

    /// All of it but the sessions themselves.
    static func words(_ dialog: RevokeDialog, _ state: State, in area: Rect, _ glyphs: GlyphSet) -> DialogDrawing {
        var drawing = DialogDrawing(title: FrozenSetLines.title(verb(state), .danger, state))
        let lock = state.lockReason(of: dialog)
        drawing.addBlank()
        let unpins = state.store.capabilities.revokeMeaning == .unpins
        let question = FrozenSetLines.subject(of: dialog, columns: DialogDrawing.mostColumns(in: area) - 8)
        drawing.add([Span(unpins ? "Unpin " : "End "), Span(question, .danger), Span(" ?")])
        let lines = FrozenSetLines(dialog.frozen, glyphs: glyphs)
        for line in lines.hidden(by: state.list, columns: DialogDrawing.mostColumns(in: area)) { drawing.add(line) }
        drawing.endQuestion()
        if unpins {
            drawing.add(
                [Span("It ends no session: the next request is bound to a server anew.", .dim)], rank: 3)
        }
        for line in lines.figures { drawing.add(line, rank: 5) }
        if dialog.frozen.source.hasRule {
            drawing.addBlank()
            let isFocused = dialog.focus == .reach
            let count = dialog.frozen.count
            let these = count == 1 ? "this one" : "these \(Format.count(count))"
            let exactly = "exactly \(these), frozen at \(Format.clock(dialog.frozen.at.wall))"
            let rule = "the rule: also sessions that are being made right now"
            let choices: [(reach: RevokeDialog.Reach, words: String)] = [(.these, exactly), (.rule, rule)]
            for each in choices {
                let isOn = dialog.reach == each.reach
                // The question says, too, which of the two is chosen.
                let rank = isOn ? isFocused ? 0 : 3 : 4
                drawing.add(choice(each.words, isOn, isFocused, glyphs), rank: rank)
            }
        }
        drawing.add(lines.ended, rank: 2)
        drawing.add(lines.drift, rank: 2)
        drawing.addBlank()
        drawing.addReason(dialog.reason, isFocused: dialog.focus == .reason, isRequired: dialog.needsReason)
        drawing.addConfirmation(dialog.typed, isFocused: dialog.focus == .confirmation, of: dialog.confirmation)
        drawing.addBlank()
        if let tried = dialog.lastTry {
            let told = outcome(of: tried, dialog.title, unpins ? "unpinned" : "revoked")
            drawing.add([Span("\(glyphs.done) dry run: \(told)", .flashInfo)], rank: 1)
            drawing.addBlank()
        }
        drawing.add(
            .buttons([
                .init(title: "Cancel", isFocused: dialog.focus == .cancel),
                .init(title: "Dry run", isFocused: dialog.focus == .dryRun),
                .init(title: verb(state), isFocused: dialog.focus == .revoke, isDangerous: true, isLocked: lock != nil),
            ]))
        drawing.add(hint(dialog, lock, verb(state), glyphs), rank: 1)
        return drawing
    }

    /// What a dry run found; where some have ended, how many comes first, for a narrow screen cuts the line.
    private static func outcome(of tried: RevokeDialog.DryRun, _ title: String, _ done: String) -> String {
        let ended = if case .sessions(let ids) = tried.target { ids.count - tried.live } else { 0 }
        guard ended > 0 else { return "nothing was changed; \(title) would be \(done)" }
        let words = "\(Format.count(ended)) \(ended == 1 ? "has" : "have") ended already"
        return "\(Format.count(tried.live)) would be \(done), \(words); nothing was changed"
    }

    /// What a revoke does in this store, in a word.
    private static func verb(_ state: State) -> String {
        state.store.capabilities.revokeMeaning == .unpins ? "Unpin" : "Revoke"
    }

    private static func choice(_ words: String, _ isOn: Bool, _ isFocused: Bool, _ glyphs: GlyphSet) -> [Span] {
        let style = Style(.text, over: isFocused && isOn ? .cursor : nil)
        return [Span("\(glyphs.radio(isOn)) \(words)", style)]
    }

    /// What went wrong, what is missing, or which key does it.
    private static func hint(_ dialog: RevokeDialog, _ lock: String?, _ verb: String, _ glyphs: GlyphSet) -> [Span] {
        if let problem = dialog.problem { return [Span("\(glyphs.warning) \(problem)", .flashWarn)] }
        if let lock { return [Span("locked: \(lock)", .dim)] }
        return dialog.confirmation == .yes && !dialog.focus.isText
            ? [Span("y", .key), Span(" \(verb.lowercased())s, ", .dim), Span("n", .key), Span(" cancels", .dim)]
            : [Span(dialog.focus.isText ? "Enter goes on, Tab moves" : "Tab moves, Enter presses", .dim)]
    }
}
