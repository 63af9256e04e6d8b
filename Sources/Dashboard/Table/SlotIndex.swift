/// Where things are, by the hash of their key: open addressing over 32-bit slot numbers, at most 3/4 full.
///
/// Keys stay where they are, in the columns: an entry is 4 bytes, where a `Dictionary` of ids would take over 40.
struct SlotIndex: Sendable {
    /// Slot + 1; 0: free.
    private var entries: [UInt32] = Array(repeating: 0, count: 16)
    private(set) var count = 0

    private var mask: Int { entries.count - 1 }

    /// The slot with a key.
    ///
    /// - Parameters:
    ///   - hash: the key's hash.
    ///   - isMatch: whether a slot has the key.
    /// - Returns: `nil` where there is none.
    @inline(__always)
    func find(_ hash: UInt64, where isMatch: (UInt32) -> Bool) -> UInt32? {
        var place = Int(truncatingIfNeeded: hash) & mask
        while entries[place] != 0 {
            if isMatch(entries[place] - 1) { return entries[place] - 1 }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a slot whose key isn't there yet.
    mutating func insert(_ slot: UInt32, hash: UInt64, hashOf: (UInt32) -> UInt64) {
        if (count + 1) * 4 > entries.count * 3 { resize(to: entries.count * 2, hashOf: hashOf) }
        place(slot, hash: hash)
        count += 1
    }

    /// Removes a slot, and moves up what was pushed behind it, so that no tombstones pile up.
    mutating func remove(_ slot: UInt32, hash: UInt64, hashOf: (UInt32) -> UInt64) {
        var hole = Int(truncatingIfNeeded: hash) & mask
        while entries[hole] != slot + 1 {
            guard entries[hole] != 0 else { return }
            hole = (hole + 1) & mask
        }
        count -= 1
        var place = hole
        while true {
            place = (place + 1) & mask
            guard entries[place] != 0 else { break }
            let home = Int(truncatingIfNeeded: hashOf(entries[place] - 1)) & mask
            if (place - home) & mask >= (place - hole) & mask {
                entries[hole] = entries[place]
                hole = place
            }
        }
        entries[hole] = 0
    }

    /// Fills the index anew with the slots of a sequence.
    mutating func rebuild(_ slots: some Collection<UInt32>, hashOf: (UInt32) -> UInt64) {
        var size = 16
        while slots.count * 4 > size * 3 { size *= 2 }
        entries = Array(repeating: 0, count: size)
        count = slots.count
        for slot in slots { place(slot, hash: hashOf(slot)) }
    }

    private mutating func resize(to size: Int, hashOf: (UInt32) -> UInt64) {
        let old = entries
        entries = Array(repeating: 0, count: size)
        for entry in old where entry != 0 { place(entry - 1, hash: hashOf(entry - 1)) }
    }

    private mutating func place(_ slot: UInt32, hash: UInt64) {
        var place = Int(truncatingIfNeeded: hash) & mask
        while entries[place] != 0 { place = (place + 1) & mask }
        entries[place] = slot + 1
    }
}
