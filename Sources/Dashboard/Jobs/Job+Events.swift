internal import Sessions

extension Job {
    /// Takes in what is heard.
    ///
    /// - Returns: what is to be done next: watch until it is effective, and look again.
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
        case .rechecked(let after, let ids): noteRecheck(after: after, cameBack: ids)
        case .recheckFailed(let after, let reason):
            for place in rechecks.indices where rechecks[place].after == after { rechecks[place].error = reason }
        case .extended(let outcomes): settle(outcomes, at: now)
        case .stopped: enter(.stopped, at: now)
        case .failed(let reason): enter(.failed(reason), at: now)
        }
        return []
    }

    private mutating func enter(_ stage: Stage, at now: Moment) {
        self.stage = stage
        stageAt = now
    }

    private mutating func settle(_ receipt: RevokeReceipt, at now: Moment) -> [Effect] {
        enter(.durable, at: now)
        total = receipt.outcomes.count
        done = total
        for outcome in receipt.outcomes { counts[outcome.outcome.word, default: 0] += 1 }
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
        return [.watchEffective(id, receipt.position, durable: receipt.durable)]
            + rechecks.map { .recheck(id, ended, after: $0.after) }
    }

    private mutating func settle(_ outcomes: [ExtendOutcome], at now: Moment) {
        enter(.done, at: now)
        done = outcomes.count
        for outcome in outcomes { counts[outcome.word, default: 0] += 1 }
        guard case .extend(let ids, _) = kind else { return }
        lines = zip(ids, outcomes).prefix(Self.lineLimit).map { Line(id: $0, user: nil, outcome: .extend($1)) }
    }

    private mutating func noteRecheck(after: Duration, cameBack ids: [IDHash]) {
        for place in rechecks.indices where rechecks[place].after == after { rechecks[place].cameBack = ids.count }
        guard !ids.isEmpty else { return }
        let back = Set(ids)
        for place in lines.indices where back.contains(lines[place].id) { lines[place].outcome = .cameBack }
        counts["cameBack"] = max(counts["cameBack"] ?? 0, ids.count)
    }

    /// Whether an event means that the store has been changed.
    func isSettled(by event: JobEvent) -> Bool {
        switch event {
        case .durable, .extended, .stopped: true
        default: false
        }
    }
}
