internal import Sessions

extension SessionColumns {
    /// All rows in order.
    func sorted(by sort: SessionSort) -> [Slot] {
        let ranks = ranks(for: sort.column)
        var items: [RadixSort.Item] = []
        items.reserveCapacity(count)
        for place in 0..<bound where flags[place].contains(.used) {
            items.append(RadixSort.Item(key: ids[place].handle.value >> 26, slot: Slot(place)))
        }
        // By the beginning of the id, then by the key: sorting is stable, so ties are almost in order already.
        RadixSort.sort(&items)
        for index in items.indices { items[index].key = key(Int(items[index].slot), sort, ranks) }
        RadixSort.sort(&items)
        settleTies(&items)
        return items.map(\.slot)
    }

    /// Puts rows of equal keys whose ids begin equally in the order of the whole ids.
    private func settleTies(_ items: inout [RadixSort.Item]) {
        var start = 0
        while start < items.count {
            var end = start + 1
            let beginning = ids[Int(items[start].slot)].handle.value >> 26
            while end < items.count, items[end].key == items[start].key,
                ids[Int(items[end].slot)].handle.value >> 26 == beginning
            { end += 1 }
            if end - start > 1 { items[start..<end].sort { ids[Int($0.slot)] < ids[Int($1.slot)] } }
            start = end
        }
    }

    /// Whether one row stands before another.
    func precedes(_ a: Slot, _ b: Slot, _ sort: SessionSort) -> Bool { precedes(a, b, in: self, sort) }

    /// Whether a row stands before one of other columns.
    private func precedes(_ a: Slot, _ b: Slot, in others: SessionColumns, _ sort: SessionSort) -> Bool {
        switch sort.column {
        case .user, .ip, .agent, .node:
            let order = compareTexts(Int(a), Int(b), in: others, sort)
            if order != 0 { return order < 0 }
        default:
            let (first, second) = (key(Int(a), sort, []), others.key(Int(b), sort, []))
            if first != second { return first < second }
        }
        return ids[Int(a)] < others.ids[Int(b)]
    }

    /// Below 0: the first row's text stands before the second's; 0: they are the same; what isn't known comes last.
    private func compareTexts(_ a: Int, _ b: Int, in others: SessionColumns, _ sort: SessionSort) -> Int {
        let (first, second) = (number(a, sort.column), others.number(b, sort.column))
        guard first != 0, second != 0 else { return (first == 0 ? 1 : 0) - (second == 0 ? 1 : 0) }
        let order = withText(first, sort.column) { first in
            others.withText(second, sort.column) { second in
                sort.column == .ip ? first.compareAsAddress(second) : first.compare(second)
            }
        }
        return sort.descending ? -order : order
    }

    private func withText<Result>(
        _ number: Interner.Number, _ column: SessionColumn, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        switch column {
        case .user: users.withBytes(of: number, body)
        case .ip: ips.withBytes(of: number, body)
        case .agent: agents.withBytes(of: number, body)
        default: nodes.withBytes(of: number, body)
        }
    }

    /// Where a row that may not be held stands, or would stand, among slots in order.
    func place(of row: SessionRow, among slots: [Slot], _ sort: SessionSort, at now: Timestamp) -> Int {
        // A column of one row has the keys that the row had, whatever the table knows of it by now.
        var single = SessionColumns()
        let other = single.insert(row)
        single.flags[Int(other)].standing = row.standing(at: now)
        return slots.firstPlace(from: 0) { !precedes($0, other, in: single, sort) }
    }

    /// A row's key: the order of keys is the order of rows, direction and unknown values seen to.
    private func key(_ place: Int, _ sort: SessionSort, _ ranks: [UInt32]) -> UInt64 {
        let key: UInt64? =
            switch sort.column {
            case .handle: ids[place].handle.value
            case .ttl: Self.ordered(deadline(place))
            // The longer ago it was used, the longer it idles.
            case .idle: seen[place] == Self.unknown ? nil : ~Self.ordered(seen[place])
            case .created: created[place] == Self.unknown ? nil : Self.ordered(created[place])
            case .size: sizes[place] == Self.unknownSize ? nil : UInt64(sizes[place])
            case .state: UInt64(flags[place].rawValue >> 6)
            case .user, .ip, .agent, .node: rank(place, sort.column, ranks)
            }
        guard let key else { return .max }
        let known = min(key, .max - 1)
        return sort.descending ? .max - 1 - known : known
    }

    private func rank(_ place: Int, _ column: SessionColumn, _ ranks: [UInt32]) -> UInt64? {
        let number = number(place, column)
        return number == 0 ? nil : UInt64(ranks[Int(number)])
    }

    /// A signed number as an unsigned one of the same order.
    @inline(__always)
    private static func ordered(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    private func number(_ place: Int, _ column: SessionColumn) -> Interner.Number {
        switch column {
        case .user: userNumbers[place]
        case .ip: ipNumbers[place]
        case .agent: agentNumbers[place]
        default: nodeNumbers[place]
        }
    }

    private func interner(for column: SessionColumn) -> Interner? {
        switch column {
        case .user: users
        case .ip: ips
        case .agent: agents
        case .node: nodes
        default: nil
        }
    }

    /// The place of each text among the texts, in order; empty for columns that hold none.
    private func ranks(for column: SessionColumn) -> [UInt32] {
        guard let interner = interner(for: column) else { return [] }
        let order = column == .ip ? interner.numbersByAddress() : interner.numbersByBytes()
        var ranks: [UInt32] = Array(repeating: 0, count: interner.bound)
        for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
        return ranks
    }
}

extension Interner {
    /// The texts in the order of their bytes.
    func numbersByBytes() -> [Number] {
        RadixSort.sortBytes(numbers, window: { window(of: $0, at: $1) }, precedes: precedes)
    }

    /// Addresses by family and number, then whatever is no address by its bytes.
    func numbersByAddress() -> [Number] {
        var addresses: [RadixSort.Item] = []
        var others: [(number: Number, address: IPAddress?)] = []
        for number in numbers {
            let address = withBytes(of: number) { IPAddress($0) }
            if let address, address.isIPv4 {
                addresses.append(RadixSort.Item(key: UInt64(address.bits), slot: number))
            } else {
                others.append((number, address))
            }
        }
        RadixSort.sort(&addresses)
        settleSpellings(&addresses)
        others.sort { a, b in
            a.address == b.address
                ? precedes(a.number, b.number) : Self.precedes(a.address, b.address)
        }
        return addresses.map(\.slot) + others.map(\.number)
    }

    /// Puts spellings of one address (`10.0.0.1`, `::ffff:10.0.0.1`) in the order of their bytes.
    private func settleSpellings(_ items: inout [RadixSort.Item]) {
        var start = 0
        while start < items.count {
            var end = start + 1
            while end < items.count, items[end].key == items[start].key { end += 1 }
            if end - start > 1 { items[start..<end].sort { precedes($0.slot, $1.slot) } }
            start = end
        }
    }

    /// What is no address comes after all that are.
    fileprivate static func precedes(_ a: IPAddress?, _ b: IPAddress?) -> Bool {
        guard let a, let b else { return a != nil }
        return a < b
    }

    /// Eight bytes of a text as a number, zeros past its end.
    private func window(of number: Number, at depth: Int) -> UInt64 {
        withBytes(of: number) { bytes in
            let count = min(8, bytes.count - depth)
            guard count > 0 else { return 0 }
            var window: UInt64 = 0
            for byte in bytes[depth..<depth + count] { window = window << 8 | UInt64(byte) }
            return window << UInt64(8 * (8 - count))
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Below 0 where it comes before another by its bytes, above 0 where it comes after.
    fileprivate func compare(_ other: Self) -> Int {
        for (a, b) in zip(self, other) where a != b { return a < b ? -1 : 1 }
        return count - other.count
    }

    /// The same for addresses by family and number; spellings of one address, and what is none, by bytes.
    fileprivate func compareAsAddress(_ other: Self) -> Int {
        let (a, b) = (IPAddress(self), IPAddress(other))
        return a == b ? compare(other) : Interner.precedes(a, b) ? -1 : 1
    }
}
