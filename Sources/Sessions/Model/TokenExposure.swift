/// Access tokens in circulation: what a service goes on accepting that doesn't follow the feed, whatever was revoked.
///
/// Nobody can take these back there. All that can be told is how many there are, and when the last one dies.
public struct TokenExposure: Sendable, Equatable {
    /// Tokens that expire at one moment.
    public struct Batch: Sendable, Equatable {
        /// Their `exp`.
        public var expires: Timestamp
        /// How many.
        public var count: Int

        /// Makes a batch.
        public init(expires: Timestamp, count: Int) {
            self.expires = expires
            self.count = count
        }
    }

    /// So many batches are told apart in what a family keeps: of more, the earliest count as expiring a little later.
    public static let mostBatches = 32
    /// A verifier accepts a token for so long after its `exp`, for clocks differ.
    public static let leeway = Retention().leeway

    /// The tokens, the first to expire first.
    public private(set) var batches: [Batch] = []

    /// No tokens.
    public init() {}

    /// Adds tokens.
    ///
    /// - Parameters:
    ///   - count: how many; none or less adds nothing.
    ///   - moment: their `exp`.
    public mutating func add(_ count: Int = 1, expiring moment: Timestamp) {
        guard count > 0 else { return }
        let place = batches.firstIndex { $0.expires >= moment } ?? batches.endIndex
        if place < batches.endIndex, batches[place].expires == moment {
            batches[place].count = batches[place].count.addingReportingOverflow(count).partialValue
        } else {
            batches.insert(Batch(expires: moment, count: count), at: place)
        }
    }

    /// Adds what others have.
    public mutating func add(_ other: TokenExposure) {
        for batch in other.batches { add(batch.count, expiring: batch.expires) }
    }

    /// Forgets tokens that nobody accepts any more, and keeps no more batches than a family may have.
    ///
    /// Where there are too many, tokens count for too long, never too short.
    public mutating func tidy(at now: Timestamp) {
        batches.removeAll { $0.expires + Self.leeway <= now }
        while batches.count > Self.mostBatches {
            batches[1].count += batches[0].count
            batches.removeFirst()
        }
    }

    /// How many are still accepted at a moment.
    public func count(at now: Timestamp) -> Int {
        batches.reduce(0) { $1.expires + Self.leeway > now ? $0 + $1.count : $0 }
    }

    /// When the last of them dies, a leeway after its `exp`; `nil`: there is none.
    public var end: Timestamp? { batches.last.map { $0.expires + Self.leeway } }
}
