/// Values by id, bounded by bytes: the least recently used give way.
///
/// Every operation takes constant time.
struct RecencyMap<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var id: IDHash
        var value: Value?
        var byteCount: Int
        var newer: Int
        var older: Int
    }

    private var slots: [Slot] = []
    private var index = IDIndex()
    private var free: [Int] = []
    private var newest = none
    private var oldest = none
    private static var none: Int { -1 }

    /// The most bytes that it holds.
    let byteLimit: Int
    /// The bytes that it holds.
    private(set) var byteCount = 0

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var count: Int { index.count }
    var ids: some Sequence<IDHash> { slots.lazy.filter { $0.value != nil }.map(\.id) }

    /// Where a value lies, until the next insertion or removal.
    func place(of id: IDHash) -> Int? { index.place(of: id) { slots[$0].id } }

    func value(of id: IDHash) -> Value? { place(of: id).flatMap { slots[$0].value } }

    /// Reads a part of the value at a place, where it is wanted; that counts as a use.
    ///
    /// - Parameters:
    ///   - place: where the value lies.
    ///   - part: what is wanted of it; `nil`: nothing, and the value is not used.
    /// - Returns: the part.
    @inline(__always)
    mutating func use<Part>(_ place: Int, _ part: (borrowing Value) -> Part?) -> Part? {
        guard let wanted = slots[place].value.flatMap(part) else { return nil }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return wanted
    }

    /// The value at a place; that counts as a use.
    mutating func use(_ place: Int) -> Value? {
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return slots[place].value
    }

    /// Replaces the value at a place, where there is one.
    mutating func update(_ place: Int, _ value: Value) {
        if slots[place].value != nil { slots[place].value = value }
    }

    /// Puts a value in, as the most recently used.
    ///
    /// What is larger than everything together is not kept.
    ///
    /// - Returns: how many others gave way.
    @discardableResult
    mutating func insert(_ value: Value, for id: IDHash, byteCount size: Int) -> Int {
        remove(id)
        guard size <= byteLimit else { return 0 }
        var evicted = 0
        while byteCount + size > byteLimit, oldest != Self.none {
            remove(slots[oldest].id)
            evicted += 1
        }
        let slot = Slot(id: id, value: value, byteCount: size, newer: Self.none, older: Self.none)
        let place = free.popLast() ?? slots.count
        if place == slots.count { slots.append(slot) } else { slots[place] = slot }
        index.insert(place, for: id) { slots[$0].id }
        byteCount += size
        linkAsNewest(place)
        return evicted
    }

    /// Takes a value out.
    @discardableResult
    mutating func remove(_ id: IDHash) -> Value? {
        guard let place = index.remove(id, key: { slots[$0].id }) else { return nil }
        unlink(place)
        byteCount -= slots[place].byteCount
        free.append(place)
        defer { slots[place].value = nil }
        return slots[place].value
    }

    /// Takes out the least recently used as long as they are of no use.
    ///
    /// - Parameters:
    ///   - limit: at most so many.
    ///   - isUseless: whether a value may go.
    /// - Returns: how many.
    mutating func removeOldest(limit: Int, while isUseless: (Value) -> Bool) -> Int {
        var removed = 0
        while removed < limit, oldest != Self.none, let value = slots[oldest].value, isUseless(value) {
            remove(slots[oldest].id)
            removed += 1
        }
        return removed
    }

    /// Takes everything out.
    mutating func removeAll() { self = RecencyMap(byteLimit: byteLimit) }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer == Self.none { newest = older } else { slots[newer].older = older }
        if older == Self.none { oldest = newer } else { slots[older].newer = newer }
    }

    private mutating func linkAsNewest(_ place: Int) {
        slots[place].newer = Self.none
        slots[place].older = newest
        if newest == Self.none { oldest = place } else { slots[newest].newer = place }
        newest = place
    }
}
