public import Sessions

/// Marks belong to rows, by id: a mark stays where its row is hidden, and goes with it.
extension SessionTable {
    /// Whether a row is marked, shown or not.
    public func isMarked(_ id: IDHash) -> Bool {
        columns.slot(of: id).map { columns.flags[Int($0)].contains(.marked) } ?? false
    }

    /// Marks a row, or takes its mark away; without effect where it isn't held.
    mutating func setMark(_ id: IDHash, to isMarked: Bool) {
        guard let slot = columns.slot(of: id) else { return }
        setMark(slot, to: isMarked)
    }

    /// Marks the rows at some places of the order.
    mutating func mark(_ places: Range<Int>) {
        for slot in shown[places.clamped(to: shown.indices)] { setMark(slot, to: true) }
    }

    /// Takes all marks away.
    mutating func clearMarks() {
        for place in columns.flags.indices { columns.flags[place].remove(.marked) }
    }

    /// How many rows are marked, and how many of them the list doesn't show.
    var markCounts: (all: Int, hidden: Int) {
        var (all, hidden) = (0, 0)
        for place in columns.flags.indices where columns.flags[place].contains(.marked) {
            all += 1
            if !matched.contains(SessionColumns.Slot(place)) { hidden += 1 }
        }
        return (all, hidden)
    }

    /// The marked sessions, shown or not.
    public var marks: Set<IDHash> { Set(markedSlots.map { columns.ids[Int($0)] }) }

    /// The marked rows: those that are shown, in their order; then the hidden ones, by id.
    var markedSlots: [SessionColumns.Slot] {
        let hidden = columns.flags.indices.lazy.map { SessionColumns.Slot($0) }
            .filter { columns.flags[Int($0)].contains(.marked) && !matched.contains($0) }
        return shown.filter { columns.flags[Int($0)].contains(.marked) } + columns.sortedByID(Array(hidden))
    }

    private mutating func setMark(_ slot: SessionColumns.Slot, to isMarked: Bool) {
        if isMarked { columns.flags[Int(slot)].insert(.marked) } else { columns.flags[Int(slot)].remove(.marked) }
    }
}
