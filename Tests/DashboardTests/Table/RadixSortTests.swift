import SessionTesting
import Testing

@testable import Dashboard

@Suite("Radix sort and the slots' index")
struct RadixSortTests {
    @Test("Sorting is by key, and stable", arguments: 0..<20 as Range<UInt64>)
    func numbers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let mask = random.pick([0, 7, 0xFFFF, UInt64.max] as [UInt64])
        let items = (0..<random.pick([0, 1, 63, 65, 3000])).map {
            RadixSort.Item(key: random.next() & mask, slot: UInt32($0))
        }
        var sorted = items
        RadixSort.sort(&sorted)
        let expected = items.sorted { ($0.key, $0.slot) < ($1.key, $1.slot) }
        #expect(sorted.map(\.slot) == expected.map(\.slot))
    }

    @Test("Texts are sorted by their bytes, whatever they have in common", arguments: 0..<20 as Range<UInt64>)
    func texts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var interner = Interner()
        var texts: Set<String> = []
        for _ in 0..<2000 {
            let prefix = random.pick(["", "user", "a-common-beginning-", String(repeating: "deep", count: 40)])
            let text = prefix + String(repeating: "\0", count: random.pick([0, 0, 1, 9])) + "\(random.next() % 3000)"
            texts.insert(text)
            _ = interner.intern(text)
        }
        let expected = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(interner.numbersByBytes().compactMap(interner.text) == expected)
    }

    @Test(
        "The index finds what was put in and not taken out, even where hashes collide",
        arguments: 0..<20 as Range<UInt64>)
    func index(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let mask = random.pick([0, 3, 0xFF, UInt64.max] as [UInt64])
        let hashes = (0..<200).map { _ in random.next() & mask }
        var index = SlotIndex()
        var model: Set<UInt32> = []
        for _ in 0..<2000 {
            let slot = UInt32(Int.random(in: 0..<200, using: &random))
            if model.remove(slot) != nil {
                index.remove(slot, hash: hashes[Int(slot)]) { hashes[Int($0)] }
            } else {
                index.insert(slot, hash: hashes[Int(slot)]) { hashes[Int($0)] }
                model.insert(slot)
            }
            #expect(index.count == model.count)
            let probe = UInt32(Int.random(in: 0..<200, using: &random))
            #expect((index.find(hashes[Int(probe)]) { $0 == probe } != nil) == model.contains(probe))
        }
    }
}
