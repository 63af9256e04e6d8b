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
        guard items.count > 64 else { return insertionSort(&items) }
        let (low, high) = items.reduce(into: (UInt64.max, UInt64.min)) {
            $0 = (min($0.0, $1.key), max($0.1, $1.key))
        }
        let width = 64 - (high - low).leadingZeroBitCount
        var spare = items
        for shift in stride(from: 0, to: width, by: digitBits) {
            pass(from: items, to: &spare, base: low, shift: UInt64(shift))
            swap(&items, &spare)
        }
    }

    private static func pass(from source: [Item], to target: inout [Item], base: UInt64, shift: UInt64) {
        let mask = UInt64(buckets - 1)
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: buckets) { starts in
                    starts.initialize(repeating: 0)
                    for item in source { starts[Int((item.key &- base) >> shift & mask)] += 1 }
                    var sum = 0
                    for bucket in 0..<buckets {
                        let count = starts[bucket]
                        starts[bucket] = sum
                        sum += count
                    }
                    for item in source {
                        let bucket = Int((item.key &- base) >> shift & mask)
                        target[starts[bucket]] = item
                        starts[bucket] += 1
                    }
                }
            }
        }
    }

    private static func insertionSort(_ items: inout [Item]) {
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

    /// Sorts by bytes.
    ///
    /// - Parameters:
    ///   - slots: what to sort.
    ///   - window: the eight bytes at a depth as a big-endian number, zeros past the end.
    ///   - precedes: the whole comparison: for few items, and for those whose windows are equal to the end.
    /// - Returns: the slots in order.
    static func sortBytes(
        _ slots: [UInt32], window: (UInt32, Int) -> UInt64, precedes: (UInt32, UInt32) -> Bool
    ) -> [UInt32] {
        var sorted = slots
        var work: [(range: Range<Int>, depth: Int)] = [(sorted.indices, 0)]
        while let (range, depth) = work.popLast() {
            // Deep common beginnings are rare, and not worth a pass for each eight bytes.
            guard range.count > 32, depth < 64 else {
                sorted[range].sort(by: precedes)
                continue
            }
            var items = sorted[range].map { Item(key: window($0, depth), slot: $0) }
            sort(&items)
            var start = 0
            for place in 0...items.count where place == items.count || items[place].key != items[start].key {
                let run = range.lowerBound + start..<range.lowerBound + place
                if run.count > 1 { work.append((run, depth + 8)) }
                start = place
                if place == items.count { break }
            }
            for (place, item) in zip(range, items) { sorted[place] = item.slot }
        }
        return sorted
    }
}
