internal import Screen
internal import Sessions

extension State {
    /// Moves the cursor, or scrolls where there is none.
    mutating func move(_ id: CommandID) -> [Effect] {
        let page = enlargedEntry.map { max(1, $0.rows) } ?? visibleRows
        switch id {
        case .moveDown: return move(by: 1)
        case .moveUp: return move(by: -1)
        case .halfPageDown: return scroll(by: max(1, page / 2))
        case .halfPageUp: return scroll(by: -max(1, page / 2))
        case .pageDown: return scroll(by: page)
        case .pageUp: return scroll(by: -page)
        case .top: return scroll(by: -.max)
        case .bottom: return scroll(by: .max)
        default: return []
        }
    }

    /// In detail, a page scrolls the text and a step goes to the next session; of an opened entry of the audit log both
    /// scroll the text; elsewhere both move the cursor.
    mutating func scroll(by distance: Int) -> [Effect] {
        guard case .inspect = navigation.place else { return move(by: distance) }
        inspector.top = inspector.top.moved(by: distance, below: Inspector.lineLimit)
        return []
    }

    private mutating func move(by distance: Int) -> [Effect] {
        guard let (entry, rows) = enlargedEntry else {
            return moveCursor { place, count in place.moved(by: distance, below: count) }
        }
        let last = max(0, entry.height - rows)
        audit.entryTop = min(audit.entryTop, last).moved(by: distance, below: last + 1)
        return []
    }

    /// Moves the cursor to a place in what is listed.
    mutating func moveCursor(to wanted: Int) -> [Effect] {
        moveCursor { _, count in wanted.moved(by: 0, below: count) }
    }

    private mutating func moveCursor(_ next: (_ place: Int, _ count: Int) -> Int) -> [Effect] {
        switch navigation.place {
        case .sessions, .inspect:
            list.moveCursor(to: next(list.cursorPlace, list.count))
            list.hold(until: now.monotonic + SessionList.holdTime)
            return followWithInspector()
        case .users: users.moveCursor(to: next(users.cursorPlace, users.shown.count))
        case .nodes: fleet.moveCursor(to: next(fleet.cursorPlace, fleet.nodes.count))
        case .audit: audit.moveCursor(to: next(audit.cursorPlace, audit.shown.count))
        case .result(let job): resultPlace = next(resultPlace, jobs[job]?.lines.count ?? 0)
        case .stats:
            let places = max(0, StatsView.height(self, columns: size.columns) - visibleRows) + 1
            statisticsTop = next(min(statisticsTop, places - 1), places)
        }
        return []
    }

    /// Where detail is open, it shows the session that the cursor was moved to.
    mutating func followWithInspector() -> [Effect] {
        guard let id = list.cursor else { return [] }
        if case .inspect(let shown) = navigation.place {
            guard shown != id else { return [] }
            let depth = navigation.stack.count
            navigation.stack[depth - 1] = Visit(.inspect(id))
            // Whoever goes back finds the cursor on the session that was read last.
            if depth > 1 { navigation.stack[depth - 2].cursor = id }
            return inspect(id)
        }
        return isPaneShown && inspector.id != id ? inspect(id) : []
    }

    mutating func toggleFollow() {
        list.isFollowing.toggle()
        say(list.isFollowing ? "following \(list.cursor.map { "s:\($0)" } ?? "")" : "no longer following")
    }
}

extension Int {
    /// A place so far on, within a list of so many; it saturates.
    func moved(by distance: Int, below count: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(distance)
        return Swift.min(Swift.max(overflow ? (distance < 0 ? 0 : .max) : sum, 0), Swift.max(0, count - 1))
    }
}
