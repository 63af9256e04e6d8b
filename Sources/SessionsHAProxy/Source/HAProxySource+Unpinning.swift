public import Sessions

/// Unpinning: what a revoke is here.
extension HAProxySource {
    /// Unpins sessions: takes their entries out of the tables, one by one.
    ///
    /// No command is ever sent that would empty a table. An entry that a connection uses can't be taken out: it is tried
    /// again for about 2 s.
    ///
    /// What it did is on the record for each 500 sessions, whatever comes after.
    ///
    /// - Throws: `SessionsError` with `unsupported` for a user, `refused` where the socket doesn't allow it; `unavailable`
    ///   where nothing was done. Where something was, failures stand in the outcomes.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        if let reason = capabilities.revoke.reason { throw SessionsError(.refused, "nothing is unpinned: \(reason)") }
        // What can't be put on the record isn't done.
        try log?.prepare()
        let snapshot = try await read()
        let ids = try ids(target, in: snapshot)
        let outcomes = try await unpin(ids, in: snapshot, target, order)
        return RevokeReceipt(
            outcomes: zip(ids, outcomes).map { ($0, nil, $1) }, position: .start, durable: time.monotonic())
    }

    /// Unpins sessions that were read a moment ago, one by one, and puts it on the record; an outcome for each, in order.
    ///
    /// - Throws: what kept all of them from being unpinned, which is on the record as well; where some were, or need not
    ///   be, failures stand in the outcomes.
    func unpin(
        _ ids: [IDHash], in snapshot: StickSnapshot, _ target: RevokeTarget, _ order: Order
    ) async throws -> [RevokeOutcome] {
        defer { forget(Dictionary(ids.map { ($0, snapshot.places(of: $0)) }) { first, _ in first }) }
        var outcomes: [RevokeOutcome] = []
        var failures = Failures()
        for piece in ids.isEmpty ? [[]] : ids.slices(of: OperatorLog.sessionsAnEntry) {
            var part: [RevokeOutcome] = []
            for id in piece { part.append(await unpin(id, in: snapshot, &failures)) }
            log?.keep(
                .revoke, target: target.words(ofPiece: Array(piece)),
                outcomes: zip(piece, part).map { AuditOutcome(id: $0, word: $1.word) }, order: order)
            outcomes += part
        }
        if let first = failures.first, outcomes.allSatisfy(\.isFailure) { throw first }
        return outcomes
    }

    /// What went wrong on the way.
    private struct Failures {
        /// The first that wasn't a matter of one session.
        var first: (any Error)?
        /// HAProxy doesn't answer, or nobody waits any more: it isn't asked for each of the rest.
        var isOver = false
    }

    private func unpin(_ id: IDHash, in snapshot: StickSnapshot, _ failures: inout Failures) async -> RevokeOutcome {
        if failures.isOver, let first = failures.first { return .failed(because: SessionsError.reason(first)) }
        do {
            return try await unpin(id, in: snapshot)
        } catch let error as SessionsError where error.code == .unsupported {
            return .failed(because: error.message)
        } catch {
            failures.first = failures.first ?? error
            let code = (error as? SessionsError)?.code
            failures.isOver = failures.isOver || code == nil || code == .unavailable
            return .failed(because: SessionsError.reason(error))
        }
    }

    /// Refused: HAProxy alone moves an entry's expiry.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        throw SessionsError(.unsupported, "nothing is extended: \(capabilities.extend.reason ?? "")")
    }

    private func ids(_ target: RevokeTarget, in snapshot: StickSnapshot) throws -> [IDHash] {
        switch target {
        case .sessions(let ids): return ids
        case .user:
            throw SessionsError(
                .unsupported, "HAProxy doesn't know who is signed in: add --with and the store of the sessions")
        case .everyone:
            var ids: [IDHash] = []
            snapshot.forEachRow { ids.append($0.id) }
            return ids
        }
    }

    private func unpin(_ id: IDHash, in snapshot: StickSnapshot) async throws -> RevokeOutcome {
        var outcome = RevokeOutcome.notFound
        for (place, pin) in snapshot.pins(of: id).enumerated() {
            let part: RevokeOutcome
            do {
                part = try await unpin(pin, in: snapshot)
            } catch let error where place > 0 {
                // Another table has forgotten it already.
                part = .failed(because: SessionsError.reason(error))
            }
            // One table that still binds it is one too many.
            if outcome == .notFound || part.isFailure { outcome = part }
        }
        return outcome
    }

    private func unpin(_ pin: StickSnapshot.Pin, in snapshot: StickSnapshot) async throws -> RevokeOutcome {
        let table = snapshot.tables[Int(pin.table)].header
        let key = snapshot.key(pin)
        guard table.kind.hasNamedKeys else {
            return .failed(
                because: "HAProxy can't take one entry out of \(table.name), a table of \(table.kind.rawValue)")
        }
        guard try await entry(key, in: table) != nil else { return .expired(at: pin.end) }
        for pause in Self.pauses {
            let words = try await client.ask(.clearEntry(table: table.name, key: key), WordsReader())
            if words.isEmpty { return await confirm(key, in: table) }
            guard words.contains("in use") else {
                throw SessionsError.faulty(client.address, .refused(words))
            }
            try await time.sleep(time.monotonic() + pause)
        }
        return .failed(because: "connections use its entry all the time: drain its server, or try again")
    }

    /// HAProxy says nothing either way: so look.
    private func confirm(_ key: [UInt8], in table: TableHeader) async -> RevokeOutcome {
        do {
            guard let entry = try await entry(key, in: table), entry.serverNumber != nil || !entry.hasServer else {
                return .revoked
            }
            return .failed(because: "a request has bound it again already")
        } catch {
            return .failed(because: "it was told to forget it, and nobody knows more: \(SessionsError.reason(error))")
        }
    }

    private static let pauses: [Duration] = [20, 50, 100, 200, 400, 600, 800].map { .milliseconds($0) }
}

extension RevokeOutcome {
    fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
