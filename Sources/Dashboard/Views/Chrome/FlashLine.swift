internal import Screen
internal import Sessions

/// The line above the keys: how far a change has come, and what just happened.
enum FlashLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 4)
        if let flash = state.flash {
            line.add([Span("\(sign(flash.level, grid.glyphs)) \(flash.text)", role(flash.level))], rank: 0)
        }
        if let job = state.jobs.active.last {
            line.add(JobProgress(job, now: state.now, glyphs: grid.glyphs).line, rank: state.flash == nil ? 0 : 1)
        } else if state.flash == nil, let error = state.connection.error {
            line.add([Span("\(grid.glyphs.ended) \(error)", .flashError)], rank: 0)
        }
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
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
