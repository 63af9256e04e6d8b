internal import Sessions

/// What is written to sessions.
///
/// Every statement but the insert writes only where the session is live.
extension WriteTransaction {
    /// Shared by sign-ins, held alone by a cut-off while it looks for the last of them: see `WriteTransaction+Feed`.
    private static let signIn = Statement("sign_in", "SELECT pg_advisory_xact_lock_shared($1)")

    /// `$21` is where the feed stood before a successor's old session was judged, `NULL` for a sign-in: where a cut-off has
    /// come since, the old one was judged without it, so it must end the successor.
    private static let insertSession = Statement(
        "insert",
        """
        WITH made AS (
            INSERT INTO sessions(ns, id_hash, state, version, epoch, created, authenticated, seen, idle_deadline,
                absolute_deadline, username, tenant, client, ip, agent, node, revoked_at, revoked_by, reason, key_id, payload)
            SELECT $1, $2, $3, $4, (
                    SELECT CASE WHEN cutoff_end > $21::bigint THEN $21::bigint ELSE feed_end END
                    FROM namespaces WHERE id = $1
                ), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
            RETURNING number
        )
        INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $5 FROM made
        """)

    private static let touchSession = Statement(
        "touch",
        """
        WITH touched AS (
            UPDATE sessions AS s SET seen = greatest(s.seen, $3),
                idle_deadline = CASE WHEN $4::bigint IS NULL OR s.idle_deadline IS NULL THEN s.idle_deadline
                    ELSE least(s.absolute_deadline, greatest(s.idle_deadline, $4)) END,
                ip = coalesce($5, s.ip), agent = coalesce($6, s.agent), node = coalesce($7, s.node)
            WHERE s.ns = $1 AND s.id_hash = $2 AND \(CutoffQuery.isLive(at: "$3"))
            RETURNING s.number, s.idle_deadline, s.absolute_deadline
        ), logged AS (
            INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $3 FROM touched
        )
        SELECT idle_deadline, absolute_deadline FROM touched
        """)

    private static let saveSession = Statement(
        "save",
        """
        WITH saved AS (
            UPDATE sessions AS s SET payload = $5, key_id = $6, version = s.version + 1
            WHERE s.ns = $1 AND s.id_hash = $2 AND s.version = $4 AND \(CutoffQuery.isLive(at: "$3"))
            RETURNING s.number, s.version
        ), logged AS (
            INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $3 FROM saved
        )
        SELECT version FROM saved
        """)

    private static let endLive = Statement(
        "end_live",
        """
        WITH ended AS (
            UPDATE sessions AS s SET state = 'revoked', revoked_at = $3, revoked_by = $4, reason = $5
            WHERE s.ns = $1 AND s.id_hash = ANY($2::bytea[]) AND \(CutoffQuery.isLive(at: "$3"))
            RETURNING s.number, s.id_hash, s.username
        ), logged AS (
            INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $3 FROM ended
        )
        SELECT id_hash, username FROM ended
        """)

    private static let endSessions = Statement(
        "end",
        """
        WITH ended AS (
            UPDATE sessions SET state = 'revoked', revoked_at = $3, revoked_by = $4, reason = $5
            WHERE ns = $1 AND id_hash = ANY($2::bytea[]) AND state = 'live' RETURNING number
        )
        INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $3 FROM ended
        """)

    private static let extendSession = Statement(
        "extend",
        """
        WITH extended AS (
            UPDATE sessions SET idle_deadline = $3 WHERE ns = $1 AND id_hash = $2 AND state = 'live' RETURNING number
        )
        INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $4 FROM extended
        """)

    private var enterSignIn: Command { Self.signIn(.integer(context.signInLock)) }

    /// Inserts a new session; for a successor `judged` says where the feed stood before the old one was judged.
    private func inserting(_ session: Session, judgedAt judged: FeedPosition? = nil) -> Command {
        Self.insertSession(
            ns, .id(session.id), .text(session.state.rawValue), .integer(session.version), .moment(session.created),
            .moment(session.authenticated), .moment(session.seen), .moment(session.deadlines.idle),
            .moment(session.deadlines.absolute), .text(session.user), .text(session.tenant), .text(session.client),
            .text(session.ip), .text(session.agent), .text(session.node), .moment(session.revocation?.at),
            .text(session.revocation?.by), .text(session.revocation?.reason), .text(session.payload.keyID),
            .bytes(session.payload.bytes), judged.map { Value.position($0) } ?? .null)
    }

    func insert(_ session: Session) throws {
        try refusingDuplicates {
            _ = try link.run([context.log.announce, enterSignIn, inserting(session)])
        }
    }

    private func refusingDuplicates<Result>(_ work: () throws -> Result) throws -> Result {
        do { return try work() } catch let failure as PostgresFailure where failure.isDuplicate {
            throw SessionsError.idTaken
        }
    }

    /// Writes all of a batch in one round trip.
    func touch(_ touches: [Touch]) throws -> [TouchOutcome] {
        // By identity, as everybody locks rows; touches of one session keep their order.
        let order = touches.indices.sorted { (touches[$0].id, $0) < (touches[$1].id, $1) }
        let commands = order.map { place in
            let touch = touches[place]
            return Self.touchSession(
                ns, .id(touch.id), .moment(touch.at), .moment(touch.idle.map { touch.at + $0 }), .text(touch.ip),
                .text(touch.agent), .text(touch.node))
        }
        let before = [context.log.announce] + (touches.count > 1 ? [.givingWay] : [])
        let found = try link.run(before + commands).dropFirst(before.count)
        var outcomes = Array(repeating: TouchOutcome.refused(nil), count: touches.count)
        for (place, rows) in zip(order, found) {
            let deadlines = rows.first { Deadlines(idle: $0.optionalMoment(0), absolute: $0.optionalMoment(1)) }
            outcomes[place] = try deadlines.map { .touched($0) } ?? .refused(refusal(of: touches[place]))
        }
        return outcomes
    }

    /// Why a touch was not written.
    ///
    /// Where the session reads as live by now, its deadline had come when the touch came, and another has moved it since.
    private func refusal(of touch: Touch) throws -> SessionState? {
        let standing = try read(touch.id)?.standing(at: touch.at)
        return standing == .live ? .expired : standing
    }

    func save(_ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp) throws -> SaveOutcome {
        let save = Self.saveSession(
            ns, .id(id), .moment(now), .integer(version), .bytes(payload.bytes), .text(payload.keyID))
        if let saved = try link.run([context.log.announce, save])[1].first({ $0.integer(0) }) {
            return .saved(version: saved)
        }
        guard let found = try read(id) else { return .refused(nil) }
        let standing = found.standing(at: now)
        guard standing == .live else { return .refused(standing) }
        // The version that was asked for, and live: its deadline was moved a moment ago, after it had come.
        return found.session.version == version ? .refused(.expired) : .conflict(version: found.session.version)
    }

    /// Marks those of some sessions that are live as revoked; answers their ids and users.
    func endingLive(_ ids: [IDHash], _ revocation: Revocation) -> Command {
        Self.endLive(ns, .ids(ids), .moment(revocation.at), .text(revocation.by), .text(revocation.reason))
    }

    /// Marks sessions that are locked and were found live as revoked.
    func ending(_ ids: [IDHash], _ revocation: Revocation) -> Command {
        Self.endSessions(
            ns, .ids(ids), .moment(revocation.at), .text(revocation.by), .text(revocation.reason))
    }

    /// Moves the idle deadline of a session that is locked and was found live.
    func extending(_ id: IDHash, to deadline: Timestamp?, at now: Timestamp) -> Command {
        Self.extendSession(ns, .id(id), .moment(deadline), .moment(now))
    }

    /// Ends one session with an entry in the feed.
    func revoke(_ id: IDHash, _ revocation: Revocation) throws -> Revoked {
        var found = try begin(locking: [id])
        let (outcome, isEnded) = found.revoke(id, revocation)
        let work = isEnded ? [ending([id], revocation)] + appendingToFeed([id], at: revocation.at) : []
        let done = try link.run(work + [feedEnd, .commit])
        return Revoked(outcome: outcome, position: Self.position(in: done[work.count]))
    }

    /// Ends one session with an entry in the feed, and inserts its successor.
    ///
    /// A cut-off that marks no rows doesn't wait for the old one's: it may commit after that was judged. It counts for the
    /// successor then.
    func rotate(_ id: IDHash, to successor: Session, _ revocation: Revocation) throws -> RotateOutcome {
        let read = try link.run([.begin, context.log.announce, feedEnd, LockedSession.query(ns, .ids([id]))])
        let judged = Self.position(in: read[2])
        let found = try Self.locked(read[3])
        let standing = found[id]?.standing(at: revocation.at)
        guard standing == .live else { return .refused(standing) }
        try refusingDuplicates {
            let end = [ending([id], revocation), enterSignIn] + appendingToFeed([id], at: revocation.at)
            _ = try link.run(end + [inserting(successor, judgedAt: judged), .commit])
        }
        return .rotated
    }
}

extension [IDHash: LockedSession] {
    /// What a revoke finds, whether it ends it, and what it leaves: a second one of the same session finds it revoked.
    ///
    /// One whose deadline has passed is ended as well: that is so by somebody's clock, and a touch from before it may be
    /// under way still.
    mutating func revoke(_ id: IDHash, _ revocation: Revocation) -> (outcome: RevokeOutcome, isEnded: Bool) {
        guard let locked = self[id] else { return (.notFound, false) }
        let standing = locked.standing(at: revocation.at)
        guard standing != .revoked else { return (.alreadyRevoked(locked.revocation), false) }
        let outcome = standing == .live ? .revoked : RevokeOutcome.expired(at: locked.deadlines.nearest?.moment)
        guard locked.state == .live else { return (outcome, false) }
        self[id]?.state = .revoked
        self[id]?.revocation = revocation
        return (outcome, true)
    }
}
