public import Sessions

/// What operators order.
extension PostgresStore {
    /// Ends sessions, for good, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly`, `refused` or `storeFull`; then nothing was done.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        let done = try await carryOut { try $0.revoke(target, order, limit: $1) }
        return RevokeReceipt(outcomes: done.outcomes, position: done.position, durable: time.monotonic())
    }

    /// Denies single tokens, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly`, `refused` or `storeFull`; then nothing was done.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        let position = try await carryOut { try $0.deny(denials, order, limit: $1) }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Sets a cut-off, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly`, `refused` or `storeFull`; then nothing was done.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        if let target = RevokeTarget(scope) { return try await revoke(target, order: order) }
        let position = try await carryOut { try $0.cutOff(scope, order, limit: $1) }
        return RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
    }

    /// Moves idle deadlines later, with one entry in the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly`, `refused` or `storeFull`; then nothing was done.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await carryOut { try $0.extend(ids, to: deadline, order, limit: $1) }
    }

    /// Adds an entry to the audit log.
    ///
    /// - Throws: ``SessionsError`` with `readOnly`, `refused` or `storeFull`.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await write { transaction in
            let last = try transaction.link.run([.begin, transaction.lockPositions, transaction.lastEntry])[2]
            let entry = try transaction.auditing(
                action, target: target, count: count, result: result, outcomes, order, after: last)
            _ = try transaction.link.run(entry + [.commit])
        }
    }

    /// The audit log's entries after a number, in order.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await use { [context] link in
            try link.run([AuditEntry.query(context.ns, .integer(number), .limit(limit))])[0].map {
                try AuditEntry($0)
            }
        }
    }

    private func carryOut<Result: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction, Duration) throws -> Result
    ) async throws -> Result {
        try await pool.use(for: pool.limits.order + .seconds(2)) { [context, limit = pool.limits.order] link in
            try work(WriteTransaction(link: link, context: context), limit)
        }
    }
}

extension WriteTransaction {
    typealias Outcome = (id: IDHash, user: String?, outcome: RevokeOutcome)

    fileprivate func revoke(
        _ target: RevokeTarget, _ order: Order, limit: Duration
    ) throws -> (outcomes: [Outcome], position: FeedPosition) {
        switch target {
        case .sessions(let ids): try revoke(ids, order, limit: limit)
        case .user(let user): try revokeAll(of: .user(user), words: "user:\(user)", order, limit: limit)
        case .everyone: try revokeAll(of: .everyone, words: "everyone", order, limit: limit)
        }
    }

    /// Ends what is live in one statement.
    ///
    /// What it left, which most often had ended before, is locked and looked at: what another transaction kept alive
    /// meanwhile is ended then.
    private func revoke(
        _ ids: [IDHash], _ order: Order, limit: Duration
    ) throws -> (outcomes: [Outcome], position: FeedPosition) {
        let revocation = Revocation(order)
        let first = try link.run([.begin, .limit(limit), context.log.announce, endingLive(ids, revocation)])
        var found = Dictionary(
            try first[3].map { (try $0.id(0), LockedSession(live: try $0.id(0), user: $0.optionalText(1))) }
        ) { first, _ in first }
        let endedAtOnce = found.keys
        let left = ids.filter { found[$0] == nil }
        if !left.isEmpty { found.merge(try lock(left)) { first, _ in first } }
        var (outcomes, ended): ([Outcome], [IDHash]) = ([], [])
        for id in ids {
            let (outcome, isEnded) = found.revoke(id, revocation)
            outcomes.append((id, found[id]?.user, outcome))
            if isEnded { ended.append(id) }
        }
        let late = ended.filter { !endedAtOnce.contains($0) }
        let work =
            (late.isEmpty ? [] : [ending(late, revocation)])
            + (ended.isEmpty ? [] : appendingToFeed(ended, at: order.at))
        let done = try link.run(work + [lockPositions, lastEntry])
        try finish(outcomes, words: AuditEntry.target(of: ids), order, after: done[work.count + 1])
        return (outcomes, Self.position(in: done[work.count]))
    }

    /// Marks the rows, and sets the cut-off: one entry of the feed, however many there are.
    private func revokeAll(
        of scope: CutoffScope, words: String, _ order: Order, limit: Duration
    ) throws -> (outcomes: [Outcome], position: FeedPosition) {
        let work = cuttingOff(scope, marksEveryone: true, Revocation(order))
        let before = [Command.begin, .limit(limit)]
        let done = try link.run(before + work.commands + [lastEntry])
        let ended = try work.marks.flatMap { mark in
            try done[before.count + mark].map { ($0.integer(2), try $0.id(0), $0.optionalText(1)) }
        }.sorted { $0.0 < $1.0 }
        let outcomes = ended.map { ($0.1, $0.2, .revoked) as Outcome }
        try finish(outcomes, words: words, order, after: done[before.count + work.commands.count])
        return (outcomes, Self.position(in: done[before.count + work.cut]))
    }

    fileprivate func deny(_ denials: [TokenDenial], _ order: Order, limit: Duration) throws -> FeedPosition {
        let work = denials.isEmpty ? [] : denying(denials, at: order.at)
        let before = [Command.begin, .limit(limit)] + work
        let done = try link.run(before + [lockPositions, lastEntry])
        let entry = try auditing(
            .deny, target: TokenDenial.target(of: denials), TokenDenial.outcomes(of: denials), order,
            after: done[before.count + 1])
        _ = try link.run(entry + [.commit])
        return Self.position(in: done[before.count])
    }

    fileprivate func cutOff(_ scope: CutoffScope, _ order: Order, limit: Duration) throws -> FeedPosition {
        let work = cuttingOff(scope, Revocation(order))
        let before = [Command.begin, .limit(limit)]
        let done = try link.run(before + work.commands + [lastEntry])
        let entry = try auditing(
            .cutoff, target: "\(scope.kind):\(scope.key)", count: 0, result: "done", [], order,
            after: done[before.count + work.commands.count])
        _ = try link.run(entry + [.commit])
        return Self.position(in: done[before.count + work.cut])
    }

    private func finish(_ outcomes: [Outcome], words: String, _ order: Order, after last: Rows) throws {
        let audited = outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) }
        _ = try link.run(auditing(.revoke, target: words, audited, order, after: last) + [.commit])
    }

    fileprivate func extend(
        _ ids: [IDHash], to deadline: NewDeadline, _ order: Order, limit: Duration
    ) throws -> [ExtendOutcome] {
        var found = try begin(locking: ids, limit: limit)
        var moves: [Command] = []
        let outcomes = ids.map { id in
            let old = found[id]?.deadlines
            let outcome = found.extend(id, to: deadline, at: order.at)
            if let new = found[id]?.deadlines, new != old {
                moves.append(extending(id, to: new.idle, at: order.at))
            }
            return outcome
        }
        let done = try link.run(moves + [lockPositions, lastEntry])
        let audited = zip(ids, outcomes).map { AuditOutcome(id: $0, word: $1.word) }
        let entry = try auditing(
            .extend, target: AuditEntry.target(of: ids), audited, order, after: done[moves.count + 1])
        _ = try link.run(entry + [.commit])
        return outcomes
    }
}

extension [IDHash: LockedSession] {
    /// What an extend finds, and what it leaves.
    fileprivate mutating func extend(_ id: IDHash, to deadline: NewDeadline, at now: Timestamp) -> ExtendOutcome {
        guard let locked = self[id] else { return .notFound }
        let standing = locked.standing(at: now)
        guard standing == .live else { return .refused(standing) }
        var deadlines = locked.deadlines
        guard let old = deadlines.idle ?? deadlines.absolute else { return .unchanged(deadline: nil) }
        let outcome = deadlines.extend(to: deadline.wanted(from: old))
        self[id]?.deadlines = deadlines
        return outcome
    }
}

extension Revocation {
    fileprivate init(_ order: Order) { self.init(at: order.at, by: order.actor, reason: order.reason) }
}
