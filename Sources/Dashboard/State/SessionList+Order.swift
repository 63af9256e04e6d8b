internal import Sessions

extension SessionList {
    /// How many rows are listed.
    public var count: Int { table.count }

    /// Takes rows in.
    mutating func apply(_ rows: [SessionRow], removed: [IDHash] = [], at now: Timestamp) {
        keepingOffset {
            $0.table.apply(rows: rows, removed: removed, at: now)
            $0.settle()
        }
    }

    /// Shows what the scope and the filter ask for.
    mutating func show(_ filter: FilterInput, in scope: Scope? = nil) {
        self.filter = filter
        self.scope = scope ?? self.scope
        forgetWidths()
        table.show(filter.filter.map { self.scope.narrow($0) })
        settle()
    }

    /// Puts the rows in another order; the cursor stays on its row.
    mutating func sort(by sort: SessionSort) {
        release()
        table.sort(by: sort)
        settle()
    }

    /// Keeps the rows where they are for a while.
    mutating func hold(until moment: MonotonicInstant) {
        if heldUntil == nil { table.holdStill(true) }
        heldUntil = moment
    }

    /// Lets the rows go where they belong.
    mutating func release() {
        guard heldUntil != nil else { return }
        heldUntil = nil
        keepingOffset {
            $0.table.holdStill(false)
            $0.settle()
        }
    }

    /// The cursor follows its row; where that has gone, it is on the row that took its place.
    ///
    /// As long as the operator has not chosen a row, it is on the first one, whichever that is.
    mutating func settle() {
        cursorPlace = hasMoved ? cursorRow.flatMap { table.place(of: $0) } ?? 0 : 0
        if !hasMoved { top = 0 }
        cursor = table.id(at: cursorPlace)
        // Where nothing is listed, the row is kept in mind: it comes back with the others.
        if let row = table.row(at: cursorPlace) { cursorRow = row }
        countMarks()
    }

    /// Counts the marks; a mark whose row is no longer held went with it.
    mutating func countMarks() {
        (markCount, hiddenMarkCount) = table.markCounts
        if let start = rangeStart, !table.shows(start) { rangeStart = nil }
    }

    /// Moves the cursor to a place; beyond the ends to the first or last row.
    mutating func moveCursor(to place: Int) {
        hasMoved = true
        cursorPlace = min(max(place, 0), max(0, count - 1))
        cursor = table.id(at: cursorPlace)
        if let row = table.row(at: cursorPlace) { cursorRow = row }
    }

    /// Moves the cursor to a session, where it is listed.
    mutating func moveCursor(to id: IDHash?) {
        guard let id, let row = table.row(of: id) else { return }
        hasMoved = true
        cursorRow = row
        settle()
    }

    /// Rows come and go above the cursor: its row keeps its place on the screen.
    private mutating func keepingOffset(_ change: (inout SessionList) -> Void) {
        let offset = cursorPlace - top
        let wasAtTop = cursorPlace == 0
        change(&self)
        if !wasAtTop || cursorPlace != 0 { top = max(0, cursorPlace - offset) }
    }
}

extension SessionList.Scope {
    /// A filter within the scope.
    func narrow(_ filter: Filter) -> Filter {
        switch self {
        case .all: filter
        case .user(let name): filter.narrowed(toUser: name)
        case .node(let name): filter.narrowed(toNode: name)
        }
    }
}
