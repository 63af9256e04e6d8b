internal import Sessions

extension State {
    /// Begins a reading of all rows; those that it doesn't meet are dropped when it is complete.
    mutating func beginLoading() -> [Effect] {
        polling.generation += 1
        polling.nextPage = nil
        polling.loading = list.table.heldCount == 0 ? .waiting : .reading(rows: 0)
        list.table.beginScan()
        // Whoever follows the changes goes on with that.
        guard polling.position != nil else {
            polling.isPageAsked = true
            return [.beginLoading(generation: polling.generation)]
        }
        return [askPage(after: nil)]
    }

    private mutating func askPage(after cursor: RowCursor?) -> Effect {
        polling.isPageAsked = true
        polling.overtaken = []
        return .loadPage(after: cursor, limit: Polling.pageSize, generation: polling.generation)
    }

    mutating func loadingBegan(_ position: ChangePosition?, _ generation: Int) {
        guard generation == polling.generation else { return }
        polling.position = position
    }

    /// Takes a page in, and asks for the next.
    mutating func take(_ page: RowPage, _ generation: Int) -> [Effect] {
        guard generation == polling.generation, polling.loading.isReading else { return [] }
        if !followsChanges { heardOfRows() }
        let before = if case .reading(let rows) = polling.loading { rows } else { 0 }
        polling.isPageAsked = false
        polling.loading = .reading(rows: before + page.rows.count)
        polling.nextPage = page.next
        let rows = polling.overtaken.isEmpty ? page.rows : page.rows.filter { !polling.overtaken.contains($0.id) }
        polling.overtaken = []
        list.apply(rows, at: now.wall)
        endings.note(rows, at: now.wall)
        if page.next == nil { finishLoading() }
        if list.table.leftOut {
            stopLoading(because: "no more than \(Format.count(list.table.capacity)) rows are held")
        }
        afterRows()
        return page.next == nil ? [] : continueLoading()
    }

    /// Asks for the next page where one is due, or for a new reading where that is the only way to see what is new.
    mutating func continueLoading() -> [Effect] {
        guard !polling.isPageAsked, !polling.isPaused else { return [] }
        if polling.loading.isReading {
            guard let next = polling.nextPage else { return beginLoading() }
            return [askPage(after: next)]
        }
        guard polling.loading == .complete, isReadingDue else { return [] }
        return beginLoading()
    }

    /// Whether all rows are to be read again: the filter asks for ended ones that were left out, or the store can't
    /// tell what changed.
    private var isReadingDue: Bool {
        if list.table.lacksEnded, list.filter.filter?.mentionsState ?? false { return true }
        guard !followsChanges, let completed = polling.completed else { return false }
        return now.monotonic - completed >= max(Polling.reloadAfter, polling.interval)
    }

    mutating func loadingFailed(_ reason: String, _ generation: Int) {
        guard generation == polling.generation else { return }
        // Asked for again when the next poll is due.
        polling.isPageAsked = false
        guard followsChanges else { return noteFailure(reason) }
        connection.error = String(reason.prefix(Connection.errorLimit))
    }

    mutating func stopLoading(because reason: String) {
        polling.loading = .partial(rows: list.table.heldCount, because: reason)
        polling.completed = nil
        polling.nextPage = nil
    }

    private mutating func finishLoading() {
        polling.loading = .complete
        polling.completed = now.monotonic
        list.table.endScan(at: now.wall)
        list.settle()
    }

    /// Takes changed rows in, also while all rows are read: no change waits for that.
    mutating func take(_ changes: RowChanges) -> [Effect] {
        guard !polling.isPaused else { return [] }
        polling.position = changes.position
        if changes.mustReload { return beginLoading() }
        if polling.isPageAsked {
            polling.overtaken.formUnion(changes.removed)
            polling.overtaken.formUnion(changes.rows.lazy.map(\.id))
        }
        list.apply(changes.rows, removed: changes.removed, at: now.wall)
        endings.note(changes.rows, at: now.wall)
        polling.news = changes.hasMore ? .more : changes.rows.isEmpty && changes.removed.isEmpty ? .none : .some
        return []
    }

    /// Rows have changed: what is counted from them is counted again where it is shown.
    mutating func afterRows() {
        users.isOutdated = true
        switch navigation.place {
        case .users: countUsersSoon()
        case .nodes, .stats: fleet.sessions = list.table.liveCountsByNode
        default: break
        }
        refreshDrift()
    }
}
