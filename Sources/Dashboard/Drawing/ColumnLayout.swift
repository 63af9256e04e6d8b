internal import Screen

/// What a table wants of one of its columns.
struct ColumnRule: Sendable, Equatable {
    /// Its heading.
    var title: String
    /// Which side its cells, and the heading with them, keep to.
    var alignment: Alignment = .leading
    /// Narrower than this it is dropped instead.
    var minimum: Int
    /// Wider than this it doesn't get, whatever its cells hold.
    var maximum: Int
    /// The order of giving way: the highest goes first; `nil` never goes.
    var drop: Int?
    /// Whether the rows can be sorted by it.
    var isSortable = true
}

/// Where the columns of a table stand.
struct ColumnLayout: Sendable, Equatable {
    /// A column that is shown.
    struct Place: Sendable, Equatable {
        /// Its index among the rules.
        var index: Int
        /// Its first column on the screen, from the table's left edge.
        var x: Int
        /// Its width.
        var width: Int
    }

    /// The columns that are shown, from left to right.
    var places: [Place] = []

    /// Fits columns into a width: drops what doesn't fit, then gives each what its visible cells need, then shares out
    /// what is left.
    ///
    /// - Parameters:
    ///   - rules: the columns, from left to right.
    ///   - wanted: the widest visible cell of each.
    ///   - width: the columns of the screen there are.
    ///   - gap: the space between two columns.
    init(_ rules: [ColumnRule], wanted: [Int], width: Int, gap: Int) {
        let shown = Self.survivors(rules, width: width, gap: gap)
        var widths = shown.map { rules[$0].minimum }
        var spare = width - widths.reduce(0, +) - gap * max(0, shown.count - 1)
        let ceilings = shown.map { max(rules[$0].minimum, min(rules[$0].maximum, wanted[$0])) }
        spare = Self.grow(&widths, to: ceilings, spare: spare)
        _ = Self.grow(&widths, to: shown.map { rules[$0].maximum }, spare: spare)
        var x = 0
        for (index, columnWidth) in zip(shown, widths) where columnWidth > 0 && x < width {
            places.append(Place(index: index, x: x, width: min(columnWidth, width - x)))
            x += columnWidth + gap
        }
    }

    /// The columns that fit at their least width.
    private static func survivors(_ rules: [ColumnRule], width: Int, gap: Int) -> [Int] {
        var shown = Array(rules.indices)
        func need() -> Int { shown.reduce(0) { $0 + rules[$1].minimum } + gap * max(0, shown.count - 1) }
        while need() > width,
            let victim = shown.filter({ rules[$0].drop != nil }).max(by: { rules[$0].drop ?? 0 < rules[$1].drop ?? 0 })
        {
            shown.removeAll { $0 == victim }
        }
        return shown
    }

    /// Widens evenly, a cell at a time from the left, each up to its ceiling; returns what is left over.
    private static func grow(_ widths: inout [Int], to ceilings: [Int], spare: Int) -> Int {
        var spare = spare
        while spare > 0 {
            let open = widths.indices.filter { widths[$0] < ceilings[$0] }
            guard !open.isEmpty else { break }
            let share = max(1, spare / open.count)
            for index in open where spare > 0 {
                let step = min(share, ceilings[index] - widths[index], spare)
                widths[index] += step
                spare -= step
            }
        }
        return spare
    }
}
