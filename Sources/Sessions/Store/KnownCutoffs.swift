internal import Synchronization

/// The cut-offs in force as a store last read them, to judge lists by: read again only where others have been set.
///
/// Some that a purge has removed since may be among them: no session is left that they end.
package final class KnownCutoffs: Sendable {
    /// Which cut-offs there are, as the store says in the snapshot that the rows are read in.
    package struct Mark: Sendable, Equatable {
        /// The epoch of the latest that was ever set.
        private let end: FeedPosition
        /// Another one once nodes have noticed that the store went back in time; not all nodes look.
        private let generation: Int64
        /// Whom the latest was for, and when it was set: a failover may lose it, and give its epoch to another.
        private let scope: CutoffScope.ByteKey?
        private let notBefore: Timestamp?

        /// Makes one of what was read.
        ///
        /// - Parameters:
        ///   - end: the epoch of the latest that was ever set.
        ///   - generation: which past of the store this is.
        ///   - latest: that cut-off; `nil` where the feed or a purge has forgotten it.
        package init(end: FeedPosition, generation: Int64, latest: Cutoff?) {
            (self.end, self.generation) = (end, generation)
            scope = latest.map { CutoffScope.ByteKey($0.scope) }
            notBefore = latest?.notBefore
        }
    }

    private let known = Mutex<(mark: Mark, cutoffs: Cutoffs)?>(nil)

    /// Knows of none.
    package init() {}

    /// The cut-offs at a mark.
    ///
    /// - Parameters:
    ///   - mark: what the snapshot says.
    ///   - read: reads them in the same snapshot, where they aren't known.
    /// - Returns: all in force.
    /// - Throws: what `read` throws.
    package func cutoffs(at mark: Mark, read: () throws -> [Cutoff]) rethrows -> Cutoffs {
        if let last = known.withLock({ $0 }), last.mark == mark { return last.cutoffs }
        let cutoffs = Cutoffs(try read())
        known.withLock { $0 = (mark, cutoffs) }
        return cutoffs
    }
}
