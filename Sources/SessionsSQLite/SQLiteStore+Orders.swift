public import Sessions

/// What operators order.
extension SQLiteStore {
    /// Ends sessions, for good, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`; then nothing was done.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        let done = try await write { try $0.revoke(target, order) }
        return RevokeReceipt(outcomes: done.outcomes, position: done.position, durable: time.monotonic())
    }

    /// Denies single tokens, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`; then nothing was done.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        let position = try await write { transaction in
            try transaction.deny(denials, at: order.at)
            let outcomes = TokenDenial.outcomes(of: denials)
            try transaction.audit(.deny, target: TokenDenial.target(of: denials), outcomes, order)
            return transaction.positions.feedEnd
        }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Sets a cut-off, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`; then nothing was done.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        if let target = RevokeTarget(scope) { return try await revoke(target, order: order) }
        let position = try await write { transaction in
            transaction.mustReloadChanges()
            _ = try transaction.cutOff(scope, Revocation(at: order.at, by: order.actor, reason: order.reason))
            try transaction.audit(
                .cutoff, target: "\(scope.kind):\(scope.key)", count: 0, result: "done", [], order)
            return transaction.positions.feedEnd
        }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Moves idle deadlines later, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`; then nothing was done.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await write { transaction in
            let outcomes = try ids.map { try transaction.extend($0, to: deadline, at: order.at) }
            let audited = zip(ids, outcomes).map { AuditOutcome(id: $0, word: $1.word) }
            try transaction.audit(.extend, target: AuditEntry.target(of: ids), audited, order)
            return outcomes
        }
    }

    /// Adds an entry to the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await write { try $0.audit(action, target: target, count: count, result: result, outcomes, order) }
    }

    /// The audit log's entries after a number, in order.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await readers.snapshot { [namespaceNumber] db in
            try db.audit(after: number, limit: limit, in: namespaceNumber)
        }
    }
}

extension WriteTransaction {
    typealias Outcome = (id: IDHash, user: String?, outcome: RevokeOutcome)

    fileprivate mutating func revoke(
        _ target: RevokeTarget, _ order: Order
    ) throws -> (outcomes: [Outcome], position: FeedPosition) {
        let revocation = Revocation(at: order.at, by: order.actor, reason: order.reason)
        let outcomes: [Outcome]
        let words: String
        switch target {
        case .sessions(let ids):
            outcomes = try ids.map { id in
                let found = try revoke(id, revocation)
                return (id, found.user, found.outcome)
            }
            words = AuditEntry.target(of: ids)
        case .user(let user):
            outcomes = try revokeAll(of: .user(user), revocation)
            words = "user:\(user)"
        case .everyone:
            outcomes = try revokeAll(of: .everyone, revocation)
            words = "everyone"
        }
        let audited = outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) }
        try audit(.revoke, target: words, audited, order)
        return (outcomes, positions.feedEnd)
    }

    /// Marks the rows, and sets the cut-off: one entry of the feed, however many there are.
    private mutating func revokeAll(of scope: CutoffScope, _ revocation: Revocation) throws -> [Outcome] {
        let ended = try endAll(ofUser: scope == .everyone ? nil : scope.key, revocation)
        _ = try cutOff(scope, revocation)
        return ended.map { ($0.id, $0.user, .revoked) }
    }
}
