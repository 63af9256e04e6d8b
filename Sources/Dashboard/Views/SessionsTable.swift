internal import Screen
internal import Sessions

/// The rows of sessions that are on the screen, as a table.
struct SessionsTable {
    let state: State
    let glyphs: GlyphSet
    let width: Int

    /// Draws the sessions at these places of the order.
    func draw(_ places: Range<Int>, in area: Rect, on grid: inout Grid) {
        let columns = shownColumns
        var table = TableDrawing(rules: [marks] + columns.map { $0.rule(isWide: isWide) })
        let sort = state.list.table.sort
        table.sort = ([.state] + columns).firstIndex(of: sort.column).map {
            ($0, sort.isHeadingDescending ? glyphs.descending : glyphs.ascending)
        }
        table.rows = places.compactMap { place in state.list.table.row(at: place).map { row($0, columns) } }
        table.draw(in: area, on: &grid)
    }

    private var isWide: Bool { width >= 116 }

    private var showsWord: Bool { isWide && !state.list.hiddenColumns.contains(.state) }

    /// The mark and the state: never scrolled away, never dropped.
    private var marks: ColumnRule {
        var rule = SessionColumn.state.rule(isWide: showsWord)
        rule.title = showsWord ? "    \(rule.title)" : ""
        return rule
    }

    /// The columns that the operator wants to see, less those scrolled off to the left.
    private var shownColumns: [SessionColumn] {
        let scrolledOff = state.list.scrollableColumns.prefix(max(0, state.list.leftColumn))
        return SessionColumn.arranged.filter {
            !state.list.hiddenColumns.contains($0) && !scrolledOff.contains($0)
        }
    }

    private func row(_ row: SessionRow, _ columns: [SessionColumn]) -> TableDrawing.Row {
        let standing = SessionStanding(row, at: state.now.wall)
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
        case .handle: Span("\(row.id.handle)")
        case .user: state.owner(row.user, glyphs)
        case .ip: text(row.ip)
        case .ttl: standing.timeLeft(glyphs)
        case .idle: ago(row.seen)
        case .created: ago(row.created)
        case .node: text(row.node)
        case .pinned: pin(row)
        case .agent: text(row.agent.map { AgentSummary($0).text })
        case .size: text(row.byteCount.map { Format.bytes($0) })
        case .state: Span(standing.word, standing.role)
        }
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
