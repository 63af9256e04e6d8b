internal import Screen
internal import Sessions

/// A user's refresh families in their box: what is in circulation, then a line a family.
struct UserFamilies {
    private let families: [TokenFamily]
    private let tokens: UserTokens
    private let now: Timestamp
    private let rows: Int
    /// The access tokens of all of them.
    private let exposure: TokenExposure

    init(_ state: State) {
        tokens = state.tokens
        now = state.now.wall
        rows = state.size.rows
        // What was read of another user says nothing of this one.
        let isTheirs = if case .user(let name) = state.list.scope { tokens.user == UserKey(name) } else { false }
        families = isTheirs ? tokens.families(at: now) : []
        exposure = families.reduce(into: TokenExposure()) { $0.add($1.report.exposure) }
    }

    /// So many families have a line: what is left is the sessions'.
    private var shownCount: Int { min(families.count, rows < 30 ? 3 : rows / 6) }

    /// The rows of the table, with its heading.
    var tableHeight: Int { families.isEmpty ? 0 : 1 + shownCount }

    /// What doesn't fit.
    func footer(_ glyphs: GlyphSet) -> [Span] {
        let more = families.count - shownCount
        return more > 0 ? [Span("\(glyphs.down) \(more) more families", .dim)] : []
    }

    /// Lines about all of them: how many access tokens nobody can take back, or why that can't be told.
    func notes(columns: Int, _ glyphs: GlyphSet) -> [[Span]] {
        guard !families.isEmpty else {
            return tokens.hasSealed
                ? [[Span("refresh families ", .dim), Span("sealed", .protected), Span("  no key is here", .dim)]] : []
        }
        return [clock(isWide: columns >= 110, glyphs)]
    }

    /// The residual exposure: a revoke ends tokens where the feed is followed, and nowhere else.
    private func clock(isWide: Bool, _ glyphs: GlyphSet) -> [Span] {
        let count = exposure.count(at: now)
        guard count > 0, let end = exposure.end else {
            return [Span("access tokens ", .dim), Span("none in circulation")]
        }
        let hasEnded = families.contains { $0.row.standing(at: now) != .live }
        let noun = "\(tokens.isPartial ? "at least " : "")\(Format.count(count)) access token\(count == 1 ? "" : "s")"
        let verb = count == 1 ? "verifies" : "verify"
        let place = isWide ? "at services that don't follow the feed" : "off the feed"
        let spans = [
            hasEnded ? Span("\(glyphs.warning) \(noun)", .flashWarn) : Span(noun),
            Span(" still \(verb) \(place); the last dies at ", .dim), Span(Format.moment(end, seenAt: now)),
        ]
        return isWide ? spans + [Span(", in \(Format.longSpan(end - now))", .dim)] : spans
    }

    /// The heading and a line for each that has one.
    func drawTable(in area: Rect, on grid: inout Grid) {
        guard !families.isEmpty else { return }
        var table = TableDrawing(rules: Self.rules)
        table.rows = families.prefix(shownCount).map { row($0, grid.glyphs) }
        table.draw(in: area, on: &grid)
    }

    private static let rules = [
        ColumnRule(title: "", minimum: 2, maximum: 2),
        ColumnRule(title: "FAMILY", minimum: 12, maximum: 12),
        ColumnRule(title: "CLIENT", minimum: 8, maximum: 24),
        ColumnRule(title: "DEVICE", minimum: 12, maximum: 48),
        ColumnRule(title: "IP", minimum: 13, maximum: 39, drop: 2),
        ColumnRule(title: "PARENT", minimum: 12, maximum: 12, drop: 3),
        ColumnRule(title: "ROTATED", alignment: .trailing, minimum: 7, maximum: 9),
        ColumnRule(title: "LAST", alignment: .trailing, minimum: 8, maximum: 12),
        ColumnRule(title: "TOKENS", alignment: .trailing, minimum: 6, maximum: 8),
        ColumnRule(title: "STANDING", minimum: 8, maximum: 40),
    ]

    private func row(_ family: TokenFamily, _ glyphs: GlyphSet) -> TableDrawing.Row {
        let (report, standing) = (family.report, SessionStanding(family.row, at: now))
        let isReused = family.revocation?.reuse != nil
        func known(_ text: String?) -> Span { text.map { Span($0) } ?? Span(glyphs.unknown, .dim) }
        let count = report.exposure.count(at: now)
        return TableDrawing.Row(cells: [
            isReused ? Span(" \(glyphs.warning)", .flashError) : Span(" \(standing.sign(glyphs))", standing.role),
            Span("\(family.row.id.handle)"), known(family.client),
            known(report.uses.last?.agent.map { AgentSummary($0).text }), known(report.uses.last?.ip),
            known(report.parents.first.map { "\($0.handle)" }), Span(Format.count(max(0, report.generation - 1))),
            known(report.rotated.map { Format.relative($0, to: now) }),
            Span(Format.count(count), standing.hasEnded && count > 0 ? .flashWarn : .text),
            isReused ? Span("reused", .flashError) : Span(standing.word, standing.role),
        ])
    }
}
