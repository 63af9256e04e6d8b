public import Sessions

/// What operators order.
extension LayoutDirectory {
    private typealias Outcome = (id: IDHash, user: String?, outcome: RevokeOutcome)

    /// So often an extend is tried again where the application has written the session meanwhile.
    private static let extendAttempts = 3

    /// Ends sessions as the framework itself ends one.
    ///
    /// A session that the application writes meanwhile may come back: look again.
    ///
    /// - Throws: ``SessionsError`` with `refused` where this layout's sessions can't be ended here, and as the store
    ///   does; the message says how many had been ended by then.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try require(capabilities.revoke, to: "revoke")
        let ids: [IDHash]
        switch target {
        case .sessions(let given): ids = given
        case .user(let user): ids = try await sessions(ofUser: user, at: time.wall())
        case .everyone: ids = try await liveSessions()
        }
        var outcomes: [Outcome] = []
        for start in stride(from: 0, to: ids.count, by: Self.recordsAtOnce) {
            let piece = Array(ids[start..<min(ids.count, start + Self.recordsAtOnce)])
            do {
                outcomes += try await end(piece)
            } catch let error as SessionsError where !outcomes.isEmpty {
                let done = outcomes.count { $0.outcome == .revoked }
                throw SessionsError(
                    error.code,
                    "\(done) sessions were ended before this, \(ids.count - start) were not: \(error.message)",
                    cause: error.cause)
            }
        }
        return RevokeReceipt(outcomes: outcomes, position: FeedPosition(0), durable: time.monotonic())
    }

    /// Moves deadlines later in every place where they are kept.
    ///
    /// A session without a deadline keeps none: it would be shortened. Where one can't be moved its outcome says why, and
    /// the others are moved all the same. When the store stops answering, the outcomes of the rest say so.
    ///
    /// - Throws: ``SessionsError`` with `refused` where this layout's deadlines can't be moved, and as the store does while
    ///   there is no outcome yet.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try require(capabilities.extend, to: "extend")
        var outcomes: [ExtendOutcome] = []
        var silence: SessionsError?
        for (id, key) in zip(ids, try await keys(of: ids)) {
            guard let key else {
                outcomes.append(.notFound)
                continue
            }
            // A store that doesn't answer isn't waited for once more for each of the rest.
            if let silence {
                outcomes.append(.failed(because: silence.message))
                continue
            }
            do {
                outcomes.append(try await extend(id, under: key, to: deadline))
            } catch let error as SessionsError {
                if [.unavailable, .busy].contains(error.code) {
                    guard !outcomes.isEmpty else { throw error }
                    silence = error
                }
                outcomes.append(.failed(because: error.message))
            }
        }
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

    private func end(_ ids: [IDHash]) async throws -> [Outcome] {
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
        let done = try await source.apply(live.map(\.change))
        for (id, isDone) in zip(live.map(\.id), done) where isDone { outcomes[id]?.outcome = .revoked }
        return ids.map { id in outcomes[id].map { (id, $0.user, $0.outcome) } ?? (id, nil, .notFound) }
    }

    private func extend(_ id: IDHash, under key: [UInt8], to deadline: NewDeadline) async throws -> ExtendOutcome {
        for _ in 0..<Self.extendAttempts {
            guard let (record, found) = try await session(under: key) else { return .notFound }
            let state = found.row.standing(at: time.wall())
            guard state == .live else { return .refused(state) }
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
