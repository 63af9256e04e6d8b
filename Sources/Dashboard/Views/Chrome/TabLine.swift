internal import Screen
internal import Sessions

/// The second line: the tabs, the chosen one in brackets, and how the store answers.
enum TabLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        var line = SegmentLine(gap: area.columns >= 100 ? 2 : 1)
        let chosen = state.navigation.tab
        for tab in Tab.allCases {
            let label = "\(tab.rawValue) \(tab.title)"
            line.add(
                tab == chosen ? [Span("[\(label)]", .title)] : [Span(" \(label) ", .dim)], rank: tab == chosen ? 0 : 2,
                target: .key(.character(Character("\(tab.rawValue)"))))
        }
        line.add(latency(state, grid.glyphs), rank: 4, isRight: true)
        line.add(errors(state), rank: 3, isRight: true)
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }

    private static func latency(_ state: State, _ glyphs: GlyphSet) -> [Span] {
        let text = state.connection.latency.map { Format.latency(microseconds: $0.microseconds) } ?? glyphs.unknown
        return [Span(state.followsChanges ? "poll " : "page ", .dim), Span(text)]
    }

    private static func errors(_ state: State) -> [Span] {
        let count = state.connection.totalFailures
        return [Span("errors ", .dim), Span(Format.count(count), count > 0 ? .flashWarn : .text)]
    }
}

extension Duration {
    /// Whole microseconds; it saturates.
    var microseconds: Int {
        let (product, isTooLong) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isOver) = product.addingReportingOverflow(components.attoseconds / 1_000_000_000_000)
        return isTooLong || isOver ? (self < .zero ? .min : .max) : Int(sum)
    }
}
