internal import Sessions

extension Job {
    /// Takes in what is heard.
    ///
    /// - Returns: what is to be done next: watch until it is effective, look again, and put on the record what came back.
    mutating func hear(_ event: JobEvent, at now: Moment) -> [Effect] {
        switch event {
        case .progress(let done, let failed):
            self.done = max(self.done, done)
            self.failed = max(self.failed, failed)
        case .durable(let receipt): return settle(receipt, at: now)
        case .applied(let nodes, let waiting): (appliedNodes, waitingNodes) = (nodes, waiting)
        case .effective(let after):
            appliedNodes += waitingNodes
            waitingNodes = []
            enter(.effective(after: after), at: now)
        case .uncertain(let reason): enter(.uncertain(reason), at: now)
        case .rechecked(let after, let ids): return noteRecheck(after: after, cameBack: ids, at: now)
        case .recheckFailed(let after, let reason):
            for place in rechecks.indices where rechecks[place].after == after { rechecks[place].error = reason }
        case .extended(let outcomes): settle(outcomes, at: now)
        case .stopped: cutShort(.stopped, at: now)
        case .failed(let reason): cutShort(.failed(reason), at: now)
        }
        return []
    }

    /// Comes to a stage; of a change that was cut short, the part that was done comes there.
    private mutating func enter(_ stage: Stage, at now: Moment) {
        guard !isCutShort else { return partStage = stage }
        self.stage = stage
        stageAt = now
    }

    /// Ends before all was done.
    private mutating func cutShort(_ end: Stage, at now: Moment) {
        switch stage {
        case .durable, .effective, .uncertain: partStage = stage
        case .running, .done, .stopped, .failed: break
        }
        stage = end
        stageAt = now
    }

    private mutating func settle(_ receipt: RevokeReceipt, at now: Moment) -> [Effect] {
        enter(.durable, at: now)
        done = receipt.outcomes.count + receipt.unlisted
        switch kind {
        case .revoke(.user), .revoke(.everyone): total = done
        case .revoke(.sessions), .extend: break
        }
        for outcome in receipt.outcomes { counts[outcome.outcome.word, default: 0] += 1 }
        if receipt.unlisted > 0 { counts[RevokeOutcome.revoked.word, default: 0] += receipt.unlisted }
        lines = receipt.outcomes.prefix(Self.lineLimit).map {
            Line(id: $0.id, user: $0.user, outcome: .revoke($0.outcome))
        }
        rechecks = Self.recheckTimes.map { Recheck(after: $0) }
        let revoked = receipt.outcomes.filter { $0.outcome == .revoked }.map { ($0.id, $0.user) }
        let ended: [IDHash: String?] = Dictionary(revoked) { first, _ in first }
        if ended.isEmpty { rechecks = [] }
        guard receipt.unreached.isEmpty else {
            // Whatever those nodes hold of it is live: it is not effective, however long one waits.
            enter(.uncertain("\(receipt.unreached.joined(separator: ", ")) could not be told"), at: now)
            return rechecks.map { .recheck(id, ended, after: $0.after) }
        }
        guard meaning == .ends else {
            enter(.done, at: now)
            return rechecks.map { .recheck(id, ended, after: $0.after) }
        }
        return [.watchEffective(id, receipt.position, durable: receipt.durable)]
            + rechecks.map { .recheck(id, ended, after: $0.after) }
    }

    private mutating func settle(_ outcomes: [ExtendOutcome], at now: Moment) {
        enter(.done, at: now)
        done = outcomes.count
        for outcome in outcomes { counts[outcome.word, default: 0] += 1 }
        guard case .extend(let ids, _) = kind else { return }
        lines = zip(ids, outcomes).prefix(Self.lineLimit).map { Line(id: $0, user: users[$0], outcome: .extend($1)) }
    }

    private mutating func noteRecheck(after: Duration, cameBack ids: [IDHash], at now: Moment) -> [Effect] {
        for place in rechecks.indices where rechecks[place].after == after { rechecks[place].cameBack = ids.count }
        guard !ids.isEmpty else { return [] }
        let back = Set(ids)
        for place in lines.indices where back.contains(lines[place].id) { lines[place].outcome = .cameBack }
        // Each has one outcome: it is no longer among the revoked, and a second look finds it once.
        let new = back.subtracting(returned).sorted()
        returned.formUnion(back)
        counts[Self.cameBack, default: 0] += new.count
        let left = (counts["revoked"] ?? 0) - new.count
        counts["revoked"] = left > 0 ? left : nil
        guard case .revoke(let target) = kind, !new.isEmpty else { return [] }
        return [.recordReturned(new, of: target, Order(actor: order.actor, reason: order.reason, at: now.wall))]
    }

    /// Of the sessions that it was ordered for one by one, those that have an outcome now.
    ///
    /// - Returns: `nil` for an event that doesn't mean that the store may have been changed.
    func settled(by event: JobEvent) -> [IDHash]? {
        switch (event, kind) {
        case (.durable(let receipt), .revoke(.sessions)): receipt.outcomes.map(\.id)
        case (.extended(let outcomes), .extend(let ids, _)): Array(ids.prefix(outcomes.count))
        case (.durable, _), (.extended, _), (.stopped, _): []
        default: nil
        }
    }
}
