package import Sessions
internal import Synchronization

/// Sees each connection that a client makes, so that it can be said who hears what goes over them, and how much it is.
///
/// Names lead anywhere, and sentinels and clusters name servers themselves: only the connections tell.
package final class LinkWitness: Sendable {
    private let tls: ClientTLS?
    private let hasLeft = Atomic(false)
    /// What goes over them.
    package let meter = TrafficMeter(countsBytes: true)

    /// Makes one that has seen no connection yet.
    ///
    /// - Parameter tls: how the client's connections are encrypted; `nil`: they aren't.
    package init(tls: ClientTLS?) { self.tls = tls }

    /// Sees a connection.
    ///
    /// - Parameter isPrivate: whether it stays on this machine.
    package func see(isPrivate: Bool) { if !isPrivate { hasLeft.store(true, ordering: .relaxed) } }

    /// Who could hear the connections so far.
    package var safety: LinkSafety {
        guard let tls else { return hasLeft.load(ordering: .relaxed) ? .plaintext : .local }
        // A chain alone proves the authority: within one cluster's own that is its servers.
        return tls.verification == .none ? .unverified : .encrypted
    }
}
