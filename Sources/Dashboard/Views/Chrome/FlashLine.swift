internal import Screen
internal import Sessions

/// The line above the keys: how far a change has come, and what just happened.
enum FlashLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 4)
        var room = area.inset(columns: 1, rows: 0)
        if let flash = state.flash {
            let words = words(flash, grid.glyphs)
            line.add([words], rank: 0)
            if words.columns > room.columns { room = noteRest(in: room, on: &grid) }
        }
        if let job = state.jobs.active.last {
            line.add(JobProgress(job, now: state.now, glyphs: grid.glyphs).line, rank: state.flash == nil ? 0 : 1)
        } else if state.flash == nil {
            line.add(outage(state, width: area.columns - 2, grid.glyphs), rank: 0)
        }
        line.draw(in: room, on: &grid)
    }

    /// A message with its sign.
    static func words(_ flash: Flash, _ glyphs: GlyphSet) -> Span {
        Span("\(sign(flash.level, glyphs)) \(flash.text)", role(flash.level))
    }

    /// Says at the end of the line where the rest of a message stands; returns the room before it.
    private static func noteRest(in area: Rect, on grid: inout Grid) -> Rect {
        let note = [Span.space(), Span(":log", .key)]
        let (words, rest) = area.split(columns: area.columns - note.columns)
        grid.write(note, in: rest)
        if let key = CommandTable[.log]?.keys.first { grid.note(.key(key), in: rest) }
        return words
    }

    /// Since when the store doesn't answer, when it is asked again, and why it didn't; of these the reason alone gives way,
    /// and of that the advice first: where the store is and what is wrong there are what the line is for.
    private static func outage(_ state: State, width: Int, _ glyphs: GlyphSet) -> [Span] {
        guard let error = state.connection.error else { return [] }
        let age = if case .lost(let age?) = state.health { " \(Format.span(age))" } else { "" }
        let what = "unreachable\(age), \(retry(state)): "
        let sign = "\(glyphs.warning) "
        let room = width - TextWidth.of(sign + what)
        let name = state.store.name + " "
        let hasRoom = TextWidth.of(name + error, limit: max(0, room) + 1) <= room
        return [Span(sign + (hasRoom ? name : "") + what + shortened(error, to: room), .flashError)]
    }

    /// An error without its advice where there is no room for that, but with the cause at its end if that fits; where
    /// there is no room for the rest either, without its middle.
    private static func shortened(_ error: String, to columns: Int) -> String {
        let error = Escaping.text(error)
        guard TextWidth.of(error) > columns, let end = startOfAdvice(in: error) else {
            return error.clippedInMiddle(to: columns)
        }
        let rest = String(error[..<end])
        let cause = error.hasSuffix(")") ? error[end...].firstRange(of: " (").map { error[$0.lowerBound...] } : nil
        for text in ["\(rest)…\(cause ?? "")", "\(rest)…"] where TextWidth.of(text) <= columns { return text }
        return rest.clippedInMiddle(to: columns)
    }

    /// Where the advice of an error begins, with the sign before it: a `;`, or a `:` that a word of advice follows, for
    /// behind another one stands the cause.
    private static func startOfAdvice(in error: String) -> String.Index? {
        let words: Set<Substring> = ["see", "check", "look", "try", "give", "put", "start"]
        let colon = error.ranges(of: ": ").first { words.contains(error[$0.upperBound...].prefix(while: \.isLetter)) }
        return [error.firstRange(of: "; "), colon].compactMap { $0?.lowerBound }.min()
    }

    /// When the store is asked again, and how many questions in a row that makes.
    private static func retry(_ state: State) -> String {
        let wait = state.polling.due.map { max(.zero, $0 - state.now.monotonic) } ?? .zero
        let isAsked = state.connection.pollBegan != nil || wait == .zero
        // The last second isn't none.
        let when = isAsked ? "retrying now" : "retry in \(Format.span(max(.seconds(1), wait)))"
        return "\(when) (try \(Format.count(state.connection.failures + 1)))"
    }

    private static func sign(_ level: Flash.Level, _ glyphs: GlyphSet) -> String {
        switch level {
        case .info: glyphs.done
        case .warning: glyphs.warning
        case .error: glyphs.ended
        }
    }

    private static func role(_ level: Flash.Level) -> Role {
        switch level {
        case .info: .flashInfo
        case .warning: .flashWarn
        case .error: .flashError
        }
    }
}
