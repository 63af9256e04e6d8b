internal import Sessions

/// Questions about the live rows that are held, whether the list shows them or not.
///
/// Each is one walk over a few columns: texts are compared by their numbers.
extension SessionTable {
    /// Whether a session is held and live.
    func isLive(_ id: IDHash) -> Bool {
        columns.slot(of: id).map { columns.flags[Int($0)].standing == .live } ?? false
    }

    /// Whether a row is live at a moment: its deadline may have come since the rows were last put in order.
    func isLive(_ slot: SessionColumns.Slot, at now: Timestamp) -> Bool {
        let deadline = columns.deadline(Int(slot))
        return columns.flags[Int(slot)].standing == .live && (deadline == .max || deadline > now.milliseconds)
    }

    /// How many live sessions are held.
    var liveCount: Int { livePlaces.reduce(0) { count, _ in count + 1 } }

    /// The live sessions that a filter matches.
    func live(matching filter: Filter) -> SlotSet {
        var live = SlotSet(below: columns.bound) { isLive($0) }
        guard !filter.isEverything else { return live }
        live.formIntersection(
            columns.matching(filter.expression, SessionColumns.FilterContext(now: now, layout: layout)))
        return live
    }

    /// Rows in the order of their ids.
    func sortedByID(_ slots: SlotSet) -> [SessionColumns.Slot] { columns.sortedByID(slots.members) }

    /// The live sessions whose handle begins so: two tell that it is ambiguous.
    func liveIDs(matching prefix: HandlePrefix) -> [IDHash] {
        Array(livePlaces.map { columns.ids[$0] }.filter { prefix.matches($0) }.prefix(2))
    }

    /// Live sessions by the node that served them last.
    var liveCountsByNode: [String: Int] {
        var counts = Array(repeating: 0, count: columns.nodes.bound)
        for place in livePlaces { counts[Int(columns.nodeNumbers[place])] += 1 }
        return counts.indices.reduce(into: [:]) { result, number in
            guard counts[number] > 0, let name = columns.nodes.text(Interner.Number(number)) else { return }
            result[name] = counts[number]
        }
    }

    /// What a dialog says of a set of sessions: by node, the most first, how many users they belong to, and how many
    /// of them the list shows.
    func tally(_ slots: [SessionColumns.Slot]) -> (nodes: [FrozenSet.NodeCount], users: Int, shown: Int) {
        var counts = Array(repeating: 0, count: columns.nodes.bound)
        var known = SlotSet(capacity: columns.users.bound)
        var (users, shown) = (0, 0)
        for slot in slots {
            counts[Int(columns.nodeNumbers[Int(slot)])] += 1
            if known.insert(columns.userNumbers[Int(slot)]) { users += 1 }
            if matched.contains(slot) { shown += 1 }
        }
        let nodes = counts.indices.filter { counts[$0] > 0 }
            .sorted { (counts[$1], $0) < (counts[$0], $1) }
            .prefix(FrozenSet.nodeLimit)
            .map { FrozenSet.NodeCount(node: columns.nodes.text(Interner.Number($0)), count: counts[$0]) }
        return (nodes, users, shown)
    }

    /// The next listed row that holds a text, once round the list from a place on; `nil`: there is none.
    func find(_ text: String, from start: Int, by step: Int) -> Int? {
        let pattern = TextPattern(part: [Array(text.utf8)])
        let matches = columns.matching(
            .term(.word(pattern)), SessionColumns.FilterContext(now: now, layout: layout))
        var place = start
        for _ in shown.indices {
            if place < 0 { place = shown.count - 1 }
            if place >= shown.count { place = 0 }
            if matches.contains(shown[place]) { return place }
            place += step
        }
        return nil
    }

    /// The places of the live rows in the columns.
    private var livePlaces: some Sequence<Int> {
        columns.flags.indices.lazy.filter { columns.flags[$0].contains(.used) && columns.flags[$0].standing == .live }
    }
}
