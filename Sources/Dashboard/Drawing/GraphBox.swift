internal import Screen

/// A graph with its axes: the scale at the left, time below.
struct GraphBox {
    /// What is drawn, oldest first; what isn't a number is a gap.
    var values: [Double]
    /// The values at the bottom and at the top.
    var range: ClosedRange<Double>
    /// How a value is written at the axis.
    var label: (Double) -> String
    /// The time that the values cover.
    var span: GraphSpan
    /// What it is drawn with.
    var marks: PlotMarks
    /// How it is meant.
    var role: Role
    /// The values at the ends of the role's gradient; those at the bottom and at the top, where `nil`.
    var colors: ClosedRange<Double>?

    /// Columns of the scale.
    static let scale = 8

    /// How many values there is room for in a width.
    static func steps(in columns: Int, _ marks: PlotMarks) -> Int {
        max(0, columns - scale) * marks.samplesPerCell
    }

    /// A share at an axis: `95%`, `97.5%`.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }

    func draw(in area: Rect, on grid: inout Grid) {
        guard area.rows >= 3, area.columns > Self.scale + 4 else { return }
        let (plot, axis) = area.split(rows: area.rows - 1)
        let (scale, curve) = plot.split(columns: Self.scale)
        let numbers = Rect(column: scale.left, row: scale.top, columns: Self.scale - 1, rows: scale.rows)
        grid.write([Span(label(range.upperBound), .graphAxis)], in: numbers.row(0), align: .trailing)
        grid.write([Span(label(range.lowerBound), .graphAxis)], in: numbers.lastRow, align: .trailing)
        if plot.rows >= 7 {
            let middle = (range.lowerBound + range.upperBound) / 2
            grid.write([Span(label(middle), .graphAxis)], in: numbers.row(plot.rows / 2), align: .trailing)
        }
        grid.plot(values, in: curve, range: range, style: Style(role), colors: colors, marks: marks)
        let time = axis.dropLeft(Self.scale)
        grid.write([Span(span.label, .graphAxis)], in: time)
        grid.write([Span("now", .graphAxis)], in: time, align: .trailing)
        if !values.contains(where: \.isFinite) {
            grid.write([Span("nothing counted yet", .dim)], in: curve.row(curve.rows / 2), align: .center)
        }
    }
}
