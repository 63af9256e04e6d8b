/// A set of slots, a bit each.
struct SlotSet: Sendable, Equatable {
    private(set) var words: [UInt64]

    /// An empty set with room for so many slots.
    init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

    /// The slots below a bound that pass a test.
    @inline(__always)
    init(below bound: Int, where test: (Int) -> Bool) {
        words = Array(unsafeUninitializedCapacity: (bound + 63) / 64) { words, count in
            count = (bound + 63) / 64
            for index in 0..<count {
                var word: UInt64 = 0
                let first = index * 64
                for bit in 0..<min(64, bound - first) where test(first + bit) { word |= 1 << UInt64(bit) }
                words[index] = word
            }
        }
    }

    /// Whether a slot is in the set.
    @inline(__always)
    func contains(_ slot: UInt32) -> Bool {
        let index = Int(slot >> 6)
        return index < words.count && words[index] >> UInt64(slot & 63) & 1 != 0
    }

    /// Adds a slot, or takes it out.
    mutating func set(_ slot: UInt32, to isMember: Bool) {
        let index = Int(slot >> 6)
        if index >= words.count {
            guard isMember else { return }
            words.append(contentsOf: repeatElement(0, count: index + 1 - words.count))
        }
        let bit: UInt64 = 1 << UInt64(slot & 63)
        if isMember { words[index] |= bit } else { words[index] &= ~bit }
    }

    /// Adds a slot; `false` where it was there already.
    mutating func insert(_ slot: UInt32) -> Bool {
        guard !contains(slot) else { return false }
        set(slot, to: true)
        return true
    }

    /// How many are in the set.
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// What is in the set, ascending.
    var members: [UInt32] {
        var members: [UInt32] = []
        members.reserveCapacity(count)
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                members.append(UInt32(index * 64 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
        return members
    }

    /// Keeps what another set of the same capacity has as well.
    mutating func formIntersection(_ other: SlotSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// Adds what another set of the same capacity has.
    mutating func formUnion(_ other: SlotSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// What isn't in the set, within its capacity.
    func inverted() -> SlotSet {
        var result = self
        for index in words.indices { result.words[index] = ~words[index] }
        return result
    }
}
