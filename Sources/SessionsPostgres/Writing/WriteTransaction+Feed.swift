internal import Sessions

/// Cut-offs, and the feed that tells of them and of revokes.
///
/// Positions come from the namespace's row, which is held from there to the commit: they are given out in the order of
/// commits, and whoever reads the row and the feed in one statement misses nothing.
///
/// The row is locked by a statement of its own, just before the one that appends. That one sees what was committed before
/// it began, so the entry before its own, and tells its own no earlier: the feed's times never fall, whatever the clocks.
extension WriteTransaction {
    private static let appendIDs = Statement(
        "feed_ids",
        """
        WITH place AS (
            UPDATE namespaces SET feed_end = feed_end + cardinality($2::bytea[]) WHERE id = $1
            RETURNING feed_end - cardinality($2::bytea[]) AS base
        ), told AS (
            SELECT greatest($3::bigint, max(at)) AS at FROM feed WHERE ns = $1 AND seq = (SELECT base FROM place)
        ), entries AS (
            INSERT INTO feed(ns, seq, kind, id_hash, at)
            SELECT $1, place.base + ended.place, $5, ended.id, told.at
            FROM place, told, unnest($2::bytea[]) WITH ORDINALITY AS ended(id, place)
        )
        SELECT pg_notify($4, '') FROM place
        """)

    private static let appendCutoff = Statement(
        "feed_cutoff",
        """
        WITH place AS (
            UPDATE namespaces SET feed_end = feed_end + 1, cutoff_end = feed_end + 1 WHERE id = $1 RETURNING feed_end
        ), told AS (
            SELECT greatest($4::bigint, max(at)) AS at FROM feed WHERE ns = $1 AND seq = (SELECT feed_end - 1 FROM place)
        ), entry AS (
            INSERT INTO feed(ns, seq, kind, scope, key, at)
            SELECT $1, place.feed_end, 'cutoff', $2, $3, told.at FROM place, told
        ), cut AS (
            INSERT INTO cutoffs(ns, scope, key, epoch, not_before, set_by, reason)
            SELECT $1, $2, $3, feed_end, $4, $5, $6 FROM place
        )
        SELECT feed_end, pg_notify($7, '') FROM place
        """)

    private static let reload = Statement(
        "reload", "UPDATE namespaces SET change_start = nextval('change_numbers') WHERE id = $1")
    private static let holdSignIns = Statement("hold_sign_ins", "SELECT pg_advisory_xact_lock($1)")
    private static let endUser = Statement("end_user", endAll(whose: "AND s.username = $5"))
    private static let endEveryone = Statement("end_everyone", endAll(whose: ""))

    /// Marks the live sessions of a user, or of everyone.
    ///
    /// What a deadline had ended before isn't marked, but will read as revoked from the cut-off on: a change, too.
    private static func endAll(whose: String) -> String {
        """
        WITH lapsed AS (
            SELECT s.number FROM sessions AS s
            WHERE s.ns = $1 \(whose) AND s.state = 'live' AND NOT (\(CutoffQuery.isLive(at: "$2")))
        ), ended AS (
            UPDATE sessions AS s SET state = 'revoked', revoked_at = $2, revoked_by = $3, reason = $4
            WHERE s.ns = $1 \(whose) AND \(CutoffQuery.isLive(at: "$2")) RETURNING s.number, s.id_hash, s.username
        ), logged AS (
            INSERT INTO changes(ns, change, session, at) SELECT $1, nextval('change_numbers'), number, $2
            FROM (SELECT number FROM ended UNION ALL SELECT number FROM lapsed) AS changed
        )
        SELECT id_hash, username, number FROM ended ORDER BY number
        """
    }

    /// Tells of sessions that this transaction ends, in their order.
    func appendingToFeed(_ ids: [IDHash], at moment: Timestamp) -> [Command] {
        [lockPositions, Self.appendIDs(ns, .ids(ids), .moment(moment), .text(context.channel), .text("revoked"))]
    }

    /// Tells of tokens that are denied, in their order.
    func denying(_ denials: [TokenDenial], at moment: Timestamp) -> [Command] {
        let keys = Value.ids(denials.map(\.key))
        return [lockPositions, Self.appendIDs(ns, keys, .moment(moment), .text(context.channel), .text("denied"))]
    }

    /// The statements that set a cut-off; the last but one answers its epoch.
    ///
    /// A user's rows, and everyone's where an operator says so, are marked before: so that whoever follows the changes
    /// sees them end. A sign-in that is under way isn't seen yet by the statement that marks: so once they are marked
    /// sign-ins are held off, those under way are waited for, and the few that came meanwhile are marked as well. Of
    /// other scopes the rows aren't marked: whoever follows the changes reads all again.
    func cuttingOff(_ scope: CutoffScope, marksEveryone: Bool = false, _ revocation: Revocation) -> CutoffWork {
        let cut = Self.appendCutoff(
            ns, .text(scope.kind), .text(scope.key), .moment(revocation.at), .text(revocation.by),
            .text(revocation.reason), .text(context.channel))
        let hold = Self.holdSignIns(.integer(context.signInLock))
        guard let mark = marking(scope, marksEveryone, revocation) else {
            return CutoffWork(
                commands: [context.log.announce, hold, lockPositions, cut, Self.reload(ns)], marks: [], cut: 3)
        }
        return CutoffWork(
            commands: [context.log.announce, mark, hold, mark, lockPositions, cut], marks: [1, 3], cut: 5)
    }

    private func marking(_ scope: CutoffScope, _ marksEveryone: Bool, _ revocation: Revocation) -> Command? {
        let (at, by, reason) = (
            Value.moment(revocation.at), Value.text(revocation.by), Value.text(revocation.reason)
        )
        switch scope {
        case .user(let user): return Self.endUser(ns, at, by, reason, .text(user))
        case .everyone where marksEveryone: return Self.endEveryone(ns, at, by, reason)
        default: return nil
        }
    }

    /// Sets a cut-off.
    ///
    /// It ends every session issued before, whether or not its row is marked.
    func cutOff(_ scope: CutoffScope, _ revocation: Revocation) throws -> Cutoff {
        let work = cuttingOff(scope, revocation)
        let epoch = Self.position(in: try link.run(work.commands)[work.cut])
        return Cutoff(scope: scope, notBefore: revocation.at, epoch: epoch)
    }
}

/// The statements that set a cut-off, and which of them answers what.
struct CutoffWork {
    let commands: [Command]
    /// The places of those that answer the sessions they marked.
    let marks: [Int]
    /// The place of the one that answers the epoch.
    let cut: Int
}
