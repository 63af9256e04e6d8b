internal import Sessions

/// A part of a ``DenialSet``: places in a row, each key in the first free one from where it is at home.
struct DenialTable: Sendable {
    typealias Instant = MonotonicInstant

    /// 128 bits of a digest; both words zero stand for an empty place.
    struct Key: Sendable, Equatable {
        let first: UInt64
        let second: UInt64

        init(_ id: IDHash) {
            let words = id.leadingWords
            first = words.0
            // Nobody finds a digest that begins with 128 zeros; were there one, it would be told apart from none.
            second = words.0 == 0 && words.1 == 0 ? 1 : words.1
        }

        fileprivate init() { (first, second) = (0, 0) }

        fileprivate var isNone: Bool { first == 0 && second == 0 }
    }

    private struct Place: Sendable {
        var key: Key
        var until: Instant
    }

    private static let fewest = 16

    private var places: [Place] = []
    private(set) var count = 0

    /// The memory of its places, in bytes.
    var byteCount: Int { places.count * MemoryLayout<Place>.stride }

    /// When a key may be forgotten.
    ///
    /// - Parameters:
    ///   - key: what is looked for.
    ///   - mix: where it is at home.
    /// - Returns: `nil` where it isn't in it.
    func end(of key: Key, at mix: UInt64) -> Instant? {
        guard !places.isEmpty else { return nil }
        let place = places[find(key, mix)]
        return place.key.isNone ? nil : place.until
    }

    /// Puts a key in, or keeps it for longer.
    ///
    /// - Parameters:
    ///   - key: what to put in.
    ///   - mix: where it is at home.
    ///   - moment: it may be forgotten then.
    ///   - mixing: tells where others are at home.
    /// - Returns: whether it wasn't in.
    mutating func insert(_ key: Key, at mix: UInt64, until moment: Instant, mixing: (Key) -> UInt64) -> Bool {
        if (count + 1) * 4 > places.count * 3 {
            rebuild(max(Self.fewest, places.count * 2), mixing) { _ in true }
        }
        let place = find(key, mix)
        guard places[place].key.isNone else {
            places[place].until = max(places[place].until, moment)
            return false
        }
        places[place] = Place(key: key, until: moment)
        count += 1
        return true
    }

    /// Forgets those whose time has come, and gives back what they took.
    ///
    /// - Returns: how many.
    mutating func sweep(at now: Instant, mixing: (Key) -> UInt64) -> Int {
        let before = count
        let left = places.count { !$0.key.isNone && $0.until > now }
        guard left < before else { return 0 }
        var size = Self.fewest
        while (left + 1) * 2 > size { size *= 2 }
        rebuild(left == 0 ? 0 : min(size, places.count), mixing) { $0.until > now }
        return before - left
    }

    private func find(_ key: Key, _ mix: UInt64) -> Int {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: mix) & mask
        while !places[place].key.isNone, places[place].key != key { place = (place + 1) & mask }
        return place
    }

    private mutating func rebuild(_ size: Int, _ mixing: (Key) -> UInt64, keeping: (Place) -> Bool) {
        let old = places
        places = Array(repeating: Place(key: Key(), until: .now), count: size)
        count = 0
        for place in old where !place.key.isNone && keeping(place) {
            places[find(place.key, mixing(place.key))] = place
            count += 1
        }
    }
}
