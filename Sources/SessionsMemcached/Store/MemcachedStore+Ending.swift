internal import Sessions

/// Ending single sessions.
///
/// The item becomes a tombstone first, and is refused from then on; then the feed tells it. A tombstone says that it may
/// not be told yet: whoever comes upon such a one tells it, so that nobody answers before the feed has it.
extension MemcachedStore {
    /// What ending sessions came to.
    struct Ended: Sendable {
        /// Of each session, in the order they were given in.
        var outcomes: [(id: IDHash, user: String?, outcome: RevokeOutcome)]
        /// Where the feed ends, which tells all of it.
        var position: FeedPosition
        /// The latest cut-off up to there; the sessions were judged earlier, perhaps without it.
        var latestCutoff: FeedPosition
    }

    /// Ends sessions, each with an entry in the feed; the same one may stand there several times.
    ///
    /// A cancelled task stops nothing of it: what is ended is told.
    func end(_ ids: [IDHash], _ revocation: Revocation) async throws -> Ended {
        try await shielded { [self] in
            try requireWritable()
            let root = try await root()
            let verdicts = try await change(ids, root) { item, cut, indices -> [Verdict] in
                let first = item.end(revocation, cut: cut, feedEnd: root.feedEnd)
                let again = Verdict(
                    user: first.user, outcome: first.isEnded ? .alreadyRevoked(revocation) : first.outcome)
                return [first] + Array(repeating: again, count: indices.count - 1)
            }
            let untold = zip(ids, verdicts).compactMap { id, verdict in verdict?.toldAfter.map { (id, $0) } }
            let drafts = untold.map { FeedDraft(event: .revoked($0.0, after: $0.1), at: revocation.at) }
            // Even without any: others may have told of what was found since the root was read.
            _ = try await tell(drafts)
            let told = try await self.root()
            if !untold.isEmpty { try? await markTold(untold.map(\.0), root) }
            let outcomes = zip(ids, verdicts).map { id, verdict in
                (id: id, user: verdict?.user, outcome: verdict?.outcome ?? .notFound)
            }
            return Ended(outcomes: outcomes, position: told.feedEnd, latestCutoff: told.cutoffEnd)
        }
    }

    /// Says on tombstones that the feed tells them; where it can't, the next who comes upon one looks there.
    private func markTold(_ ids: [IDHash], _ root: StoreRoot) async throws {
        _ = try await forEach(ids) { id in try await self.change(id, root) { item, _ in item.toldAfter = nil } }
    }
}

/// What one session was found as.
private struct Verdict: Sendable {
    var user: String?
    var outcome: RevokeOutcome
    /// The feed doesn't tell it yet: it is behind this position where somebody does it now.
    var toldAfter: FeedPosition?

    /// Whether it was ended just now.
    var isEnded: Bool { if case .alreadyRevoked = outcome { false } else { toldAfter != nil } }
}

extension StoredItem {
    /// Ends it where it is live, and says what was found.
    ///
    /// One whose deadline has passed is ended as well: that is so by somebody's clock, and a touch from before it may be
    /// under way still.
    fileprivate mutating func end(
        _ revocation: Revocation, cut: Revocation?, feedEnd: FeedPosition
    ) -> Verdict {
        let standing = row.standing(at: revocation.at, cut: cut)
        guard standing != .revoked else {
            return .init(user: row.user, outcome: .alreadyRevoked(row.revocation ?? cut), toldAfter: toldAfter)
        }
        let outcome = standing == .live ? .revoked : RevokeOutcome.expired(at: row.deadlines.nearest?.moment)
        guard row.state == .live else { return .init(user: row.user, outcome: outcome) }
        (row.state, row.revocation, toldAfter) = (.revoked, revocation, feedEnd)
        return .init(user: row.user, outcome: outcome, toldAfter: feedEnd)
    }
}
