package import Sessions

/// What tokens in circulation may name and must be refused for: denied tokens and ended sessions, until the last token
/// that could name one has died.
///
/// An open-addressed table of the first 16 bytes of each key and a moment: 24 bytes a place, 50 MB for a million. It is in
/// parts, so that none takes long to grow or to be swept: whoever looks up waits for one part at most.
package struct DenialSet: Sendable {
    package typealias Instant = MonotonicInstant

    /// So many parts are swept at a time.
    private static let partsAtOnce = 2

    private var parts: [DenialTable]
    private let secret: (UInt64, UInt64)
    private var swept = 0
    /// How many keys it holds, those that may be forgotten among them.
    package private(set) var count = 0

    /// Makes an empty one, with a secret of its own: nobody can aim at one place by choosing keys.
    package init(parts count: Int) {
        parts = Array(repeating: DenialTable(), count: max(1, count))
        secret = (.random(in: .min ... .max), .random(in: .min ... .max) | 1)
    }

    /// The memory of its places, in bytes.
    package var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }

    /// Whether a key is in it.
    package func contains(_ key: IDHash) -> Bool { end(of: key) != nil }

    /// When a key may be forgotten; `nil`: it isn't in it.
    func end(of key: IDHash) -> Instant? {
        let key = DenialTable.Key(key)
        let mix = mix(key)
        return parts[part(mix)].end(of: key, at: mix)
    }

    /// Puts a key in, or keeps it for longer.
    ///
    /// - Parameters:
    ///   - key: a session's or a token's.
    ///   - moment: it may be forgotten then.
    package mutating func insert(_ key: IDHash, until moment: Instant) {
        let key = DenialTable.Key(key)
        let (mix, secret) = (mix(key), secret)
        let isNew = parts[part(mix)].insert(key, at: mix, until: moment) { Self.mix($0, secret) }
        if isNew { count += 1 }
    }

    /// Forgets some of those whose time has come: all of them, if it is called often enough.
    package mutating func forget(at now: Instant) {
        for _ in 0..<Self.partsAtOnce {
            let secret = secret
            count -= parts[swept].sweep(at: now) { Self.mix($0, secret) }
            swept = (swept + 1) % parts.count
        }
    }

    private func part(_ mix: UInt64) -> Int { Int(truncatingIfNeeded: mix >> 48) % parts.count }

    private func mix(_ key: DenialTable.Key) -> UInt64 { Self.mix(key, secret) }

    private static func mix(_ key: DenialTable.Key, _ secret: (UInt64, UInt64)) -> UInt64 {
        let product = (key.first ^ secret.0).multipliedFullWidth(by: key.second ^ secret.1)
        return product.high ^ product.low
    }
}
