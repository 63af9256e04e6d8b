internal import Screen
internal import Sessions

/// The audit log: who did what, when, why and with what result; and whether its chain holds.
enum AuditView {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let entries = state.audit.shown
        let (list, detail) = parts(state, area)
        let current = state.audit.cursorPlace
        drawList(state, entries, current: current, in: list, on: &grid)
        if !detail.isEmpty, entries.indices.contains(current) {
            if let (entry, _) = enlarged(state, in: area, grid.glyphs) {
                entry.draw(from: state.audit.entryTop, in: detail, isFocused: state.overlay == nil, on: &grid)
            } else {
                drawDetail(entries[current], state, in: detail, on: &grid)
            }
        }
    }

    /// The entry that is opened, and how many rows it has in an area; `nil`: none is.
    static func enlarged(
        _ state: State, in area: Rect, _ glyphs: GlyphSet
    ) -> (entry: EnlargedEntry, rows: Int)? {
        guard state.audit.isExpanded, let entry = state.audit.current else { return nil }
        let text = EnlargedEntry.text(in: parts(state, area).1)
        return (EnlargedEntry(entry, state, columns: text.columns, glyphs), text.rows)
    }

    /// How many entries there is room for in an area.
    static func rows(_ state: State, in area: Rect) -> Int { TableDrawing.rows(in: parts(state, area).0) }

    /// The list, and the entry under the cursor below it.
    private static func parts(_ state: State, _ area: Rect) -> (Rect, Rect) {
        guard !state.audit.shown.isEmpty else { return area.split(rows: area.rows) }
        let height = detailHeight(in: area)
        return area.split(rows: area.rows - (state.audit.isExpanded ? max(height, expandedHeight(in: area)) : height))
    }

    /// The same where the entry is asked for: all but three lines of the list.
    private static func expandedHeight(in area: Rect) -> Int { max(area.rows - 6, area.rows / 2) }

    /// The rows below the list that show one entry whole; where there is little room, what the list clips of it.
    ///
    /// There are two or three more than it takes where nothing is long.
    private static func detailHeight(in area: Rect) -> Int { area.rows >= 24 ? 12 : area.rows >= 16 ? 6 : 0 }

    private static func drawList(
        _ state: State, _ entries: [AuditEntry], current: Int, in area: Rect, on grid: inout Grid
    ) {
        let glyphs = grid.glyphs
        let scroll = Scroll(
            top: state.audit.top, height: TableDrawing.rows(in: area), total: entries.count, keeping: current)
        let reason = state.store.capabilities.audit.reason
        var table = TableDrawing(rules: rules)
        let inside = grid.frame(
            area, title: title(state.audit, shown: entries.count),
            trailer: reason == nil ? chain(state.audit.chain, glyphs) : [],
            footer: table.footer(scroll, in: area, glyphs),
            isFocused: state.overlay == nil && !state.audit.isExpanded)
        table.rows = scroll.range.map { place in
            row(entries[place], state, isCurrent: place == current, glyphs)
        }
        table.firstPlace = scroll.first
        table.draw(in: inside, on: &grid)
        if entries.isEmpty {
            let words =
                reason ?? (state.audit.text.isEmpty ? "nothing has been recorded" : "no entry matches the filter")
            grid.write([Span(words, .dim)], in: inside.dropFirst(1 + (inside.rows - 1) / 3).row(0), align: .center)
        }
    }

    private static let rules = [
        ColumnRule(title: "", minimum: 1, maximum: 1),
        ColumnRule(title: "TIME", minimum: 11, maximum: 11),
        ColumnRule(title: "ACTOR", minimum: 10, maximum: 24, drop: 2),
        ColumnRule(title: "ACTION", minimum: 8, maximum: 8),
        ColumnRule(title: "TARGET", minimum: 14, maximum: 34),
        ColumnRule(title: "COUNT", alignment: .trailing, minimum: 6, maximum: 9, drop: 3),
        ColumnRule(title: "RESULT", minimum: 12, maximum: 44, drop: 1),
        ColumnRule(title: "REASON", minimum: 8, maximum: 80, drop: 4),
    ]

    private static func title(_ audit: AuditLog, shown: Int) -> [Span] {
        var spans = [Span("Audit ", .title), Span(Format.count(shown))]
        if let last = audit.entries.last?.number, Int(last) != shown {
            spans.append(Span(" of \(Format.count(Int(last)))", .dim))
        }
        if !audit.text.isEmpty { spans += [.space(3), Span("filter ", .dim), Span(audit.text, .match)] }
        return spans
    }

    static func chain(_ chain: AuditLog.Chain, _ glyphs: GlyphSet) -> [Span] {
        switch chain {
        case .unread: [Span("chain not read yet", .dim)]
        case .empty: [Span("nothing to verify", .dim)]
        case .verified(let last): [Span("\(glyphs.done) chain verified through \(Format.count(Int(last)))", .flashInfo)]
        case .broken(let number): [Span("\(glyphs.ended) chain BROKEN at \(Format.count(Int(number)))", .flashError)]
        }
    }

    private static func row(
        _ entry: AuditEntry, _ state: State, isCurrent: Bool, _ glyphs: GlyphSet
    ) -> TableDrawing.Row {
        let isBroken = state.audit.chain == .broken(at: entry.number)
        let isToday = Format.day(entry.at) == Format.day(state.now.wall)
        return TableDrawing.Row(
            cells: [
                Span(isBroken ? glyphs.ended : " ", .flashError),
                Span(isToday ? Format.clock(entry.at) : Format.dayAndMinute(entry.at)),
                Span(entry.actor),
                Span(word(entry.action), role(entry.action)), Span(target(of: entry)),
                Span(Format.count(entry.count)),
                Span(entry.result.isEmpty ? glyphs.unknown : Format.recorded(entry.result)),
                entry.reason.map { Span($0) } ?? Span(glyphs.unknown, .dim),
            ], overlay: isCurrent ? .cursor : nil)
    }

    static func word(_ action: AuditAction) -> String {
        action == .dryRun ? "dry-run" : action == .cutoff ? "cut-off" : action.rawValue
    }

    /// What an entry was for: a count as elsewhere, a name as it is.
    private static func target(of entry: AuditEntry) -> String {
        let isCount = [" sessions", " audit entries"].contains { entry.target.hasSuffix($0) }
        return isCount ? Format.recorded(entry.target) : entry.target
    }

    private static func role(_ action: AuditAction) -> Role {
        switch action {
        case .revoke, .cutoff, .deny, .reuse: .danger
        case .reveal, .export, .steer: .flashWarn
        case .extend, .dryRun, .reseal: .text
        }
    }

    private static func drawDetail(_ entry: AuditEntry, _ state: State, in area: Rect, on grid: inout Grid) {
        let inside = grid.frame(area, title: title(of: entry))
        var lines = facts(of: entry, state, grid.glyphs)
        if inside.rows < lines.count { lines.removeAll { !["result", "why"].contains($0.label) } }
        if let told = state.audit.outcomes, told.number == entry.number, !told.first.isEmpty {
            lines.append(("sessions", outcomes(Array(told.first.prefix(AuditLog.outcomeLimit)), of: entry)))
        }
        let text = inside.inset(columns: 1, rows: 0)
        grid.write([Span].labelled(lines, in: text.size), in: text)
    }

    static func title(of entry: AuditEntry) -> [Span] {
        [Span("Entry ", .title), Span(Format.count(Int(entry.number)))]
    }

    /// What an entry says.
    static func facts(
        of entry: AuditEntry, _ state: State, _ glyphs: GlyphSet
    ) -> [(label: String, value: [Span])] {
        let age = Format.relative(entry.at, to: state.now.wall)
        return [
            ("when", [Span("\(Format.day(entry.at)) \(Format.clock(entry.at))Z, \(age)")]),
            ("who", [Span(entry.actor)]), ("what", [Span("\(word(entry.action)) \(target(of: entry))")]),
            ("result", [Span(Format.recorded(entry.result))]), ("why", [Span(entry.reason ?? glyphs.unknown)]),
            ("previous", [Span(Hex.encode(entry.previous))]), ("hash", [Span(Hex.encode(entry.hash))]),
        ]
    }

    /// Each session with what became of it.
    private static func outcomes(_ outcomes: [AuditOutcome], of entry: AuditEntry) -> [Span] {
        let spans = outcomes.flatMap { [Span("\($0.id.handle) "), Span("\(Job.words($0.word))  ", .dim)] }
        let left = entry.count - outcomes.count
        return left > 0 ? spans + [Span("and \(Format.count(left)) more", .dim)] : spans
    }
}
