internal import GRDB
internal import Sessions

/// A session's row, read whole, and whether a cut-off ends it.
struct StoredSession {
    var number: Int64
    var session: Session
    var change: Int64
    /// Whether a cut-off ends it.
    var isCut: Bool

    /// How it stands at a moment.
    func standing(at now: Timestamp) -> SessionState {
        session.state.standing(at: now, isCut: isCut, session.deadlines)
    }
}

extension StoredSession {
    /// One session: `?1` is the namespace's number, `?2` the identity.
    static let query = """
        SELECT number, change, state, version, epoch, created, authenticated, seen, idle_deadline, absolute_deadline,
            user, tenant, client, ip, agent, node, revoked_at, revoked_by, reason, key_id, payload,
            \(CutoffQuery.isCut)
        FROM sessions JOIN payloads ON session = number WHERE ns = ?1 AND id_hash = ?2
        """

    init(id: IDHash, _ columns: Columns) throws {
        number = columns.integer(0)
        change = columns.integer(1)
        let created = columns.moment(5)
        let payload = Payload(keyID: columns.optionalText(19), bytes: columns.bytes(20))
        session = Session(id: id, created: created, lifetime: .office, payload: payload)
        session.state = try columns.state(2)
        isCut = session.state == .live && columns.bool(21)
        session.version = columns.integer(3)
        session.epoch = columns.position(4)
        session.authenticated = columns.optionalMoment(6)
        session.seen = columns.moment(7)
        session.deadlines = Deadlines(idle: columns.optionalMoment(8), absolute: columns.optionalMoment(9))
        session.user = columns.optionalText(10)
        session.tenant = columns.optionalText(11)
        session.client = columns.optionalText(12)
        session.ip = columns.optionalText(13)
        session.agent = columns.optionalText(14)
        session.node = columns.optionalText(15)
        session.revocation = columns.optionalMoment(16).map {
            Revocation(at: $0, by: columns.text(17), reason: columns.optionalText(18))
        }
    }
}

extension Database {
    /// Reads one session.
    ///
    /// Where a cut-off has ended it, that is its revocation. Whether one has, the statement that reads the row says: a
    /// purge in another process may have removed both a moment later, and then only who it was can't be told.
    func session(_ id: IDHash, in namespace: Int64) throws -> StoredSession? {
        let values = [.integer(namespace), .id(id)] as [Value]
        guard var stored = try first(StoredSession.query, values, { try StoredSession(id: id, $0) }) else { return nil }
        if stored.isCut { stored.session.revocation = try cutoff(on: stored.session, in: namespace) }
        return stored
    }

    /// The first of the cut-offs in force that ended a session.
    private func cutoff(on session: Session, in namespace: Int64) throws -> Revocation? {
        let values: [Value] = [
            .integer(namespace), .position(session.epoch), .text(session.tenant), .text(session.user),
            .text(session.client),
        ]
        return try first(CutoffQuery.first, values) {
            Revocation(at: $0.moment(0), by: $0.text(1), reason: $0.optionalText(2))
        }
    }
}

/// Statements about cut-offs.
enum CutoffQuery {
    /// Whether a cut-off ends the row of `sessions` at hand.
    ///
    /// Most sessions are younger than the latest cut-off of all, and then nothing is looked up: by a `CASE`, since SQLite
    /// evaluates both sides of an `AND` whose value is wanted.
    static let isCut = """
        (CASE WHEN epoch < (SELECT cutoff_end FROM namespaces WHERE id = sessions.ns)
            THEN \(covers("everyone", "''")) OR \(covers("tenant", "sessions.tenant"))
                OR \(covers("user", "sessions.user")) OR \(covers("client", "sessions.client"))
            ELSE 0 END)
        """

    private static func covers(_ scope: String, _ key: String) -> String {
        """
        EXISTS (SELECT 1 FROM cutoffs AS c WHERE c.ns = sessions.ns AND c.scope = '\(scope)' AND c.key = \(key)
            AND c.epoch > sessions.epoch)
        """
    }

    /// Whether a row of `sessions` may be written at the moment in the parameter that is named.
    static func isLive(at now: String) -> String { "\(isInTime(at: now)) AND NOT \(isCut)" }

    /// Whether nobody has ended a row of `sessions` by itself, and no deadline has passed at the moment in the parameter
    /// that is named: what is left to ask is whether a cut-off ends it.
    static func isInTime(at now: String) -> String {
        """
        state = 'live' AND (idle_deadline IS NULL OR idle_deadline > \(now))
            AND (absolute_deadline IS NULL OR absolute_deadline > \(now))
        """
    }

    /// The first cut-off after a session's issue: the one that ended it.
    static let first = """
        SELECT not_before, set_by, reason FROM cutoffs WHERE ns = ?1 AND epoch > ?2 AND (scope = 'everyone'
            OR (scope = 'tenant' AND key = ?3) OR (scope = 'user' AND key = ?4) OR (scope = 'client' AND key = ?5))
        ORDER BY epoch LIMIT 1
        """

    /// All of them.
    static let all = "SELECT scope, key, not_before, epoch FROM cutoffs WHERE ns = ?1"

    /// The one that an entry of the feed tells of.
    static let told = """
        SELECT c.scope, c.key, c.not_before, c.epoch FROM feed JOIN cutoffs AS c
            ON c.ns = feed.ns AND c.scope = feed.scope AND c.key = feed.key AND c.epoch = feed.seq
        WHERE feed.ns = ?1 AND feed.seq = ?2
        """

    /// The latest of each scope and key: with `max` SQLite takes the other columns from the same row.
    static let latest = """
        SELECT scope, key, not_before, max(epoch) AS latest FROM cutoffs WHERE ns = ?1 GROUP BY scope, key ORDER BY latest
        """
}
