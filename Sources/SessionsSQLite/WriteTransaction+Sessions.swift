internal import GRDB
internal import Sessions

/// What is written to sessions.
///
/// Every statement but the insert writes only where the session is live.
extension WriteTransaction {
    mutating func insert(_ session: Session) throws {
        let deadlines = session.deadlines
        do {
            try db.run(
                """
                INSERT INTO sessions(ns, id_hash, state, change, version, epoch, created, authenticated, seen, idle_deadline,
                    absolute_deadline, user, tenant, client, ip, agent, node, revoked_at, revoked_by, reason, key_id, payload)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
                """,
                [
                    .integer(namespace), .id(session.id), .text(session.state.rawValue), nextChange(),
                    .integer(session.version), .position(positions.feedEnd), .moment(session.created),
                    .moment(session.authenticated), .moment(session.seen), .moment(deadlines.idle),
                    .moment(deadlines.absolute), .text(session.user), .text(session.tenant), .text(session.client),
                    .text(session.ip), .text(session.agent), .text(session.node), .moment(session.revocation?.at),
                    .text(session.revocation?.by), .text(session.revocation?.reason), .text(session.payload.keyID),
                    .bytes(session.payload.bytes),
                ])
        } catch let failure as SQLiteFailure where failure.isDuplicate {
            throw SessionsError(.idExists, "the new session's id is taken: make each id with SessionID()")
        }
    }

    /// Looks and then writes, rather than one UPDATE with RETURNING, which makes a table of its own for each call.
    mutating func touch(_ touch: Touch) throws -> TouchOutcome {
        guard var found = try touchable(touch.id), found.deadlines.havePassed(at: touch.at) == false else {
            return .refused(try standing(of: touch.id, at: touch.at))
        }
        found.deadlines.touch(at: touch.at, idle: touch.idle)
        try db.run(
            """
            UPDATE sessions SET seen = max(seen, ?2), idle_deadline = ?3, change = ?4, ip = coalesce(?5, ip),
                agent = coalesce(?6, agent), node = coalesce(?7, node) WHERE rowid = ?1 AND state = 'live'
            """,
            [
                .integer(found.rowid), .moment(touch.at), .moment(found.deadlines.idle), nextChange(), .text(touch.ip),
                .text(touch.agent), .text(touch.node),
            ])
        return .touched(found.deadlines)
    }

    /// The row and the deadlines of a session that nobody has ended; the transaction holds the only right to write.
    private func touchable(_ id: IDHash) throws -> (rowid: Int64, deadlines: Deadlines)? {
        let found = try db.first(
            "SELECT rowid, epoch, idle_deadline, absolute_deadline FROM sessions WHERE ns = ?1 AND id_hash = ?2 AND state = 'live'",
            [.integer(namespace), .id(id)]
        ) { columns in
            let deadlines = Deadlines(idle: columns.optionalMoment(2), absolute: columns.optionalMoment(3))
            return (rowid: columns.integer(0), epoch: columns.position(1), deadlines: deadlines)
        }
        guard let found else { return nil }
        let mayBeCut = found.epoch < positions.cutoffEnd
        if mayBeCut, try db.session(id, in: namespace)?.isCut == true { return nil }
        return (found.rowid, found.deadlines)
    }

    mutating func save(_ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp) throws
        -> SaveOutcome
    {
        try db.run(
            """
            UPDATE sessions SET payload = ?5, key_id = ?6, version = version + 1, change = ?7
            WHERE ns = ?1 AND id_hash = ?2 AND version = ?4 AND \(CutoffQuery.isLive(at: "?3"))
            """,
            [
                .integer(namespace), .id(id), .moment(now), .integer(version), .bytes(payload.bytes),
                .text(payload.keyID), nextChange(),
            ])
        if db.writtenRows == 1 { return .saved(version: version + 1) }
        guard let found = try db.session(id, in: namespace) else { return .refused(nil) }
        let standing = found.standing(at: now)
        return standing == .live ? .conflict(version: found.session.version) : .refused(standing)
    }

    mutating func rotate(
        _ id: IDHash, to successor: Session, by: String, reason: String, at now: Timestamp
    ) throws -> RotateOutcome {
        let outcome = try revoke(id, Revocation(at: now, by: by, reason: reason)).outcome
        guard outcome == .revoked else { return .refused(try standing(of: id, at: now)) }
        try insert(successor)
        return .rotated
    }

    /// Ends a session with an entry in the feed, and answers what was found and whose it is.
    mutating func revoke(_ id: IDHash, _ revocation: Revocation) throws -> (outcome: RevokeOutcome, user: String?) {
        guard let found = try db.session(id, in: namespace) else { return (.notFound, nil) }
        let session = found.session
        switch found.standing(at: revocation.at) {
        case .revoked: return (.alreadyRevoked(session.revocation), session.user)
        case .expired: return (.expired(at: session.deadlines.nearest?.moment), session.user)
        case .live: break
        }
        try end(rowid: found.rowid, revocation)
        try appendToFeed(.revoked(id), at: revocation.at)
        return (.revoked, session.user)
    }

    /// Marks a row that was just found live as revoked; the transaction holds the only right to write.
    mutating func end(rowid: Int64, _ revocation: Revocation) throws {
        try db.run(
            """
            UPDATE sessions SET state = 'revoked', revoked_at = ?2, revoked_by = ?3, reason = ?4, change = ?5
            WHERE rowid = ?1 AND state = 'live'
            """,
            [.integer(rowid), .moment(revocation.at), .text(revocation.by), .text(revocation.reason), nextChange()])
    }

    mutating func extend(_ id: IDHash, to deadline: NewDeadline, at now: Timestamp) throws -> ExtendOutcome {
        guard let found = try db.session(id, in: namespace) else { return .notFound }
        let standing = found.standing(at: now)
        guard standing == .live else { return .refused(standing) }
        var deadlines = found.session.deadlines
        guard let old = deadlines.idle ?? deadlines.absolute else { return .unchanged(deadline: nil) }
        let outcome = deadlines.extend(to: deadline.wanted(from: old))
        guard deadlines != found.session.deadlines else { return outcome }
        try db.run(
            "UPDATE sessions SET idle_deadline = ?2, change = ?3 WHERE rowid = ?1 AND state = 'live'",
            [.integer(found.rowid), .moment(deadlines.idle), nextChange()])
        return outcome
    }

    private func standing(of id: IDHash, at now: Timestamp) throws -> SessionState? {
        try db.session(id, in: namespace)?.standing(at: now)
    }
}
