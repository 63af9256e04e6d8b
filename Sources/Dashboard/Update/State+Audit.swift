internal import Screen
internal import Sessions

extension State {
    mutating func take(_ entries: [AuditEntry]) {
        guard !polling.isPaused else { return }
        audit.add(entries)
        // More is waiting: a log is read to its end before one rests.
        if entries.count >= AuditLog.pageSize { polling.due = now.monotonic }
    }

    /// Asks what became of the sessions of the entry under the cursor: one question at a time, however fast it moves, and
    /// for no more of them than are scrolled to.
    mutating func readOutcomes() -> [Effect] {
        guard case .audit = navigation.place, audit.outcomes?.isAwaited != true, let entry = audit.current,
            entry.count > 0
        else { return [] }
        guard let told = audit.outcomes, told.number == entry.number else {
            audit.outcomes = AuditLog.Outcomes(number: entry.number)
            return [.loadOutcomes(entry.number)]
        }
        guard let next = told.next, let (enlarged, rows) = enlargedEntry,
            told.first.count < enlarged.sessionsNeeded(from: audit.entryTop, rows: rows)
        else { return [] }
        audit.outcomes?.isAwaited = true
        return [.loadOutcomes(entry.number, after: next)]
    }

    mutating func take(_ outcomes: [AuditOutcome], next: Int64?, of number: Int64) {
        guard var told = audit.outcomes, told.number == number, told.isAwaited else { return }
        told.isAwaited = false
        told.first += outcomes
        told.next = outcomes.isEmpty ? nil : next
        audit.outcomes = told
    }

    /// The entry of the log that takes the keys, and how many rows it has; `nil`: none is opened.
    var enlargedEntry: (entry: EnlargedEntry, rows: Int)? {
        guard case .audit = navigation.place else { return nil }
        return AuditView.enlarged(self, in: viewArea, .unicode)
    }
}

extension AuditLog {
    /// The entry under the cursor.
    var current: AuditEntry? { shown.indices.contains(cursorPlace) ? shown[cursorPlace] : nil }

    /// The number to ask after: a broken chain is read on, but never mended.
    var nextAfter: Int64 { entries.last?.number ?? 0 }

    /// Picks the entries that match.
    mutating func select() {
        let needle = text.lowercased()
        shown = entries.reversed().filter { needle.isEmpty || $0.contains(needle) }
    }

    /// The place of the entry under the cursor among those shown.
    public var cursorPlace: Int { cursor.flatMap { number in shown.firstIndex { $0.number <= number } } ?? 0 }

    mutating func moveCursor(to place: Int) {
        // The newest is followed, not held, but for one that is read.
        cursor = (place > 0 || isExpanded) && shown.indices.contains(place) ? shown[place].number : nil
        entryTop = 0
    }

    /// Opens the entry under the cursor, or closes it.
    mutating func toggleExpanded() {
        isExpanded.toggle()
        moveCursor(to: cursorPlace)
    }

    /// Verifies that new entries follow the last, and keeps the newest of them.
    mutating func add(_ new: [AuditEntry]) {
        guard !new.isEmpty else { return }
        for entry in new where entry.number > nextAfter {
            verify(entry)
            entries.append(entry)
        }
        if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
        select()
    }

    /// The log was read to its end.
    mutating func noteRead() {
        if chain == .unread { chain = .empty }
    }

    private mutating func verify(_ entry: AuditEntry) {
        if case .broken = chain { return }
        chain = entry.follows(entries.last) ? .verified(through: entry.number) : .broken(at: entry.number)
    }
}

extension AuditEntry {
    /// Whether a text in lower case stands anywhere in it.
    fileprivate func contains(_ needle: String) -> Bool {
        [actor, action.rawValue, target, result, reason ?? ""].contains { $0.lowercased().contains(needle) }
    }
}
