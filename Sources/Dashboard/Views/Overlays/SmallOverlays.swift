internal import Screen
internal import Sessions

/// The question before secrets are shown.
enum RevealOverlay {
    static func draw(_ dialog: RevealDialog, _ state: State, in area: Rect, on grid: inout Grid) {
        var drawing = DialogDrawing(title: FrozenSetLines.title("Reveal", .flashWarn, state))
        drawing.addBlank()
        drawing.add([Span("Show the secrets of "), Span("s:\(dialog.id.handle)", .title), Span(" for 30 s ?")])
        drawing.add([Span("That you looked, and why, goes into the audit log.", .dim)], rank: 3)
        drawing.addBlank()
        drawing.addReason(dialog.reason, isFocused: dialog.focus == .reason, isRequired: true)
        drawing.addBlank()
        drawing.add(
            .buttons([
                .init(title: "Cancel", isFocused: dialog.focus == .cancel),
                .init(title: "Reveal", isFocused: dialog.focus == .reveal, isLocked: dialog.reason.isBlank),
            ]))
        if let problem = dialog.problem {
            drawing.add([Span("\(grid.glyphs.warning) \(problem)", .flashWarn)], rank: 1)
        }
        drawing.draw(in: area, on: &grid)
    }
}

/// The question before what is listed is written into a file.
enum ExportOverlay {
    static func draw(_ dialog: ExportDialog, _ state: State, in area: Rect, on grid: inout Grid) {
        var drawing = DialogDrawing(title: FrozenSetLines.title("Export", .title, state))
        drawing.addBlank()
        let title: String
        let meaning: String
        switch dialog.listed {
        case .sessions(let ids):
            title = Format.sessions(ids.count)
            meaning = "Handles and what the list shows, no secrets."
        case .entries(let entries):
            title = Format.auditEntries(entries.count)
            meaning = "What each says, with its hashes, no secrets."
        }
        drawing.add([Span("Write "), Span(title, .title), Span(" into a file ?")])
        if case .sessions = dialog.listed { drawing.add([Span(contents(state))], rank: 2) }
        drawing.add([Span(meaning, .dim)], rank: 3)
        if case .entries = dialog.listed {
            let outcomes =
                dialog.format == .jsonl
                ? "With each session's handle and what became of it."
                : "Not what became of each session: jsonl has that."
            drawing.add([Span(outcomes, .dim)], rank: 3)
        }
        if let reason = state.unrecordedReason {
            drawing.add([Span("Not recorded: \(reason).", .flashWarn)], rank: 2)
        } else {
            drawing.add([Span("It goes into the audit log.", .dim)], rank: 4)
        }
        drawing.addBlank()
        drawing.add(.field(label: "file", dialog.path, isFocused: dialog.focus == .path, note: []))
        if let folder = dialog.folder(from: state.folder) {
            let room = DialogDrawing.mostColumns(in: area) - DialogDrawing.label
            let label = Span("into".padded(DialogDrawing.label), .dim)
            drawing.add([label, Span(folder.clippedInMiddle(to: room))], rank: 1)
        }
        let formats = Export.Format.allCases.map { format in
            let isOn = format == dialog.format
            let style = Style(.text, over: isOn && dialog.focus == .format ? .cursor : nil)
            return [Span("\(grid.glyphs.radio(isOn)) \(format.rawValue)", style)]
        }
        drawing.add([Span("format".padded(DialogDrawing.label), .dim)] + .joined(formats, by: .space(3)))
        drawing.addBlank()
        drawing.add(
            .buttons([
                .init(title: "Cancel", isFocused: dialog.focus == .cancel),
                .init(title: "Write", isFocused: dialog.focus == .write),
            ]))
        if let problem = dialog.problem {
            drawing.add([Span("\(grid.glyphs.warning) \(problem)", .flashWarn)], rank: 1)
        }
        drawing.draw(in: area, on: &grid)
    }

    /// Which sessions are written: all of the list, whichever of them are marked.
    private static func contents(_ state: State) -> String {
        let filter = state.list.filter.text
        let whose =
            switch state.list.scope {
            case .all: filter.isEmpty ? "All that the list shows" : "All"
            case .user(let name): name.map { "All of \($0)" } ?? "All without a user"
            case .node(let node): "All that \(node) served last"
            }
        let marks = state.list.markCount > 0 ? ", marked or not" : ""
        return whose + (filter.isEmpty ? "" : " that match \(filter)") + marks
    }
}
