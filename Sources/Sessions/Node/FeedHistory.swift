/// Reads the feed back over the longest life of a copy in a shared cache: before that cache is trusted.
///
/// First it looks for the place to begin, by halves, because the store finds entries by position and not by age, and their
/// times never fall from one to the next; then it reads on to where the node began to follow the feed. Entries that a
/// purge has removed are older than any copy: that is what ``Retention/feed`` promises.
package struct FeedHistory: Sendable, Equatable {
    /// What to read next.
    package struct Request: Sendable, Equatable {
        package let after: FeedPosition
        package let limit: Int
    }

    private enum Phase: Sendable, Equatable {
        /// The place is after the first and not after the second.
        case searching(FeedPosition, FeedPosition)
        case reading(after: FeedPosition)
    }

    private var phase: Phase
    private let end: FeedPosition
    private let since: Timestamp

    /// Begins.
    ///
    /// - Parameters:
    ///   - end: the position from which the node follows the feed itself.
    ///   - since: older entries don't matter any more.
    package init(until end: FeedPosition, since: Timestamp) {
        self.end = end
        self.since = since
        phase = .searching(.start, end)
        settle()
    }

    /// The next read; `nil`: all of it has been read.
    package var next: Request? {
        switch phase {
        case .searching(let low, let high): Request(after: Self.middle(low, high), limit: 1)
        case .reading(let position) where position < end: Request(after: position, limit: ServiceNode.feedPage)
        case .reading: nil
        }
    }

    /// Takes in what was read.
    ///
    /// - Parameter page: the answer to ``next``.
    /// - Returns: the entries that matter.
    package mutating func take(_ page: FeedPage) -> [FeedEntry] {
        switch phase {
        case .searching(let low, let high):
            let middle = Self.middle(low, high)
            if let entry = page.entries.first, entry.at < since {
                phase = .searching(max(FeedPosition(middle.value + 1), min(entry.position, high)), high)
            } else {
                phase = .searching(min(max(low, page.start), middle), middle)
            }
            settle()
            return []
        case .reading(let position):
            let entries = page.entries.filter { $0.position > position && $0.position <= end }
            phase = .reading(after: entries.last?.position ?? end)
            return entries
        }
    }

    private mutating func settle() {
        if case .searching(let low, let high) = phase, low >= high { phase = .reading(after: high) }
    }

    private static func middle(_ low: FeedPosition, _ high: FeedPosition) -> FeedPosition {
        FeedPosition(low.value + (high.value - low.value) / 2)
    }
}
