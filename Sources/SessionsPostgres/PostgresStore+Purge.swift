public import Sessions

/// Removing what nobody needs any more.
extension PostgresStore {
    /// How long the changes are told: whoever was away for longer reads all rows again.
    ///
    /// Each touch is an entry.
    private static let changesKept = Duration.seconds(15 * 60)

    /// Removes sessions whose tombstone's time has passed, the feed's oldest entries, cut-offs that can end nothing any
    /// more and nodes long gone, a few hundred rows a transaction.
    ///
    /// Where there are cut-offs that are old enough, the server looks at every session: nobody waits for that, and it
    /// may take as long as an operator's order.
    ///
    /// - Returns: how many sessions were removed.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        var removed = 0
        var place: EndPlace? = EndPlace.first
        while let from = place {
            let step = try await write {
                try $0.removeSessions(from: from, revokedUntil: now - retention.tombstone, at: now)
            }
            removed += step.removed
            place = step.next
            try Task.checkCancellation()
        }
        while try await write({ try $0.trimFeed(until: now - retention.feed) }) { try Task.checkCancellation() }
        while try await write({ try $0.trimChanges(until: now - Self.changesKept) }) { try Task.checkCancellation() }
        let silent = try await silentNodes.look(at: self, retention, by: time)
        try await write { try $0.removeNodes(silent, at: now) }
        // Last: it may take longer than it is given.
        try await removeCutoffs(setBefore: now - retention.cutoff)
        return removed
    }

    private func removeCutoffs(setBefore moment: Timestamp) async throws {
        try await pool.use(for: pool.limits.order + .seconds(2)) { [context, limit = pool.limits.order] link in
            try WriteTransaction(link: link, context: context).removeCutoffs(setBefore: moment, limit: limit)
        }
    }
}

/// A place in the order in which sessions reach their absolute deadline.
private struct EndPlace: Sendable {
    var deadline: Int64
    var number: Int64

    static let first = EndPlace(deadline: .min, number: .min)
}

extension WriteTransaction {
    /// So many sessions are looked at in one transaction.
    private static let step = 500

    /// Removes those that are spent of the next few that have reached their absolute deadline.
    ///
    /// A revocation, a cut-off's as well, must be old enough, and the same as when it was looked at.
    private static let remove = Statement(
        "purge",
        """
        WITH candidate AS MATERIALIZED (
            SELECT s.number, s.absolute_deadline, s.revoked_at, coalesce(s.revoked_at, cut.not_before) AS ended
            FROM sessions AS s \(CutoffQuery.joinFirst)
            WHERE s.ns = $1 AND s.absolute_deadline <= $2 AND (s.absolute_deadline, s.number) > ($3, $4)
            ORDER BY s.absolute_deadline, s.number LIMIT \(step)
        ), gone AS (
            DELETE FROM sessions AS s USING candidate AS c
            WHERE s.ns = $1 AND s.number = c.number AND (c.ended IS NULL OR c.ended <= $5)
                AND s.revoked_at IS NOT DISTINCT FROM c.revoked_at
            RETURNING s.id_hash
        ), logged AS (
            INSERT INTO changes(ns, change, removed, at) SELECT $1, nextval('change_numbers'), id_hash, $2 FROM gone
        ), last AS (
            SELECT absolute_deadline, number FROM candidate ORDER BY absolute_deadline DESC, number DESC LIMIT 1
        )
        SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM candidate), absolute_deadline, number FROM last
        """)

    private static let trimFeed = Statement(
        "trim_feed",
        trimming("feed", by: "seq", start: "feed_start", step: step))
    /// Each touch is an entry: larger steps.
    private static let trimChanges = Statement(
        "trim_changes",
        trimming("changes", by: "change", start: "change_start", step: 10_000))

    /// Drops the oldest entries up to the first that is to be kept, and remembers where it begins now.
    private static func trimming(_ table: String, by number: String, start: String, step: Int) -> String {
        """
        WITH oldest AS MATERIALIZED (
            SELECT \(number) AS number, at FROM \(table) WHERE ns = $1 ORDER BY \(number) LIMIT \(step)
        ), bound AS (
            SELECT coalesce(min(number) FILTER (WHERE at >= $2) - 1, max(number)) AS number FROM oldest
        ), gone AS (
            DELETE FROM \(table) WHERE ns = $1 AND \(number) <= (SELECT number FROM bound) RETURNING \(number)
        ), moved AS (
            UPDATE namespaces SET \(start) = greatest(\(start), (SELECT max(\(number)) FROM gone))
            WHERE id = $1 AND EXISTS (SELECT 1 FROM gone)
        )
        SELECT (SELECT count(*) FROM gone) = \(step)
        """
    }

    /// Removes the old cut-offs of which no session is left that is of an earlier epoch, in whatever state.
    ///
    /// One pass over the sessions for each kind of scope that is among the old ones, and none for the others. A session
    /// that this statement doesn't see is of a later epoch: a cut-off waits for the sign-ins before it.
    private static let removeCutoffs = Statement(
        "purge_cutoffs",
        """
        WITH old AS MATERIALIZED (
            SELECT c.scope, c.key, c.epoch FROM cutoffs AS c
            WHERE c.ns = $1 AND c.not_before < $2 AND c.epoch <= (SELECT feed_start FROM namespaces WHERE id = $1)
        ), earliest AS MATERIALIZED (
            SELECT \(text("everyone")) AS scope, \(text("")) AS key, min(s.epoch) AS epoch FROM sessions AS s
            WHERE s.ns = $1 AND EXISTS (SELECT 1 FROM old AS o WHERE o.scope = 'everyone')
            UNION ALL \(earliest("tenant", "s.tenant"))
            UNION ALL \(earliest("user", "s.username"))
            UNION ALL \(earliest("client", "s.client"))
        )
        DELETE FROM cutoffs AS c USING old AS o
        WHERE c.ns = $1 AND c.scope = o.scope AND c.key = o.key AND c.epoch = o.epoch AND NOT EXISTS (
            SELECT 1 FROM earliest AS e WHERE e.scope = o.scope AND e.key = o.key AND e.epoch < o.epoch
        )
        """)

    /// Nothing tells the planner how many cut-offs are old: a loop over them for each session could take hours.
    private static let joinByHash = Statement("purge_plan", "SELECT set_config('enable_nestloop', 'off', true)")

    /// The earliest epoch of the sessions of each tenant, user or client that an old cut-off is of.
    private static func earliest(_ scope: String, _ column: String) -> String {
        """
        SELECT \(text(scope)), \(column), min(s.epoch) FROM sessions AS s
            WHERE s.ns = $1 AND \(column) IN (SELECT o.key FROM old AS o WHERE o.scope = '\(scope)') GROUP BY \(column)
        """
    }

    /// A text that compares by bytes, as the columns do.
    private static func text(_ text: String) -> String { "'\(text)'::text COLLATE \"C\"" }

    private static let removeNode = Statement(
        "purge_node", "DELETE FROM nodes WHERE ns = $1 AND id = $2 AND started = $3 AND heartbeat = $4")
    private static let removeSamples = Statement("purge_samples", "DELETE FROM node_samples WHERE ns = $1 AND at < $2")

    fileprivate func removeSessions(
        from place: EndPlace, revokedUntil: Timestamp, at now: Timestamp
    ) throws -> (removed: Int, next: EndPlace?) {
        let remove = Self.remove(
            ns, .moment(now), .integer(place.deadline), .integer(place.number), .moment(revokedUntil))
        return try link.run([context.log.announce, remove])[1].first { columns in
            let next = EndPlace(deadline: columns.integer(2), number: columns.integer(3))
            return (Int(columns.integer(0)), columns.integer(1) == Self.step ? next : nil)
        } ?? (0, nil)
    }

    /// Drops the oldest entries of the feed; answers whether there may be more.
    fileprivate func trimFeed(until moment: Timestamp) throws -> Bool {
        try link.run([Self.trimFeed(ns, .moment(moment))])[0].first { $0.bool(0) } ?? false
    }

    /// Forgets what changed long ago; answers whether there may be more.
    fileprivate func trimChanges(until moment: Timestamp) throws -> Bool {
        try link.run([Self.trimChanges(ns, .moment(moment))])[0].first { $0.bool(0) } ?? false
    }

    fileprivate func removeCutoffs(setBefore moment: Timestamp, limit: Duration) throws {
        let remove = Self.removeCutoffs(ns, .moment(moment))
        _ = try link.run([.begin, .limit(limit), Self.joinByHash(), remove, .commit])
    }

    /// Forgets nodes whose last report is still the one that was found, and old samples of all.
    func removeNodes(_ silent: [NodeReport], at now: Timestamp) throws {
        let nodes = silent.map { Self.removeNode(ns, .text($0.id), .moment($0.started), .moment($0.heartbeat)) }
        _ = try link.run(nodes + [Self.removeSamples(ns, .moment(now - Self.samplesKept))])
    }
}
