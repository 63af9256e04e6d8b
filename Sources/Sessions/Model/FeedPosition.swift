/// A position in the revocation feed of one store: the number of its last entry.
///
/// Positions are given out in the order in which transactions commit.
public struct FeedPosition: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number; 0 stands before the first entry.
    public var value: Int64

    /// Makes a position from its number.
    public init(_ value: Int64) { self.value = value }

    /// Before the first entry.
    public static let start = FeedPosition(0)

    /// The earlier comes first.
    public static func < (a: FeedPosition, b: FeedPosition) -> Bool { a.value < b.value }

    /// The position before; the start's is the start.
    package var previous: FeedPosition { FeedPosition(max(1, value) - 1) }

    /// Moves forward to another position, never back.
    public mutating func raise(to other: FeedPosition) { self = max(self, other) }

    /// The number.
    public var description: String { "\(value)" }
}

/// One entry of the revocation feed: written in the transaction of the revoke, cut-off or denial that it tells of.
public struct FeedEntry: Sendable, Equatable {
    /// What was ended.
    public enum Event: Sendable, Equatable {
        /// One session.
        case revoked(IDHash)
        /// Everything issued before, within a scope.
        case cutoff(Cutoff)
        /// One signed token.
        case denied(TokenDenial)
        /// Something that a newer version tells of, and that this one has nothing for: passed over.
        case unknown
    }

    /// Its number.
    public var position: FeedPosition
    /// What was ended.
    public var event: Event
    /// When it was committed, by the clock of whoever did; where that is behind the entry before it, that one's time.
    ///
    /// So it never falls from one entry to the next, whatever the clocks say, and the feed can be searched by it. What a
    /// cut-off ends is told by its own ``Cutoff/notBefore``, which stays as it was ordered.
    public var at: Timestamp

    /// Makes an entry.
    public init(position: FeedPosition, event: Event, at: Timestamp) {
        self.position = position
        self.event = event
        self.at = at
    }

    /// A number that tells it from any other entry that might stand at its position: never zero, below 2^53.
    ///
    /// Made of what every store tells everybody alike. Processes of different versions compare it: its form never changes.
    package var mark: Int64 {
        let text = "\(position.value) \(at.milliseconds) \(event.words)"
        return Int64(IDHash(hashing: Array(text.utf8)).leadingBits >> 12) | 1
    }
}

extension FeedEntry.Event {
    fileprivate var words: String {
        switch self {
        case .revoked(let id): "revoked \(id.hexadecimal)"
        case .cutoff(let cutoff): "\(cutoff.scope.kind) \(cutoff.scope.key)"
        case .denied(let denial): "denied \(denial.key.hexadecimal)"
        case .unknown: "unknown"
        }
    }
}

/// A piece of the feed, read in one transaction.
public struct FeedPage: Sendable, Equatable {
    /// The entries after the position that was asked for, in order.
    public var entries: [FeedEntry]
    /// The position of the last entry of the whole feed.
    ///
    /// Lower than one's own: the store went back in time.
    public var end: FeedPosition
    /// The position before the oldest entry that is still kept.
    ///
    /// Above one's own: entries were missed.
    public var start: FeedPosition
    /// Which past of the store this is: copies in a shared cache belong to one, and a store that went back in time begins
    /// another, see ``SessionStore/beginGeneration(after:at:)``.
    public var generation: UInt64

    /// Makes a page.
    public init(entries: [FeedEntry], end: FeedPosition, start: FeedPosition, generation: UInt64 = 0) {
        self.entries = entries
        self.end = end
        self.start = start
        self.generation = generation
    }

    /// The entry of a position; `nil`: it isn't on this page.
    package func entry(at position: FeedPosition) -> FeedEntry? { entries.first { $0.position == position } }

    /// Whether another entry stands here in the place of one that was read before.
    ///
    /// Then the store went back in time, and has grown past that position since: its end alone doesn't tell.
    package func contradicts(_ known: FeedEntry?) -> Bool {
        guard let known, let found = entry(at: known.position) else { return false }
        return found != known
    }
}
