internal import Sessions

extension SessionColumns {
    /// All rows in order.
    func sorted(by sort: SessionSort) -> [Slot] {
        let keys = keys(sort)
        let used = (0..<Slot(bound)).filter { flags[Int($0)].contains(.used) }
        return RadixSort.sort(
            used, depth: 2, key: { $1 == 0 ? keys[Int($0)] : ids[Int($0)].sortBits },
            precedes: { ids[Int($0)] < ids[Int($1)] })
    }

    /// Some rows in the order of their ids.
    func sortedByID(_ slots: [Slot]) -> [Slot] {
        RadixSort.sort(
            slots, depth: 1, key: { slot, _ in ids[Int(slot)].sortBits },
            precedes: { ids[Int($0)] < ids[Int($1)] })
    }

    /// A comparison for putting rows where they belong.
    func comparison(_ sort: SessionSort) -> (Slot, Slot) -> Bool {
        switch sort.column {
        case .user, .ip, .agent, .node, .pinned: return { precedes($0, $1, in: self, sort) }
        default:
            let keys = keys(sort)
            return { a, b in
                let (first, second) = (keys[Int(a)], keys[Int(b)])
                return first == second ? ids[Int(a)] < ids[Int(b)] : first < second
            }
        }
    }

    /// Whether a row stands before one of other columns.
    private func precedes(_ a: Slot, _ b: Slot, in others: SessionColumns, _ sort: SessionSort) -> Bool {
        switch sort.column {
        case .user, .ip, .agent, .node, .pinned:
            let order = compareTexts(Int(a), Int(b), in: others, sort)
            if order != 0 { return order < 0 }
        default:
            let (first, second) = (key(Int(a), sort), others.key(Int(b), sort))
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
        case .pinned: pins.withBytes(of: number, body)
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

    /// Every slot's key: the order of keys is the order of rows, direction and unknown values seen to.
    private func keys(_ sort: SessionSort) -> [UInt64] {
        switch sort.column {
        case .user: ranked(userNumbers, users.numbersByBytes(), users.bound, sort)
        case .agent: ranked(agentNumbers, agents.numbersByBytes(), agents.bound, sort)
        case .node: ranked(nodeNumbers, nodes.numbersByBytes(), nodes.bound, sort)
        case .pinned: ranked(pinNumbers, pins.numbersByBytes(), pins.bound, sort)
        case .ip: ranked(ipNumbers, ips.numbersByAddress(), ips.bound, sort)
        default: (0..<bound).map { key($0, sort) }
        }
    }

    /// Keys by the place of each text among the texts in order.
    private func ranked(
        _ column: [Interner.Number], _ order: [Interner.Number], _ bound: Int, _ sort: SessionSort
    ) -> [UInt64] {
        var ranks = Array(repeating: UInt64.max, count: bound)
        for (rank, number) in order.enumerated() { ranks[Int(number)] = Self.directed(UInt64(rank), sort) }
        return column.map { ranks[Int($0)] }
    }

    /// The key of a slot in a column that holds no text.
    private func key(_ place: Int, _ sort: SessionSort) -> UInt64 {
        switch sort.column {
        case .handle: Self.directed(ids[place].leadingBits >> 16, sort)
        case .ttl: Self.directed(Self.ordered(deadline(place)), sort)
        // The longer ago it was used, the longer it idles.
        case .idle: seen[place] == Self.unknown ? .max : Self.directed(~Self.ordered(seen[place]), sort)
        case .created: created[place] == Self.unknown ? .max : Self.directed(Self.ordered(created[place]), sort)
        case .size: sizes[place] == Self.unknownSize ? .max : Self.directed(UInt64(sizes[place]), sort)
        case .state: Self.directed(UInt64(flags[place].rawValue >> 6), sort)
        case .user, .ip, .agent, .node, .pinned: .max
        }
    }

    /// A key in the direction of the order; the greatest number is kept for what isn't known.
    @inline(__always)
    private static func directed(_ key: UInt64, _ sort: SessionSort) -> UInt64 {
        let known = min(key, .max - 1)
        return sort.descending ? .max - 1 - known : known
    }

    /// A signed number as an unsigned one of the same order.
    @inline(__always)
    private static func ordered(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    private func number(_ place: Int, _ column: SessionColumn) -> Interner.Number {
        switch column {
        case .user: userNumbers[place]
        case .ip: ipNumbers[place]
        case .agent: agentNumbers[place]
        case .pinned: pinNumbers[place]
        default: nodeNumbers[place]
        }
    }
}

extension IDHash {
    /// As many of the first bits as three passes sort: of a million ids hardly two share them all, and those are compared.
    fileprivate var sortBits: UInt64 { leadingBits >> 31 }
}

extension Interner {
    /// The texts in the order of their bytes.
    func numbersByBytes() -> [Number] {
        withTexts { texts in
            // Deeper common beginnings are rare, and not worth a pass for each eight bytes.
            RadixSort.sort(numbers, depth: 16, key: { texts.window(of: $0, at: $1 * 8) }, precedes: precedes)
        }
    }

    /// Addresses by family and number, then whatever is no address by its bytes.
    func numbersByAddress() -> [Number] {
        var addresses = Array(repeating: SortedAddress(), count: bound)
        for number in numbers { addresses[Int(number)] = SortedAddress(withBytes(of: number) { IPAddress($0) }) }
        return RadixSort.sort(
            numbers, depth: 3,
            key: { number, level in
                let address = addresses[Int(number)]
                return level == 0 ? address.family : level == 1 ? address.high : address.low
            }, precedes: precedes)
    }

    /// What is no address comes after all that are.
    fileprivate static func precedes(_ a: IPAddress?, _ b: IPAddress?) -> Bool {
        guard let a, let b else { return a != nil }
        return a < b
    }
}

/// An address as numbers that sort: the family, then the bits.
private struct SortedAddress {
    var family: UInt64 = 2
    var high: UInt64 = 0
    var low: UInt64 = 0

    init() {}

    init(_ address: IPAddress?) {
        guard let address else { return }
        family = address.isIPv4 ? 0 : 1
        high = UInt64(truncatingIfNeeded: address.bits >> 64)
        low = UInt64(truncatingIfNeeded: address.bits)
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
