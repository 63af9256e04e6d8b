internal import Screen

/// A line of pieces of unequal importance: what does not fit is left out whole, the least important first.
struct SegmentLine {
    private struct Segment {
        var spans: [Span]
        var rank: Int
        var isRight: Bool
        var target: ClickTarget?
    }

    private var segments: [Segment] = []

    /// Columns between two segments.
    private let gap: Int

    /// - Parameter gap: the columns between two pieces.
    init(gap: Int) { self.gap = gap }

    /// Adds a piece.
    ///
    /// - Parameters:
    ///   - spans: what it says; nothing is added where it is empty.
    ///   - rank: how soon it may go; the highest goes first, 0 never.
    ///   - isRight: whether it keeps to the right edge.
    ///   - target: what a click on it is meant for, where it doesn't keep to the right edge.
    mutating func add(_ spans: [Span], rank: Int, isRight: Bool = false, target: ClickTarget? = nil) {
        guard !spans.isEmpty else { return }
        segments.append(Segment(spans: spans, rank: rank, isRight: isRight, target: target))
    }

    /// Draws what fits into the first row of an area.
    func draw(in area: Rect, on grid: inout Grid) {
        var kept = segments
        while width(of: kept) > area.columns, let victim = kept.indices.max(by: { kept[$0].rank <= kept[$1].rank }),
            kept[victim].rank > 0
        {
            kept.remove(at: victim)
        }
        let left = line(kept.filter { !$0.isRight })
        let right = line(kept.filter(\.isRight))
        grid.write(left, in: area)
        noteTargets(of: kept.filter { !$0.isRight }, in: area, on: &grid)
        let rightWidth = min(right.columns, max(0, area.columns - left.columns - gap))
        grid.write(right, in: area.dropLeft(area.columns - rightWidth))
    }

    private func noteTargets(of segments: [Segment], in area: Rect, on grid: inout Grid) {
        var rest = area.row(0)
        for segment in segments {
            let columns = segment.spans.columns
            if let target = segment.target { grid.note(target, in: rest.split(columns: columns).0) }
            rest = rest.dropLeft(columns + gap)
        }
    }

    private func width(of segments: [Segment]) -> Int {
        segments.reduce(0) { $0 + $1.spans.columns } + gap * max(0, segments.count - 1)
    }

    private func line(_ segments: [Segment]) -> [Span] { .joined(segments.map(\.spans), by: .space(gap)) }
}
