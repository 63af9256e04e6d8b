internal import Screen
internal import Sessions

/// The sessions that a dialog acts on, a line each: exactly those that it shows, whatever happens meanwhile.
///
/// Names and addresses have as many columns as the longest of all lines needs, so that scrolling moves none.
struct FrozenSetList {
    private let frozen: FrozenSet
    private let state: State
    private let glyphs: GlyphSet
    private let outlooks: [Outlook]
    private let userColumns: Int
    private let addressColumns: Int
    private let timeColumns: Int
    private let outlookColumns: Int

    /// What would become of a session.
    struct Outlook {
        /// How long it lives yet, where that has to be told more closely than in a list; `nil`: as there.
        var timeLeft: String?
        /// What it comes to.
        var words: [Span] = []
    }

    /// Columns of a name: where there is least room for an address, too, and at most.
    private static let userLimits = 16...40
    /// Columns of an address: the least is one of IPv4, the most one of IPv6.
    private static let addressLimits = 15...39
    /// Columns of the handle, and of what stands between it and the others.
    private static let rest = 20
    /// Columns of the time that is left, at least.
    private static let leastTime = 6
    /// From here on there is room for the address, too.
    private static let wideLine = 66

    /// - Parameters:
    ///   - frozen: the sessions.
    ///   - state: what is known of them, and the time.
    ///   - glyphs: the signs.
    ///   - outlook: what would become of a session.
    init(
        _ frozen: FrozenSet, state: State, glyphs: GlyphSet,
        outlook: (FrozenSet.Line) -> Outlook = { _ in Outlook() }
    ) {
        let (lines, outlooks) = (frozen.lines, frozen.lines.map(outlook))
        (self.frozen, self.state, self.glyphs, self.outlooks) = (frozen, state, glyphs, outlooks)
        userColumns = Self.longest(lines, within: Self.userLimits) { TextWidth.of(state.owner($0.user, glyphs).text) }
        addressColumns = Self.longest(lines, within: Self.addressLimits) { TextWidth.of($0.ip ?? glyphs.unknown) }
        timeColumns = Self.longest(outlooks, within: Self.leastTime...Size.limit) { TextWidth.of($0.timeLeft ?? "") }
        outlookColumns = Self.longest(outlooks, within: 0...Size.limit) { $0.words.columns }
    }

    private static func longest<Item>(
        _ items: [Item], within limits: ClosedRange<Int>, _ columns: (Item) -> Int
    ) -> Int {
        items.reduce(limits.lowerBound) { max($0, min(columns($1), limits.upperBound)) }
    }

    /// The columns that its lines need, with nothing cut.
    var columns: Int { Self.rest + userColumns + addressColumns + timeColumns + outlookColumns }

    /// As many of the lines as there is room for, and which part of all sessions that is.
    func lines(from top: Int, room: Int, columns: Int) -> (lines: [[Span]], place: [Span]) {
        var scroll = Scroll(top: top, height: room, total: frozen.lines.count)
        let lines = scroll.range.map { line(frozen.lines[$0], outlooks[$0], columns) }
        scroll.total = frozen.count
        return (lines, scroll.label(glyphs))
    }

    /// How long it lives yet, or how it has ended.
    private func timeLeft(_ line: FrozenSet.Line) -> String {
        let standing = line.standing(at: state.now.wall)
        guard standing == .live else { return standing.rawValue }
        if let end = line.deadlines.nearest { return Format.span(end.moment - state.now.wall) }
        return state.knowsDeadlines ? "never" : glyphs.unknown
    }

    private func line(_ line: FrozenSet.Line, _ outlook: Outlook, _ columns: Int) -> [Span] {
        let owner = state.owner(line.user, glyphs).text
        var spans = [Span("  \(line.id.handle)  ")]
        let (leastUser, leastAddress) = (Self.userLimits.lowerBound, Self.addressLimits.lowerBound)
        let spare = columns - Self.rest - leastUser - leastAddress - timeColumns - outlookColumns
        if columns >= Self.wideLine, spare >= 0 {
            // What there is room for beyond the least goes to the names first.
            let user = min(userColumns, leastUser + spare)
            let address = min(addressColumns, leastAddress + spare - (user - leastUser))
            spans += [Self.cell(owner, user), Span("  "), Self.cell(line.ip ?? glyphs.unknown, address), Span("  ")]
        } else {
            spans += [Self.cell(owner, 12), Span("  ")]
        }
        return spans + [Span((outlook.timeLeft ?? timeLeft(line)).padded(leading: timeColumns))] + outlook.words
    }

    /// Text in exactly so many columns.
    private static func cell(_ text: String, _ columns: Int) -> Span {
        var grid = Grid(Size(columns: columns, rows: 1))
        grid.put(text, at: .zero, width: columns)
        let shown = grid.text
        return Span(shown + String(repeating: " ", count: max(0, columns - TextWidth.of(shown))))
    }
}
