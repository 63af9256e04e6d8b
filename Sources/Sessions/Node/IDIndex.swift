/// Places by id: an open-addressed table of small integers, for look-ups that cost a few nanoseconds.
///
/// The keys stay with whoever owns the places, so that each lies in memory once. Ids are digests, uniform already, but
/// strangers may choose them: the table mixes two words of each with a secret of its own, so that nobody can aim at one
/// bucket.
struct IDIndex: Sendable {
    private static let empty: Int32 = -1

    private var buckets: [Int32]
    private let secret: (UInt64, UInt64)
    /// How many places it holds.
    private(set) var count = 0

    init() {
        buckets = Array(repeating: Self.empty, count: 16)
        secret = (.random(in: .min ... .max), .random(in: .min ... .max) | 1)
    }

    /// The place of an id.
    ///
    /// - Parameters:
    ///   - id: what is looked for.
    ///   - key: the id that lies at a place.
    /// - Returns: its place; `nil` where it has none.
    @inline(__always)
    func place(of id: IDHash, key: (Int) -> IDHash) -> Int? {
        let bucket = find(id, key)
        return buckets[bucket] == Self.empty ? nil : Int(buckets[bucket])
    }

    /// Puts in an id that isn't there.
    mutating func insert(_ place: Int, for id: IDHash, key: (Int) -> IDHash) {
        if (count + 1) * 2 > buckets.count { grow(key) }
        buckets[find(id, key)] = Int32(truncatingIfNeeded: place)
        count += 1
    }

    /// Takes an id out.
    ///
    /// - Returns: the place that it had.
    mutating func remove(_ id: IDHash, key: (Int) -> IDHash) -> Int? {
        var hole = find(id, key)
        guard buckets[hole] != Self.empty else { return nil }
        let place = Int(buckets[hole])
        count -= 1
        // Whoever had to give way to what goes now moves up, so that no look-up stops at the hole.
        var bucket = next(hole)
        while buckets[bucket] != Self.empty {
            let wanted = home(of: key(Int(buckets[bucket])))
            if distance(from: wanted, to: bucket) >= distance(from: hole, to: bucket) {
                buckets[hole] = buckets[bucket]
                hole = bucket
            }
            bucket = next(bucket)
        }
        buckets[hole] = Self.empty
        return place
    }

    /// The bucket of an id, or the empty one where it would go.
    @inline(__always)
    private func find(_ id: IDHash, _ key: (Int) -> IDHash) -> Int {
        var bucket = home(of: id)
        while buckets[bucket] != Self.empty, key(Int(buckets[bucket])) != id { bucket = next(bucket) }
        return bucket
    }

    @inline(__always)
    private func home(of id: IDHash) -> Int {
        let product = (id.words.0 ^ secret.0).multipliedFullWidth(by: id.words.1 ^ secret.1)
        return Int(truncatingIfNeeded: product.high ^ product.low) & (buckets.count - 1)
    }

    @inline(__always)
    private func next(_ bucket: Int) -> Int { (bucket + 1) & (buckets.count - 1) }

    private func distance(from start: Int, to end: Int) -> Int { (end - start) & (buckets.count - 1) }

    private mutating func grow(_ key: (Int) -> IDHash) {
        let places = buckets.filter { $0 != Self.empty }
        buckets = Array(repeating: Self.empty, count: buckets.count * 2)
        for place in places { buckets[find(key(Int(place)), key)] = place }
    }
}
