public import Sessions

extension SessionTable {
    /// What a set of changes touched.
    struct Touched {
        /// The slots that were written, each once.
        private(set) var slots: [SessionColumns.Slot] = []
        /// Those among them whose row went, whether another moved in or not.
        private(set) var vacated: SlotSet
        private var members: SlotSet

        init(bound: Int) {
            vacated = SlotSet(capacity: bound)
            members = SlotSet(capacity: bound)
        }

        mutating func insert(_ slot: SessionColumns.Slot) {
            if members.insert(slot) { slots.append(slot) }
        }

        mutating func vacate(_ slot: SessionColumns.Slot) {
            insert(slot)
            vacated.set(slot, to: true)
        }

        func contains(_ slot: SessionColumns.Slot) -> Bool { members.contains(slot) }
    }

    /// Takes in what a store told: rows new or changed, and rows that were removed; and what time has done since.
    ///
    /// The order is repaired where it was touched.
    ///
    /// - Parameters:
    ///   - rows: rows as they are now, by id; ended ones too.
    ///   - removed: rows that are no more.
    ///   - now: the moment that the rows stand at from here on.
    public mutating func apply(
        rows: some Sequence<SessionRow>, removed: some Sequence<IDHash> = EmptyCollection<IDHash>(),
        at now: Timestamp
    ) {
        var touched = Touched(bound: columns.bound)
        let isNewMoment = now != self.now
        self.now = now
        for row in rows { upsert(row, &touched) }
        for id in removed { remove(id, &touched) }
        if isNewMoment { age(&touched) }
        repair(touched, isNewMoment: isNewMoment)
    }

    /// Lets time pass: what has reached its deadline ends, what ended long enough ago goes, and the filter is asked
    /// again where it depends on time.
    public mutating func advance(to now: Timestamp) {
        apply(rows: EmptyCollection<SessionRow>(), at: now)
    }

    /// Forgets every row; filter and order stay.
    public mutating func removeAll() {
        columns = SessionColumns()
        order = []
        shown = []
        matched = SlotSet(capacity: 0)
        endings = [:]
        leftOut = false
        lacksEnded = false
        isScanning = false
    }

    /// Begins to read all rows again: apply the pages, then call ``endScan(at:)``.
    public mutating func beginScan() {
        for place in columns.flags.indices { columns.flags[place].remove(.met) }
        isScanning = true
        leftOut = false
        if filter?.mentionsState ?? false { lacksEnded = false }
    }

    /// Ends the reading of all rows: those that weren't met since it began are no more.
    ///
    /// Without ``beginScan()`` it does nothing.
    public mutating func endScan(at now: Timestamp) {
        guard isScanning else { return }
        isScanning = false
        let missing = columns.flags.indices.filter {
            columns.flags[$0].contains(.used) && columns.flags[$0].isDisjoint(with: [.met, .lingering])
        }
        apply(rows: EmptyCollection<SessionRow>(), removed: missing.map { columns.ids[$0] }, at: now)
    }

    private var keepsEnded: Bool { filter?.mentionsState ?? false }

    private mutating func upsert(_ row: SessionRow, _ touched: inout Touched) {
        let standing = row.standing(at: now)
        guard let slot = columns.slot(of: row.id) else { return insert(row, standing, &touched) }
        columns.flags[Int(slot)].insert(.met)
        if columns.update(row, at: slot) { touched.insert(slot) }
        restate(slot, standing, &touched)
    }

    private mutating func insert(_ row: SessionRow, _ standing: SessionState, _ touched: inout Touched) {
        guard standing == .live || keepsEnded else {
            lacksEnded = true
            return
        }
        guard columns.count < capacity else {
            leftOut = true
            return
        }
        let slot = columns.insert(row)
        columns.flags[Int(slot)].insert(.met)
        columns.flags[Int(slot)].standing = standing
        touched.insert(slot)
    }

    private mutating func remove(_ id: IDHash, _ touched: inout Touched) {
        guard let slot = columns.slot(of: id) else { return }
        if columns.flags[Int(slot)].contains(.lingering) { endings[id] = nil }
        columns.remove(slot)
        touched.vacate(slot)
    }

    /// Notes how a row stands from now on; one that ends begins to linger, one that came back stops.
    private mutating func restate(
        _ slot: SessionColumns.Slot, _ standing: SessionState, _ touched: inout Touched
    ) {
        let old = columns.flags[Int(slot)].standing
        guard old != standing else { return }
        columns.flags[Int(slot)].standing = standing
        if standing == .live {
            columns.flags[Int(slot)].remove(.lingering)
            endings[columns.ids[Int(slot)]] = nil
        } else if old == .live {
            columns.flags[Int(slot)].insert(.lingering)
            endings[columns.ids[Int(slot)]] = now
        }
        touched.insert(slot)
    }

    /// What time does to rows.
    private mutating func age(_ touched: inout Touched) {
        for place in 0..<columns.bound where columns.flags[place].state == .live {
            guard columns.flags[place].contains(.used) else { continue }
            let isOver = columns.deadline(place) <= now.milliseconds && columns.deadline(place) != .max
            restate(SessionColumns.Slot(place), isOver ? .expired : .live, &touched)
        }
        dropEnded(&touched)
    }

    /// Drops the rows that have lingered long enough.
    private mutating func dropEnded(_ touched: inout Touched) {
        let expired = endings.keys.count { columns.slot(of: $0).map { columns.flags[Int($0)].standing } == .expired }
        for (id, since) in endings {
            guard now >= since else {
                // The clock was set back: the row's time begins anew, rather than last who knows how long.
                endings[id] = now
                continue
            }
            guard let slot = columns.slot(of: id),
                now - since >= Self.lingering(columns.flags[Int(slot)].standing, expired: expired)
            else { continue }
            endings[id] = nil
            columns.flags[Int(slot)].remove(.lingering)
            if keepsEnded {
                touched.insert(slot)
            } else {
                lacksEnded = true
                remove(id, &touched)
            }
        }
    }
}
