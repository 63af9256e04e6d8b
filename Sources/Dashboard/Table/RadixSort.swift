/// Sorting by numbers, in time proportional to their count.
enum RadixSort {
    /// A key and whose it is.
    struct Item {
        var key: UInt64
        var slot: UInt32
    }

    private static let digitBits = 11
    private static let buckets = 1 << digitBits

    /// Sorts by key; what has equal keys stays in its order.
    ///
    /// Digits that all keys share cost nothing.
    static func sort(_ items: inout [Item]) {
        items.withUnsafeMutableBufferPointer { sort($0) }
    }

    /// The same in memory.
    static func sort(_ items: UnsafeMutableBufferPointer<Item>) {
        guard items.count > 64 else { return insertionSort(items) }
        var (low, high) = (UInt64.max, UInt64.min)
        for item in items { (low, high) = (min(low, item.key), max(high, item.key)) }
        let width = 64 - (high - low).leadingZeroBitCount
        withUnsafeTemporaryAllocation(of: Item.self, capacity: items.count) { spare in
            var (source, target) = (items, spare)
            for shift in stride(from: 0, to: width, by: digitBits) {
                pass(from: source, to: target, base: low, shift: UInt64(shift))
                swap(&source, &target)
            }
            if source.baseAddress != items.baseAddress { _ = items.update(fromContentsOf: source) }
        }
    }

    private static func pass(
        from source: UnsafeMutableBufferPointer<Item>, to target: UnsafeMutableBufferPointer<Item>, base: UInt64,
        shift: UInt64
    ) {
        let mask = UInt64(buckets - 1)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: buckets) { starts in
            starts.initialize(repeating: 0)
            for item in source { starts[Int(truncatingIfNeeded: (item.key &- base) &>> shift & mask)] &+= 1 }
            var sum = 0
            for bucket in 0..<buckets {
                let count = starts[bucket]
                starts[bucket] = sum
                sum &+= count
            }
            for item in source {
                let bucket = Int(truncatingIfNeeded: (item.key &- base) &>> shift & mask)
                target[starts[bucket]] = item
                starts[bucket] &+= 1
            }
        }
    }

    private static func insertionSort(_ items: UnsafeMutableBufferPointer<Item>) {
        for index in items.indices.dropFirst() {
            let item = items[index]
            var place = index
            while place > 0, items[place - 1].key > item.key {
                items[place] = items[place - 1]
                place -= 1
            }
            items[place] = item
        }
    }

    /// Sorts by a key and, among what has equal keys, by further keys, each finer than the one before.
    ///
    /// - Parameters:
    ///   - slots: what to sort.
    ///   - depth: how many keys there are at most.
    ///   - key: a slot's key at a depth from 0.
    ///   - precedes: the whole comparison, for what has equal keys to the end.
    /// - Returns: the slots in order.
    static func sort(
        _ slots: some Collection<UInt32>, depth: Int, key: (UInt32, Int) -> UInt64,
        precedes: (UInt32, UInt32) -> Bool
    ) -> [UInt32] {
        var items = slots.map { Item(key: 0, slot: $0) }
        items.withUnsafeMutableBufferPointer { items in
            var work: [(range: Range<Int>, depth: Int)] = [(0..<items.count, 0)]
            while let (range, level) = work.popLast() {
                var part = UnsafeMutableBufferPointer(rebasing: items[range])
                guard level < depth else {
                    part.sort { precedes($0.slot, $1.slot) }
                    continue
                }
                for place in part.indices { part[place].key = key(part[place].slot, level) }
                sort(part)
                var start = 0
                while start < part.count {
                    var end = start + 1
                    while end < part.count, part[end].key == part[start].key { end += 1 }
                    if end - start > 1 { work.append((range.lowerBound + start..<range.lowerBound + end, level + 1)) }
                    start = end
                }
            }
        }
        return items.map(\.slot)
    }
}
