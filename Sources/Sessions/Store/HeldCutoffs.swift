internal import Synchronization

/// Remembers which cut-offs a purge found held by sessions of before, so that the next ones needn't look at all sessions
/// again.
///
/// No row goes before its absolute deadline: until the last of those that hold a scope's cut-offs, none of them can go.
/// Where one is removed by other means, its cut-offs stay a while longer than they must, and never shorter.
package final class HeldCutoffs: Sendable {
    /// After so long it is looked at again, whatever the deadlines: rows may have been removed by hand, or evicted.
    private static let longest = Duration.seconds(86_400)

    /// From when a scope's cut-offs were found held, until when they are at least.
    private let known = Mutex<[CutoffScope.ByteKey: Range<Timestamp>]>([:])

    /// Knows of none.
    package init() {}

    /// Begins to look for cut-offs that can end nothing any more, as ``SpentCutoffs`` says, but for those that are held.
    ///
    /// - Parameters:
    ///   - cutoffs: any, several of a scope among them.
    ///   - moment: those that were set later stay.
    ///   - feedStart: those that the feed still tells stay.
    ///   - now: the present time; one of before a cut-off was found held knows nothing of that.
    /// - Returns: the look, which is empty where all that are old enough are known to be held.
    package func look(
        at cutoffs: some Sequence<Cutoff>, setBefore moment: Timestamp, feedStart: FeedPosition, at now: Timestamp
    ) -> SpentCutoffs {
        let held = known.withLock { $0 }
        let open = cutoffs.filter { held[CutoffScope.ByteKey($0.scope)]?.contains(now) != true }
        return SpentCutoffs(of: open, setBefore: moment, feedStart: feedStart)
    }

    /// Remembers what a look has found, once it has taken in all sessions.
    package func remember(_ look: SpentCutoffs, at now: Timestamp) {
        let found = look.heldUntil.compactMapValues { deadline -> Range<Timestamp>? in
            let end = min(deadline, now + Self.longest)
            return now < end ? now..<end : nil
        }
        known.withLock { known in
            known = known.filter { $0.value.contains(now) }.merging(found) { $1 }
        }
    }
}
