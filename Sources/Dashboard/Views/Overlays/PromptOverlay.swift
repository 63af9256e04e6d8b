internal import Screen
internal import Sessions

/// The line to type a filter, a command or a search into; under it what is wrong with it, or what it could become.
enum PromptOverlay {
    static func draw(_ prompt: Prompt, _ state: State, line: Rect, note: Rect, on grid: inout Grid) {
        grid.fill(line)
        grid.fill(note)
        let label = prompt.kind.label
        let area = line.inset(columns: 1, rows: 0)
        grid.write([Span(label, .title)], in: area)
        let error = prompt.kind == .filter ? state.filterError : nil
        let column = FieldDrawing(field: prompt.field, mistake: error?.range)
            .draw(in: area.dropLeft(TextWidth.of(label)), isFocused: true, on: &grid)
        let below = note.inset(columns: 1, rows: 0)
        if let error {
            drawError(error, under: column, in: below, on: &grid)
        } else if !prompt.completions.isEmpty {
            grid.write(completions(prompt), in: below)
        } else {
            grid.write(outcome(prompt, state), in: below)
        }
    }

    /// A caret under the mistake, and the message where there is room for it.
    private static func drawError(_ error: FilterError, under column: Int?, in area: Rect, on grid: inout Grid) {
        let caret = (column ?? area.left) - area.left
        let text = Span(error.message, .flashError)
        let sign = Span(grid.glyphs.caret, .promptError)
        if caret + 2 + text.columns <= area.columns {
            grid.write([.space(caret), sign, .space(), text], in: area)
        } else if caret > text.columns + 1 {
            grid.write([.space(caret - text.columns - 1), text, .space(), sign], in: area)
        } else {
            grid.write([Span("\(grid.glyphs.ended) at character \(error.offset + 1): ", .promptError), text], in: area)
        }
    }

    private static func completions(_ prompt: Prompt) -> [Span] {
        let words = prompt.completions.enumerated().map { index, word in
            [Span(word, index == prompt.completionPlace ? .cursor : .text)]
        }
        // What is filled in stays in sight.
        let first = max(0, (prompt.completionPlace ?? 0) - 3)
        return .joined(Array(words.dropFirst(first)), by: .space(2))
    }

    private static func outcome(_ prompt: Prompt, _ state: State) -> [Span] {
        switch prompt.kind {
        case .filter where prompt.field.isEmpty: [Span(grammar(at: state.navigation.place), .dim)]
        case .filter: [Span(Format.count(state.matchCount)), Span(" match", .dim)]
        case .command: [Span("Tab completes, Enter runs, Esc closes", .dim)]
        case .find: [Span("Enter keeps, Esc goes back, n and N find more", .dim)]
        }
    }

    /// What can be typed as a filter.
    private static func grammar(at place: Place) -> String {
        switch place {
        case .users: "a part of a user's name"
        case .audit: "a part of an actor, an action, a target, a result or a reason"
        default: "user:NAME  ip:10.0.0.0/8  node:N  agent:WORD  state:*  ttl<5m  idle>1h  age>=7d  -not  or  ( )"
        }
    }
}
