public import Sessions

/// What operators order.
extension RedisStore {
    /// So many sessions or tokens are ended in one step, or extended: others are served between two, and what the server
    /// has read of one is still at hand when it writes.
    static let endedAtOnce = 250
    /// So many steps are on their way at once: the server doesn't wait for us between them.
    private static let stepsAtOnce = 8

    /// Ends sessions, for good, with one entry in the audit log.
    ///
    /// Beyond 250 sessions it takes several steps, each as a whole. For everyone the cut-off comes first and ends them
    /// all at once; then they are listed.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done; to order it again is safe.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        let revocation = Revocation(at: order.at, by: order.actor, reason: order.reason)
        let ticket = OrderTicket(.revoke, target: target.words, order: order)
        var receipt = RevokeReceipt(outcomes: [], position: .start, durable: time.monotonic())
        switch target {
        case .sessions(let ids):
            let ended = try await endAll(ids, revocation, ticket)
            (receipt.outcomes, receipt.position) = (ended.outcomes, ended.position)
            receipt.durable = time.monotonic()
        case .user(let user):
            let done = try await cutOff(.user(user), revocation, ticket: ticket)
            receipt.outcomes = done.ended.map { ($0, user, .revoked) }
            receipt.position = done.position
            receipt.durable = time.monotonic()
        case .everyone:
            receipt.position = try await cutOff(.everyone, revocation, ticket: ticket).position
            receipt.durable = time.monotonic()
            let ended = try await sessions(endedBy: receipt.position, at: order.at)
            try await note(ended.map(\.id), ticket)
            receipt.outcomes = ended.map { ($0.id, $0.user, .revoked) }
        }
        try await close(ticket, receipt.outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) })
        return receipt
    }

    /// Denies single tokens, with one entry in the audit log; beyond 250, in several steps.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done; to order it again is safe.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        let ticket = OrderTicket(.deny, target: TokenDenial.target(of: denials), order: order)
        let position = try await deny(denials, at: order.at, ticket: ticket)
        let durable = time.monotonic()
        try await close(ticket, TokenDenial.outcomes(of: denials))
        return RevokeReceipt(outcomes: [], position: position, durable: durable)
    }

    /// Sets a cut-off, with one entry in the audit log.
    ///
    /// - Throws: `SessionsError`: with `unavailable` it may have been done; to order it again is safe.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        if let target = RevokeTarget(scope) { return try await revoke(target, order: order) }
        let revocation = Revocation(at: order.at, by: order.actor, reason: order.reason)
        let ticket = OrderTicket(.cutoff, target: "\(scope.kind):\(scope.key)", order: order)
        let position = try await cutOff(scope, revocation, ticket: ticket).position
        let durable = time.monotonic()
        try await close(ticket, [], result: "done")
        return RevokeReceipt(outcomes: [], position: position, durable: durable)
    }

    /// Moves idle deadlines later, with one entry in the audit log; beyond 250 sessions, in several steps.
    ///
    /// - Throws: `SessionsError`: with `unavailable` some of it may have been done.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        let ticket = OrderTicket(.extend, target: AuditEntry.target(of: ids), order: order)
        var outcomes: [ExtendOutcome] = []
        for ids in ids.isEmpty ? [[]] : ids.slices(of: Self.endedAtOnce) {
            var reply = try await run(StoreScripts.extend) {
                $0.add(order.at)
                $0.add(deadline)
                $0.add(ticket)
                for id in ids { $0.add(id) }
            }
            for _ in ids { outcomes.append(try reply.extendOutcome()) }
        }
        try await close(ticket, zip(ids, outcomes).map { AuditOutcome(id: $0, word: $1.word) })
        return outcomes
    }
}

extension RedisStore {
    /// Ends sessions in as many steps as it takes, several sent at once; while the server takes the next, the answers to
    /// the last are read.
    private func endAll(
        _ ids: [IDHash], _ revocation: Revocation, _ ticket: OrderTicket
    ) async throws -> Ended {
        let steps = ids.isEmpty ? [[]] : ids.slices(of: Self.endedAtOnce)
        var rest = steps.slices(of: Self.stepsAtOnce)[...]
        var all = Ended(outcomes: [], position: .start)
        all.outcomes.reserveCapacity(ids.count)
        var some = rest.popFirst() ?? []
        var answers = try await order(some, revocation, ticket)
        while !some.isEmpty {
            let next = rest.popFirst() ?? []
            async let following = order(next, revocation, ticket)
            for (ids, answer) in zip(some, answers) {
                let step = try Self.ended(ids, answer)
                all.outcomes += step.outcomes
                // One that a server learns the script from, or is led elsewhere, is taken after those that follow it.
                all.position.raise(to: step.position)
            }
            (answers, some) = (try await following, next)
        }
        return all
    }

    private func order(
        _ steps: ArraySlice<ArraySlice<IDHash>>, _ revocation: Revocation, _ ticket: OrderTicket
    ) async throws -> [PackedReader] {
        try await run(StoreScripts.revoke, for: steps) { Self.addEnd(of: $1, revocation, ticket, to: &$0) }
    }

    /// The sessions that a cut-off of everyone ended, the oldest first.
    ///
    /// Nothing writes to them any more, so they can be listed afterwards: those issued before it, that no earlier
    /// cut-off had ended, and that had reached no deadline.
    private func sessions(
        endedBy epoch: FeedPosition, at now: Timestamp
    ) async throws -> [(place: Int64, id: IDHash, user: String?)] {
        var ended: [(place: Int64, id: IDHash, user: String?)] = []
        try await forEachRow { id, row, book in
            guard row.state == .live, row.epoch < epoch, !row.deadlines.havePassed(at: now),
                book.firstEpoch(row) == epoch
            else { return }
            ended.append((row.place, id, row.user))
        }
        return ended.sorted { $0.place < $1.place }
    }

    /// Keeps with a ticket which sessions its cut-off ended.
    private func note(_ ids: [IDHash], _ ticket: OrderTicket) async throws {
        for ids in ids.slices(of: Self.endedAtOnce) {
            _ = try await run(StoreScripts.note) {
                $0.add(ticket)
                $0.add(ticket.order.at)
                for id in ids { $0.add(id) }
            }
        }
    }
}

extension PackedWriter {
    fileprivate mutating func add(_ deadline: NewDeadline) {
        switch deadline {
        case .by(let duration):
            add(duration)
            addNothing()
        case .until(let moment):
            addNothing()
            add(moment)
        }
    }
}

extension PackedReader {
    /// An outcome's word, and two values that depend on it.
    fileprivate mutating func extendOutcome() throws -> ExtendOutcome {
        let word = try text()
        if word == "refused" {
            guard let state = SessionState(rawValue: try text()) else { throw Self.corrupt }
            _ = try optionalMoment()
            return .refused(state)
        }
        switch (word, try optionalMoment(), try optionalMoment()) {
        case ("extended", let old?, let new?): return .extended(from: old, to: new)
        case ("clipped", let old?, let new?): return .clipped(from: old, to: new)
        case ("unchanged", let deadline, nil): return .unchanged(deadline: deadline)
        case ("notFound", nil, nil): return .notFound
        default: throw Self.corrupt
        }
    }
}
