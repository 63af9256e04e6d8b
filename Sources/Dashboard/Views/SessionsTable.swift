internal import Screen
internal import Sessions

/// The rows of sessions that are on the screen, as a table.
struct SessionsTable {
    private let state: State
    private let glyphs: GlyphSet
    private let width: Int
    /// What is looked for; `nil`: nothing.
    private let needle: TextNeedle?

    init(state: State, glyphs: GlyphSet, width: Int) {
        (self.state, self.glyphs, self.width) = (state, glyphs, width)
        needle = state.list.find.text.isEmpty ? nil : TextNeedle(state.list.find.text)
    }

    /// The sessions at these places of the order.
    func table(_ places: Range<Int>) -> TableDrawing {
        let columns = shownColumns
        var table = TableDrawing(rules: [marks] + columns.map { $0.rule(isWide: isWide) })
        let sort = state.list.table.sort
        table.sort = ([.state] + columns).firstIndex(of: sort.column).map {
            ($0, sort.isHeadingDescending ? glyphs.descending : glyphs.ascending)
        }
        table.rows = places.compactMap { place in state.list.table.row(at: place).map { row($0, columns) } }
        table.firstPlace = places.lowerBound
        table.scrolledOff = scrolledOff.count
        table.widest = [0] + columns.map { state.list.widest[$0] }
        return table
    }

    private var isWide: Bool { width >= 116 }

    private var showsWord: Bool { isWide && !state.list.hiddenColumns.contains(.state) }

    /// The mark and the state: never scrolled away, never dropped.
    private var marks: ColumnRule {
        var rule = SessionColumn.state.rule(isWide: showsWord)
        rule.title = showsWord ? "    \(rule.title)" : ""
        return rule
    }

    private var scrolledOff: ArraySlice<SessionColumn> {
        state.list.scrollableColumns.prefix(max(0, state.list.leftColumn))
    }

    /// The columns that the operator wants to see, less those scrolled off to the left.
    private var shownColumns: [SessionColumn] {
        let scrolledOff = scrolledOff
        return SessionColumn.arranged.filter {
            !state.list.hiddenColumns.contains($0) && !scrolledOff.contains($0)
        }
    }

    private func row(_ row: SessionRow, _ columns: [SessionColumn]) -> TableDrawing.Row {
        let standing = SessionStanding(row, at: state.now.wall, knowsDeadlines: state.knowsDeadlines)
        let isMarked = state.list.table.isMarked(row.id)
        let isCurrent = state.list.cursor == row.id
        let sign = "\(isMarked ? glyphs.mark : " ") \(standing.sign(glyphs))\(showsWord ? " \(standing.word)" : "")"
        let cells = columns.map { cell($0, row, standing) }
        return TableDrawing.Row(
            cells: [Span(sign, standing.role)] + cells,
            overlay: isCurrent ? (isMarked ? .markCursor : .cursor) : isMarked ? .mark : standing.hasEnded ? .gone : nil
        )
    }

    private func cell(_ column: SessionColumn, _ row: SessionRow, _ standing: SessionStanding) -> Span {
        switch column {
        case .handle: found(Span("\(row.id.handle)"), in: "\(row.id.handle)")
        case .user: found(state.owner(row.user, glyphs), in: row.user)
        case .ip: found(text(row.ip), in: row.ip)
        case .ttl: standing.timeLeft(glyphs)
        case .idle: ago(row.seen)
        case .created: ago(row.created)
        case .node: text(row.node)
        case .pinned: pin(row)
        case .agent: found(text(row.agent.map { AgentSummary($0).text }), in: row.agent)
        case .size: text(row.byteCount.map { Format.bytes($0) })
        case .state: Span(standing.word, standing.role)
        }
    }

    /// A cell, marked where the text that it stands for holds what is looked for: a summary needn't hold it itself.
    private func found(_ cell: Span, in text: String?) -> Span {
        guard let needle, let text, needle.isPart(of: text) else { return cell }
        return Span(cell.text, .match)
    }

    /// Where a balancer sends it, and what is wrong with that.
    private func pin(_ row: SessionRow) -> Span {
        guard let pin = row.pin else { return Span(glyphs.unknown, .dim) }
        let node = pin.node ?? "none"
        guard let trouble = row.pinTrouble(at: state.now.wall) else { return Span(node) }
        return Span("\(glyphs.warning) \(node)", trouble == .unknown ? .stateAnomalous : .flashWarn)
    }

    private func ago(_ moment: Timestamp?) -> Span {
        text(moment.map { Format.span(max(.zero, state.now.wall - $0)) })
    }

    private func text(_ text: String?) -> Span { text.map { Span($0) } ?? Span(glyphs.unknown, .dim) }
}
