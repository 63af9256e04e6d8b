/// What operators order, and the audit log.
extension MemoryState {
    mutating func revoke(
        _ target: RevokeTarget, _ order: Order
    ) -> [(id: IDHash, user: String?, outcome: RevokeOutcome)] {
        let revocation = Revocation(at: order.at, by: order.actor, reason: order.reason)
        let outcomes: [(id: IDHash, user: String?, outcome: RevokeOutcome)]
        let words: String
        switch target {
        case .sessions(let ids):
            outcomes = ids.map { id in
                let found = revoke(id, revocation)
                if found.outcome == .notFound { deny(id, revocation) }
                return (id, found.user, found.outcome)
            }
            words = AuditEntry.target(of: ids)
        case .user(let user):
            outcomes = revokeAll(of: .user(user), revocation)
            words = "user:\(user)"
        case .everyone:
            outcomes = revokeAll(of: .everyone, revocation)
            words = "everyone"
        }
        audit(.revoke, target: words, outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) }, order)
        return outcomes
    }

    private mutating func revokeAll(
        of scope: CutoffScope, _ revocation: Revocation
    ) -> [(id: IDHash, user: String?, outcome: RevokeOutcome)] {
        let ended = live(coveredBy: scope, at: revocation.at)
        _ = cutOff(scope, revocation)
        return ended.map { ($0.id, $0.user, .revoked) }
    }

    mutating func deny(_ denials: [TokenDenial], _ order: Order) {
        deny(denials, at: order.at)
        audit(.deny, target: TokenDenial.target(of: denials), TokenDenial.outcomes(of: denials), order)
    }

    mutating func cutOff(_ scope: CutoffScope, _ order: Order) {
        _ = cutOff(scope, Revocation(at: order.at, by: order.actor, reason: order.reason))
        audit(.cutoff, target: "\(scope.kind):\(scope.key)", count: 0, result: "done", [], order)
    }

    mutating func extend(_ ids: [IDHash], to deadline: NewDeadline, _ order: Order) -> [ExtendOutcome] {
        let outcomes = ids.map { extend($0, to: deadline, at: order.at) }
        let audited = zip(ids, outcomes).map { AuditOutcome(id: $0, word: $1.word) }
        audit(.extend, target: AuditEntry.target(of: ids), audited, order)
        return outcomes
    }

    private mutating func extend(_ id: IDHash, to deadline: NewDeadline, at now: Timestamp) -> ExtendOutcome {
        guard let session = records[id]?.session else { return .notFound }
        let standing = standing(of: session, at: now)
        guard standing == .live else { return .refused(standing) }
        var deadlines = session.deadlines
        guard let old = deadlines.idle ?? deadlines.absolute else { return .unchanged(deadline: nil) }
        let outcome = deadlines.extend(to: deadline.wanted(from: old))
        if deadlines != session.deadlines { updateLive(id, at: now) { $0.deadlines = deadlines } }
        return outcome
    }

    private mutating func audit(_ action: AuditAction, target: String, _ outcomes: [AuditOutcome], _ order: Order) {
        let result = AuditEntry.summary(of: outcomes)
        audit(action, target: target, count: outcomes.count, result: result, outcomes, order)
    }

    /// Adds an entry that carries the hash of the last one.
    mutating func audit(
        _ action: AuditAction, target: String, count: Int, result: String, _ outcomes: [AuditOutcome], _ order: Order
    ) {
        let entry = AuditEntry(
            number: Int64(audit.count + 1), at: order.at, actor: order.actor, action: action, target: target,
            count: count, result: result, reason: order.reason, outcomesDigest: AuditEntry.digest(of: outcomes),
            previous: audit.last?.hash ?? Array(repeating: 0, count: IDHash.byteCount))
        audit.append(entry)
        auditOutcomes[entry.number] = outcomes
    }
}

// MARK: - Purge

extension MemoryState {
    /// Removes those of some sessions that nobody needs any more; answers how many they were.
    mutating func purge(_ ids: some Sequence<IDHash>, _ retention: Retention, at now: Timestamp) -> Int {
        let spent = ids.filter { isSpent($0, retention, at: now) }
        remove(spent, at: now)
        return spent.count
    }

    /// Forgets what else nobody needs any more.
    mutating func trim(_ retention: Retention, _ held: HeldCutoffs, at now: Timestamp) {
        gone = gone.filter { $0.value.at >= now - retention.feed }
        denied = denied.filter { $0.value.at >= now - retention.feed }
        trimFeed(until: now - retention.feed)
        forgetCutoffs(setBefore: now - retention.cutoff, held, at: now)
        trimRemovals(until: now - .seconds(3600))
    }

    /// Forgets nodes whose last report is still the one that was found.
    mutating func removeNodes(_ silent: [NodeReport]) {
        for report in silent where nodes[Array(report.id.utf8)] == report { nodes[Array(report.id.utf8)] = nil }
    }

    private func isSpent(_ id: IDHash, _ retention: Retention, at now: Timestamp) -> Bool {
        guard let session = session(id), let absolute = session.deadlines.absolute, absolute <= now,
            records[id]?.isLeaving != true
        else { return false }
        return session.revocation.map { $0.at + retention.tombstone <= now } ?? true
    }

    /// Forgets cut-offs that can end nothing any more.
    ///
    /// A node's own memory keeps them, one of each scope: a node that could not be told of one may still hand a session
    /// over that it covers.
    private mutating func forgetCutoffs(setBefore moment: Timestamp, _ held: HeldCutoffs, at now: Timestamp) {
        guard owner == nil else { return }
        var cutoffs = held.look(at: self.cutoffs.all, setBefore: moment, feedStart: feedStart, at: now)
        guard !cutoffs.isEmpty else { return }
        for session in records.values.lazy.map(\.session) {
            cutoffs.take(
                epoch: session.epoch, tenant: session.tenant, user: session.user, client: session.client,
                absolute: session.deadlines.absolute)
        }
        held.remember(cutoffs, at: now)
        for cutoff in cutoffs.spent { self.cutoffs.remove(cutoff) }
    }

    private mutating func trimFeed(until moment: Timestamp) {
        let old = feed.prefix { $0.at < moment }
        guard let last = old.last else { return }
        feedStart = last.position
        feed.removeFirst(old.count)
    }

    private mutating func trimRemovals(until moment: Timestamp) {
        let old = removals.prefix { $0.at < moment }
        guard let last = old.last else { return }
        changeStart = last.change
        removals.removeFirst(old.count)
    }
}
