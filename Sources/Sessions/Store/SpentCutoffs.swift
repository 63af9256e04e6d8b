/// Finds cut-offs that can end nothing any more: the rule of ``SessionStore/purge(_:at:)``.
///
/// Begun with all cut-offs that there are, *before* the sessions are read: one that is made meanwhile is issued after
/// them all, and can't be missed.
package struct SpentCutoffs: Sendable {
    /// The cut-offs that are old enough.
    private let old: [Cutoff]
    /// The epoch of the first of those in each scope.
    private let firsts: [CutoffScope.ByteKey: FeedPosition]
    /// The epoch of the latest of those: sessions of it and of later ones hold none of them.
    package let latest: FeedPosition
    /// The earliest epoch of the sessions in each of their scopes.
    private var earliest: [CutoffScope.ByteKey: FeedPosition] = [:]
    /// The scopes all of whose cut-offs are held by a session, and the latest absolute deadline of one that holds them.
    private(set) var heldUntil: [CutoffScope.ByteKey: Timestamp] = [:]

    /// Begins with cut-offs.
    ///
    /// - Parameters:
    ///   - cutoffs: any, several of a scope among them.
    ///   - moment: those that were set later stay, by ``Retention/cutoff``.
    ///   - feedStart: those that the feed still tells stay, whatever a clock said when they were set.
    package init(of cutoffs: some Sequence<Cutoff>, setBefore moment: Timestamp, feedStart: FeedPosition) {
        old = cutoffs.filter { $0.notBefore < moment && $0.epoch <= feedStart }
        firsts = Dictionary(old.map { (CutoffScope.ByteKey($0.scope), $0.epoch) }) { min($0, $1) }
        latest = old.map(\.epoch).max() ?? .start
    }

    /// Whether no cut-off is old enough: then no session need be looked at.
    package var isEmpty: Bool { old.isEmpty }

    /// Takes in a session that is left, in whatever state.
    package mutating func take(
        epoch: FeedPosition, tenant: String?, user: String?, client: String?, absolute deadline: Timestamp?
    ) {
        guard epoch < latest else { return }
        let covering: [CutoffScope?] = [
            .everyone, tenant.map(CutoffScope.tenant), user.map(CutoffScope.user), client.map(CutoffScope.client),
        ]
        for scope in covering.compactMap({ $0 }) {
            let key = CutoffScope.ByteKey(scope)
            guard let first = firsts[key] else { continue }
            earliest[key] = min(earliest[key] ?? epoch, epoch)
            guard epoch < first else { continue }
            let end = deadline ?? Timestamp(milliseconds: .max)
            heldUntil[key] = max(heldUntil[key] ?? end, end)
        }
    }

    /// Those that may go, once all sessions have been taken in.
    package var spent: [Cutoff] {
        old.filter { cutoff in earliest[CutoffScope.ByteKey(cutoff.scope)].map { $0 >= cutoff.epoch } ?? true }
    }
}
