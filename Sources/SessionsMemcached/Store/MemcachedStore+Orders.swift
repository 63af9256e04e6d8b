public import Sessions

/// What operators order.
///
/// A tool that dies between a change and its entry in the audit log leaves none: nothing here writes two items at once.
/// One whose task is cancelled leaves it: an order that was begun is done to its end.
extension MemcachedStore {
    /// Ends sessions, for good, with one entry in the audit log.
    ///
    /// For a user and for everyone the cut-off comes first and ends them all at once; then they are listed.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done; to order it again is safe.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try await shielded { [self] in
            var receipt = RevokeReceipt(outcomes: [], position: .start, durable: time.monotonic())
            var note: String?
            switch target {
            case .sessions(let ids):
                let revocation = Revocation(at: order.at, by: order.actor, reason: order.reason)
                let ended = try await end(ids, revocation)
                (receipt.outcomes, receipt.position) = (ended.outcomes, ended.position)
                receipt.durable = time.monotonic()
            case .user(let user): note = try await cutOff(.user(user), order, &receipt)
            case .everyone: note = try await cutOff(.everyone, order, &receipt)
            }
            let outcomes = receipt.outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) }
            try await close(.revoke, target: target.words, order, outcomes, note: note)
            return receipt
        }
    }

    /// Denies single tokens, with one entry in the audit log.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done; to order it again is safe.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        try await shielded { [self] in
            let position = try await deny(denials, at: order.at)
            let durable = time.monotonic()
            try await close(.deny, target: TokenDenial.target(of: denials), order, TokenDenial.outcomes(of: denials))
            return RevokeReceipt(outcomes: [], position: position, durable: durable)
        }
    }

    /// Sets a cut-off, with one entry in the audit log.
    ///
    /// - Throws: `SessionsError`: with `unavailable` it may have been done; to order it again is safe.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        try await shielded { [self] in
            if let target = RevokeTarget(scope) { return try await revoke(target, order: order) }
            let position = try await cutOff(scope, Revocation(at: order.at, by: order.actor, reason: order.reason))
            let durable = time.monotonic()
            try await close(.cutoff, target: "\(scope.kind):\(scope.key)", order, [], result: "done")
            return RevokeReceipt(outcomes: [], position: position, durable: durable)
        }
    }

    /// Moves idle deadlines later, with one entry in the audit log.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await shielded { [self] in
            try requireWritable()
            let root = try await root()
            let outcomes = try await change(ids, root) { item, cut, indices in
                indices.map { _ in item.extend(to: deadline, at: order.at, cut: cut) }
            }.map { $0 ?? .notFound }
            let audited = zip(ids, outcomes).map { AuditOutcome(id: $0, word: $1.word) }
            try await close(.extend, target: AuditEntry.target(of: ids), order, audited)
            return outcomes
        }
    }
}

extension MemcachedStore {
    /// Cuts a scope off, then lists whom that ended; answers what the audit log should know of it.
    private func cutOff(_ scope: CutoffScope, _ order: Order, _ receipt: inout RevokeReceipt) async throws -> String? {
        let epoch = try await cutOff(scope, Revocation(at: order.at, by: order.actor, reason: order.reason))
        (receipt.position, receipt.durable) = (epoch, time.monotonic())
        do {
            receipt.outcomes = try await sessions(endedBy: epoch, of: scope, at: order.at)
            receipt.gaps = await gaps()
            return receipt.gaps.isEmpty ? nil : "without those of servers that gave no answer"
        } catch let error as SessionsError {
            // It is done all the same: only who was ended can't be told.
            return "whom it ended is not known: \(error.message)"
        }
    }

    /// The sessions that a cut-off ended, the oldest first.
    ///
    /// Nothing writes to them any more, so they can be listed afterwards: those issued before it, that no earlier
    /// cut-off had ended, and that had reached no deadline.
    private func sessions(
        endedBy epoch: FeedPosition, of scope: CutoffScope, at now: Timestamp
    ) async throws -> [(id: IDHash, user: String?, outcome: RevokeOutcome)] {
        let book = try await cutoffBook(try await root())
        var ended: [(place: Int64, id: IDHash, user: String?)] = []
        try await forEachRow { id, row, _ in
            guard row.state == .live, row.epoch < epoch, !row.deadlines.havePassed(at: now),
                book.firstEpoch(row) == epoch
            else { return }
            ended.append((row.place, id, row.user))
        }
        return ended.sorted { $0.place < $1.place }.map { ($0.id, $0.user, .revoked) }
    }
}

extension StoredItem {
    /// Moves the idle deadline, where it is live.
    fileprivate mutating func extend(to deadline: NewDeadline, at now: Timestamp, cut: Revocation?) -> ExtendOutcome {
        let standing = row.standing(at: now, cut: cut)
        guard standing == .live else { return .refused(standing) }
        guard let old = row.deadlines.idle ?? row.deadlines.absolute else { return .unchanged(deadline: nil) }
        return row.deadlines.extend(to: deadline.wanted(from: old))
    }
}
