public import Sessions

extension SessionTable {
    /// Shows what a filter asks for; `nil` shows nothing, because a text that is no filter matches nothing.
    ///
    /// Where ``lacksEnded`` is true afterwards and the filter mentions states, read all rows again.
    public mutating func show(_ filter: Filter?) {
        let keptEnded = self.filter?.mentionsState ?? false
        self.filter = filter
        if keptEnded, !(filter?.mentionsState ?? false) { dropAllEnded() }
        match()
    }

    /// Puts the rows in another order.
    public mutating func sort(by sort: SessionSort) {
        self.sort = sort
        arrange()
    }

    /// Keeps the rows where they are, whatever changes, while somebody is choosing one; or lets them go again.
    ///
    /// Rows that are removed still go, and new ones come where they belong.
    public mutating func holdStill(_ isHeld: Bool) {
        isHeldStill = isHeld
        if !isHeld, isDisordered { arrange() }
    }

    /// Whether the order isn't quite what ``sort`` says, because rows are held still.
    public var isOrderStale: Bool { isDisordered }

    /// Sorts everything anew.
    private mutating func arrange() {
        order = columns.sorted(by: sort)
        isDisordered = false
        collect()
    }

    /// Asks the filter of every row.
    private mutating func match() {
        guard let filter else {
            matched = SlotSet(capacity: columns.bound)
            return collect()
        }
        let everyState = filter.mentionsState
        var visible = SlotSet(below: columns.bound) { place in
            let flags = columns.flags[place]
            return flags.contains(.used) && (everyState || flags.standing == .live || flags.contains(.lingering))
        }
        if !filter.isEverything {
            visible.formIntersection(
                columns.matching(filter.expression, SessionColumns.FilterContext(now: now, layout: layout)))
        }
        matched = visible
        collect()
    }

    /// Picks the matching rows out of the order.
    private mutating func collect() {
        guard filter != nil else {
            shown = []
            return
        }
        shown.removeAll(keepingCapacity: true)
        shown.growGently(to: min(order.count, shown.capacity + order.count / 4))
        for slot in order where matched.contains(slot) {
            shown.growGently()
            shown.append(slot)
        }
    }

    /// Repairs the order and what is shown after changes.
    mutating func repair(_ touched: Touched, isNewMoment: Bool) {
        let mustMatchAll = isNewMoment && filter?.dependsOnTime ?? false
        guard !touched.slots.isEmpty || mustMatchAll else { return }
        if touched.slots.isEmpty {
            // Nothing moved; only the filter has to be asked again.
        } else if isHeldStill {
            holdOrder(touched)
        } else if touched.slots.count > order.count / 8 + 64 {
            order = columns.sorted(by: sort)
            isDisordered = false
        } else {
            mendOrder(moving: touched.slots) { touched.contains($0) }
        }
        compactIfSparse()
        if mustMatchAll || touched.slots.count > columns.bound / 16 + 64 || matched.words.isEmpty {
            match()
        } else {
            for slot in touched.slots { matched.set(slot, to: matches(slot)) }
            collect()
        }
    }

    /// Takes rows out of the order, and puts those that are still there where they belong.
    private mutating func mendOrder(
        moving slots: [SessionColumns.Slot], leaving isLeaving: (SessionColumns.Slot) -> Bool
    ) {
        let kept = order.filter { !isLeaving($0) }
        let precedes = columns.comparison(sort)
        let coming = slots.filter { columns.flags[Int($0)].contains(.used) }.sorted(by: precedes)
        var mended: [SessionColumns.Slot] = []
        mended.reserveCapacity(kept.count + coming.count)
        var start = 0
        for slot in coming {
            let place = kept.firstPlace(from: start) { !precedes($0, slot) }
            mended.append(contentsOf: kept[start..<place])
            mended.append(slot)
            start = place
        }
        mended.append(contentsOf: kept[start...])
        order = mended
    }

    /// The same, but rows that changed stay where they are.
    private mutating func holdOrder(_ touched: Touched) {
        let known = touched.slots.filter { !touched.vacated.contains($0) }
        var old = SlotSet(capacity: columns.bound)
        for slot in order { old.set(slot, to: true) }
        isDisordered = isDisordered || known.contains(where: old.contains)
        let coming = touched.slots.filter { touched.vacated.contains($0) || !old.contains($0) }
        mendOrder(moving: coming) { touched.vacated.contains($0) }
    }

    private func matches(_ slot: SessionColumns.Slot) -> Bool {
        let flags = columns.flags[Int(slot)]
        guard let filter, flags.contains(.used) else { return false }
        guard filter.mentionsState || flags.standing == .live || flags.contains(.lingering) else { return false }
        return filter.isEverything || filter.matches(columns.row(slot), at: now, layout: layout)
    }

    /// Drops ended rows that nobody asks for any more.
    private mutating func dropAllEnded() {
        var touched = Touched(bound: columns.bound)
        for place in 0..<columns.bound {
            let flags = columns.flags[place]
            guard flags.contains(.used), flags.standing != .live, !flags.contains(.lingering) else { continue }
            columns.remove(SessionColumns.Slot(place))
            touched.vacate(SessionColumns.Slot(place))
            lacksEnded = true
        }
        order.removeAll { touched.contains($0) }
        compactIfSparse()
    }

    /// Gives back memory when most slots are free.
    private mutating func compactIfSparse() {
        guard columns.bound > 16_384, columns.count < columns.bound / 4 else { return }
        let bound = columns.bound
        let kept = columns.compact()
        var map: [SessionColumns.Slot] = Array(repeating: 0, count: bound)
        for (new, old) in kept.enumerated() { map[Int(old)] = SessionColumns.Slot(new) }
        order = order.map { map[Int($0)] }
        matched = SlotSet(capacity: 0)
    }
}

extension Array {
    /// Makes room for so many, if there isn't.
    mutating func growGently(to count: Int) {
        if count > capacity { reserveCapacity(count) }
    }
}

extension Array where Element == SessionColumns.Slot {
    /// The first place from a start on at which a test holds, in an array where it holds from some place on.
    func firstPlace(from start: Int, where isThere: (Element) -> Bool) -> Int {
        var (low, high) = (start, count)
        while low < high {
            let middle = (low + high) / 2
            if isThere(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
