public import Sessions

/// What operators order.
extension LayoutDirectory {
    private typealias Outcome = (id: IDHash, user: String?, outcome: RevokeOutcome)

    /// So often an extend is tried again where the application has written the session meanwhile.
    private static let extendAttempts = 3

    /// Ends sessions as the framework itself ends one.
    ///
    /// A session that the application writes meanwhile may come back: look again. What was done is on the record for each
    /// 500 sessions, whatever comes after.
    ///
    /// - Throws: ``SessionsError`` with `refused` where this layout's sessions can't be ended here, as the log does where it
    ///   can't be written, and as the store does where none was ended. Where some were, what came in between stands in the
    ///   outcomes of the rest.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try require(capabilities.revoke, to: "revoke")
        // What can't be put on the record isn't done.
        try log?.prepare()
        let ids: [IDHash]
        var gaps: [String] = []
        switch target {
        case .sessions(let given): ids = given
        case .user(let user):
            let found = try await look(for: user, at: time.wall())
            ids = found.ids
            gaps = Self.gaps(unread: found.unread)
        case .everyone: ids = try await liveSessions()
        }
        var outcomes: [Outcome] = []
        var traces: [LayoutChange] = []
        var failure: (any Error)?
        for piece in ids.isEmpty ? [[]] : ids.slices(of: OperatorLog.sessionsAnEntry) {
            let done = await end(Array(piece), unless: failure)
            failure = done.failure
            log?.keep(
                .revoke, target: target.words(ofPiece: Array(piece)),
                outcomes: done.outcomes.map { AuditOutcome(id: $0.id, word: $0.outcome.word) }, order: order)
            outcomes += done.outcomes
            traces += done.traces
        }
        let durable = time.monotonic()
        if !traces.isEmpty { await source.tidy(after: traces) }
        if let failure, !outcomes.contains(where: { $0.outcome == .revoked }) { throw failure }
        var receipt = RevokeReceipt(outcomes: outcomes, position: FeedPosition(0), durable: durable)
        receipt.gaps = gaps
        return receipt
    }

    /// Moves deadlines later in every place where they are kept.
    ///
    /// A session without a deadline keeps none: it would be shortened. Where one can't be moved its outcome says why, and
    /// the others are moved all the same. When the store stops answering, the outcomes of the rest say so.
    ///
    /// - Throws: ``SessionsError`` with `refused` where this layout's deadlines can't be moved, as the log does where it
    ///   can't be written, and as the store does where it answered for no session.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try require(capabilities.extend, to: "extend")
        // What can't be put on the record isn't done.
        try log?.prepare()
        let keys = Array(zip(ids, try await keys(of: ids)))
        var outcomes: [ExtendOutcome] = []
        var silence: (any Error)?
        for piece in keys.isEmpty ? [[]] : keys.slices(of: OperatorLog.sessionsAnEntry) {
            var part: [ExtendOutcome] = []
            for (id, key) in piece { part.append(await extend(id, under: key, to: deadline, unless: &silence)) }
            log?.keep(
                .extend, target: AuditEntry.target(of: piece.map { $0.0 }),
                outcomes: zip(piece, part).map { AuditOutcome(id: $0.0, word: $1.word) }, order: order)
            outcomes += part
        }
        if let silence, outcomes.allSatisfy({ $0.word == "failed" }) { throw silence }
        return outcomes
    }

    private func require(_ ability: Capabilities.Ability, to what: String) throws {
        if let reason = ability.reason {
            throw SessionsError(.refused, "\(description.url) can't \(what): \(reason)")
        }
    }

    private func liveSessions() async throws -> [IDHash] {
        var ids: [IDHash] = []
        let now = time.wall()
        try await forEachSession { if $0.row.standing(at: now) == .live { ids.append($0.row.id) } }
        return ids
    }

    /// Ends some sessions, unless something has failed before: then that is what their outcomes say.
    private func end(
        _ ids: [IDHash], unless failure: (any Error)?
    ) async -> (outcomes: [Outcome], traces: [LayoutChange], failure: (any Error)?) {
        var failure = failure
        if failure == nil {
            do { return try await end(ids) } catch { failure = error }
        }
        let reason = failure.map { SessionsError.reason($0) } ?? ""
        return (ids.map { ($0, nil, .failed(because: reason)) as Outcome }, [], failure)
    }

    /// Ends some sessions.
    ///
    /// - Returns: what became of each, the changes that left traces, and what kept the store from carrying it out, or
    ///   from saying that it did.
    /// - Throws: what kept it from being tried.
    private func end(
        _ ids: [IDHash]
    ) async throws -> (outcomes: [Outcome], traces: [LayoutChange], failure: (any Error)?) {
        let keys = try await keys(of: ids)
        var outcomes: [IDHash: (user: String?, outcome: RevokeOutcome)] = [:]
        var live: [(id: IDHash, change: LayoutChange)] = []
        let now = time.wall()
        try await read(keys.compactMap { $0 }, whole: false) { record, found in
            let row = found.row
            switch row.standing(at: now) {
            case .revoked: outcomes[row.id] = (row.user, .alreadyRevoked(nil))
            case .expired: outcomes[row.id] = (row.user, .expired(at: row.end))
            case .live:
                outcomes[row.id] = (row.user, .notFound)
                do {
                    live.append((row.id, try layout.removal(of: record, user: row.user)))
                } catch let error as SessionsError {
                    outcomes[row.id]?.outcome = .failed(because: error.message)
                }
            }
        }
        var traces: [LayoutChange] = []
        var failure: (any Error)?
        do {
            let done = try await source.apply(live.map(\.change))
            for ((id, change), isDone) in zip(live, done) where isDone {
                outcomes[id]?.outcome = .revoked
                if change.leavesTraces { traces.append(change) }
            }
        } catch {
            failure = error
            for (id, _) in live { outcomes[id]?.outcome = .failed(because: SessionsError.reason(error)) }
        }
        let all: [Outcome] = ids.map { id in
            outcomes[id].map { (id, $0.user, $0.outcome) } ?? (id, nil, .notFound)
        }
        return (all, traces, failure)
    }

    /// Moves one deadline, unless the store has stopped answering: it isn't waited for once more for each of the rest.
    private func extend(
        _ id: IDHash, under key: [UInt8]?, to deadline: NewDeadline, unless silence: inout (any Error)?
    ) async -> ExtendOutcome {
        guard let key else { return .notFound }
        if let silence { return .failed(because: SessionsError.reason(silence)) }
        do {
            return try await extend(id, under: key, to: deadline)
        } catch {
            let code = (error as? SessionsError)?.code
            if code == nil || code == .unavailable || code == .busy { silence = error }
            return .failed(because: SessionsError.reason(error))
        }
    }

    private func extend(_ id: IDHash, under key: [UInt8], to deadline: NewDeadline) async throws -> ExtendOutcome {
        for _ in 0..<Self.extendAttempts {
            guard let (record, found) = try await session(under: key) else { return .notFound }
            let state = found.row.standing(at: time.wall())
            guard state == .live else { return .refused(state) }
            guard !found.isEndUnknown else {
                return .failed(because: "when s:\(id.handle) ends can't be read: its deadline stays")
            }
            guard let old = found.row.deadlines.idle else { return .unchanged(deadline: nil) }
            let wanted = deadline.wanted(from: old)
            guard wanted <= .lastWritable else { throw SessionsError.tooLate }
            var deadlines = found.row.deadlines
            let outcome = deadlines.extend(to: layout.writable(wanted, for: record))
            guard case .extended(_, let new) = outcome else { return outcome }
            do {
                if try await source.apply([layout.move(record, to: new)])[0] { return outcome }
            } catch let error as SessionsError where error.code == .unsupported {
                return .unchanged(deadline: old)
            }
        }
        return .failed(because: "s:\(id.handle) is being written all the time: try again")
    }
}
