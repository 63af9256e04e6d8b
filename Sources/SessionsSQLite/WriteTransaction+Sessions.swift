internal import GRDB
internal import Sessions

/// What is written to sessions.
///
/// Every statement but the inserts writes only where the session is live, or to its payload right after that.
extension WriteTransaction {
    mutating func insert(_ session: Session) throws {
        try insertRow(of: session)
        let number = db.lastInsertedRowID
        logChange(of: number)
        try db.run(
            "INSERT INTO payloads(session, key_id, payload) VALUES (?1, ?2, ?3)",
            [.integer(number), .text(session.payload.keyID), .bytes(session.payload.bytes)])
    }

    private func insertRow(of session: Session) throws {
        let deadlines = session.deadlines
        do {
            try db.run(
                """
                INSERT INTO sessions(ns, id_hash, state, change, version, epoch, created, authenticated, seen, idle_deadline,
                    absolute_deadline, user, tenant, client, ip, agent, node, revoked_at, revoked_by, reason)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
                """,
                [
                    .integer(namespace), .id(session.id), .text(session.state.rawValue), nextChange,
                    .integer(session.version), .position(positions.feedEnd), .moment(session.created),
                    .moment(session.authenticated), .moment(session.seen), .moment(deadlines.idle),
                    .moment(deadlines.absolute), .text(session.user), .text(session.tenant), .text(session.client),
                    .text(session.ip), .text(session.agent), .text(session.node), .moment(session.revocation?.at),
                    .text(session.revocation?.by), .text(session.revocation?.reason),
                ])
        } catch let failure as SQLiteFailure where failure.isDuplicate {
            throw SessionsError.idTaken
        }
    }

    mutating func save(_ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp) throws
        -> SaveOutcome
    {
        let saved = try db.first(
            """
            UPDATE sessions SET version = version + 1, change = ?5
            WHERE ns = ?1 AND id_hash = ?2 AND version = ?4 AND \(CutoffQuery.isLive(at: "?3")) RETURNING number
            """, [.integer(namespace), .id(id), .moment(now), .integer(version), nextChange]
        ) { $0.integer(0) }
        if let saved {
            logChange(of: saved)
            try db.run(
                "UPDATE payloads SET key_id = ?2, payload = ?3 WHERE session = ?1",
                [.integer(saved), .text(payload.keyID), .bytes(payload.bytes)])
            return .saved(version: version + 1)
        }
        guard let found = try db.session(id, in: namespace) else { return .refused(nil) }
        let standing = found.standing(at: now)
        return standing == .live ? .conflict(version: found.session.version) : .refused(standing)
    }

    mutating func rotate(
        _ id: IDHash, to successor: Session, by: String, reason: String, at now: Timestamp
    ) throws -> RotateOutcome {
        let standing = try standing(of: id, at: now)
        guard standing == .live else { return .refused(standing) }
        _ = try revoke(id, Revocation(at: now, by: by, reason: reason))
        try insert(successor)
        return .rotated
    }

    /// Ends a session with an entry in the feed, and answers what was found and whose it is.
    ///
    /// One whose deadline has passed is ended as well: that is so by somebody's clock, and a touch from before it may be
    /// under way still.
    mutating func revoke(_ id: IDHash, _ revocation: Revocation) throws -> (outcome: RevokeOutcome, user: String?) {
        guard let found = try db.session(id, in: namespace) else { return (.notFound, nil) }
        let session = found.session
        let standing = found.standing(at: revocation.at)
        guard standing != .revoked else { return (.alreadyRevoked(session.revocation), session.user) }
        if session.state == .live {
            try end(number: found.number, revocation)
            try appendToFeed(.revoked(id), at: revocation.at)
        }
        return (standing == .live ? .revoked : .expired(at: session.deadlines.nearest?.moment), session.user)
    }

    /// Marks a row that was just found to be one of a live session as revoked; the transaction holds the only right to write.
    mutating func end(number: Int64, _ revocation: Revocation) throws {
        try db.run(
            """
            UPDATE sessions SET state = 'revoked', revoked_at = ?2, revoked_by = ?3, reason = ?4, change = ?5
            WHERE number = ?1 AND state = 'live'
            """,
            [.integer(number), .moment(revocation.at), .text(revocation.by), .text(revocation.reason), nextChange])
        logChange(of: number)
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
            "UPDATE sessions SET idle_deadline = ?2, change = ?3 WHERE number = ?1 AND state = 'live'",
            [.integer(found.number), .moment(deadlines.idle), nextChange])
        logChange(of: found.number)
        return outcome
    }

    func standing(of id: IDHash, at now: Timestamp) throws -> SessionState? {
        try db.session(id, in: namespace)?.standing(at: now)
    }
}
