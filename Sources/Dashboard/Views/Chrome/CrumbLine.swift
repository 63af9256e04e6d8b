internal import Screen
internal import Sessions

/// The line under the view: where one is, and what is marked there.
enum CrumbLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: 4)
        line.add(path(state, grid.glyphs), rank: 0)
        line.add(marks(state), rank: 1)
        line.add(following(state), rank: 2)
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }

    private static func path(_ state: State, _ glyphs: GlyphSet) -> [Span] {
        let steps = state.navigation.stack.map { [Span(title($0.place), .crumb)] }
        return .joined(steps, by: Span(" \(glyphs.step) ", .dim))
    }

    static func title(_ place: Place) -> String {
        switch place {
        case .sessions(.all): "sessions"
        case .sessions(.user(let name)): name.map { "user \($0)" } ?? "anonymous"
        case .sessions(.node(let node)): "node \(node)"
        case .users: "users"
        case .stats: "stats"
        case .nodes: "nodes"
        case .audit: "audit"
        case .inspect(let id): "s:\(id.handle)"
        case .result(let job): "change \(job.number)"
        }
    }

    private static func marks(_ state: State) -> [Span] {
        let count = state.list.markCount
        guard count > 0, case .sessions = state.navigation.place else { return [] }
        let hidden = state.list.hiddenMarkCount
        let note = hidden > 0 ? [Span(" (\(Format.count(hidden)) hidden)", .flashWarn)] : []
        return [Span("\(Format.count(count)) marked", .mark)] + note
    }

    private static func following(_ state: State) -> [Span] {
        guard case .sessions = state.navigation.place, state.list.isFollowing else { return [] }
        return [Span("following", .flashInfo)]
    }
}
