/// What a node, or a verifier of tokens, has shown of itself: whether whoever revokes knows of it.
///
/// Only who is known may answer from memory. A purge takes one for gone that shows nothing for long, and a store that
/// loses its list of nodes counts on each that lives being back within ``NodeReport/silence``. So whoever can't publish
/// renews no lease, however well it reads the feed.
package struct SignsOfLife: Sendable {
    private var last: MonotonicInstant?

    /// Has shown none.
    package init() {}

    /// The time between two, where a policy wants another: others call one down that is silent for too long.
    package static func interval(wanted: Duration) -> Duration { min(wanted, NodeReport.silence / 2) }

    /// Notes one that the store took.
    ///
    /// - Parameter moment: just before it was given to the store.
    package mutating func note(_ moment: MonotonicInstant) { last = max(last ?? moment, moment) }

    /// Whether the last one is so fresh that nobody can take this node for gone.
    package func areFresh(at now: MonotonicInstant) -> Bool { last.map { now - $0 <= NodeReport.silence } ?? false }
}
