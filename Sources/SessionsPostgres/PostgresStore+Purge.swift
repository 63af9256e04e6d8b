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
    /// Where there are cut-offs that are old enough, and not known to be held by a session of before, every session is
    /// looked at, some thousand at a time: no two nodes at once, and each leaves its connection to others in between.
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
        // Last: it may take longest.
        try await removeCutoffs(setBefore: now - retention.cutoff, at: now)
        return removed
    }

    /// Removes old cut-offs of which no session is left that is of an earlier epoch, in whatever state.
    ///
    /// A session that no step sees is of a later epoch than any of them: a cut-off waits for the sign-ins before it.
    private func removeCutoffs(setBefore moment: Timestamp, at now: Timestamp) async throws {
        let old = try await write { try $0.oldCutoffs(setBefore: moment) }
        var cutoffs = heldCutoffs.look(at: old.cutoffs, setBefore: moment, feedStart: old.feedStart, at: now)
        guard !cutoffs.isEmpty else { return }
        var place: Int64? = Int64.min
        while let from = place {
            let latest = cutoffs.latest
            // Whoever meets another's step gives up, until the next purge: that one goes on.
            guard let step = try await write({ try $0.sessions(before: latest, from: from) }) else { return }
            for session in step.sessions {
                cutoffs.take(
                    epoch: session.epoch, tenant: session.tenant, user: session.user, client: session.client,
                    absolute: session.absolute)
            }
            place = step.next
            try Task.checkCancellation()
        }
        heldCutoffs.remember(cutoffs, at: now)
        for batch in cutoffs.spent.slices(of: WriteTransaction.step) {
            try await write { try $0.remove(batch) }
            try Task.checkCancellation()
        }
    }
}

/// What of a session says which cut-offs of later epochs must stay for it.
struct CutoffHolder: Sendable {
    let epoch: FeedPosition
    let tenant: String?
    let user: String?
    let client: String?
    /// Its absolute deadline.
    let absolute: Timestamp?
}

/// A place in the order in which sessions reach their absolute deadline.
private struct EndPlace: Sendable {
    var deadline: Int64
    var number: Int64

    static let first = EndPlace(deadline: .min, number: .min)
}

extension WriteTransaction {
    /// So many rows are looked at in one transaction.
    fileprivate static let step = 500

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

    private static let oldCutoffs = Statement(
        "purge_old_cutoffs",
        """
        SELECT c.scope, c.key, c.not_before, c.epoch, n.feed_start
        FROM cutoffs AS c JOIN namespaces AS n ON n.id = c.ns
        WHERE c.ns = $1 AND c.not_before < $2 AND c.epoch <= n.feed_start
        """)

    private static let tryTurn = Statement("purge_turn", "SELECT pg_try_advisory_xact_lock($1)")

    /// Looks at the next few sessions: how many they are and the last one's number stand in each row of the answer, and
    /// in one without a session where none is of an earlier epoch.
    private static let sessionsBefore = Statement(
        "purge_sessions",
        """
        WITH page AS MATERIALIZED (
            SELECT number, epoch, tenant, username, client, absolute_deadline FROM sessions
            WHERE ns = $1 AND number > $2 ORDER BY number LIMIT $4
        )
        SELECT step.count, step.last, p.epoch, p.tenant, p.username, p.client, p.absolute_deadline
        FROM (SELECT count(*) AS count, max(number) AS last FROM page) AS step LEFT JOIN page AS p ON p.epoch < $3
        """)

    private static let removeCutoff = Statement(
        "purge_cutoff",
        "DELETE FROM cutoffs WHERE ns = $1 AND scope = $2 AND key = $3 AND epoch = $4 AND not_before = $5")

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

    /// The cut-offs that are old enough, as far as the feed no longer tells them, and where it began when they were read.
    fileprivate func oldCutoffs(setBefore moment: Timestamp) throws -> (cutoffs: [Cutoff], feedStart: FeedPosition) {
        let rows = try link.run([Self.oldCutoffs(ns, .moment(moment))])[0]
        return (try rows.map { try $0.cutoff() }, rows.first { $0.position(4) } ?? .start)
    }

    /// Those of the next few sessions that are of an earlier epoch.
    ///
    /// - Parameters:
    ///   - epoch: of the others none is answered.
    ///   - number: the number of the last session that was looked at.
    ///   - limit: so many are looked at.
    /// - Returns: them, and the last one's number where there may be more; `nil` where another node is at this now.
    /// - Throws: ``PostgresFailure``.
    func sessions(
        before epoch: FeedPosition, from number: Int64, limit: Int = 5_000
    ) throws -> (sessions: [CutoffHolder], next: Int64?)? {
        let turn = try link.run([.begin, Self.tryTurn(.integer(context.purgeLock))])[1]
        guard turn.first({ $0.bool(0) }) == true else { return nil }
        let look = Self.sessionsBefore(ns, .integer(number), .position(epoch), .limit(limit))
        let rows = try link.run([look, .commit])[0]
        let sessions: [CutoffHolder?] = rows.map { columns in
            guard !columns.isNull(2) else { return nil }
            return CutoffHolder(
                epoch: columns.position(2), tenant: columns.optionalText(3), user: columns.optionalText(4),
                client: columns.optionalText(5), absolute: columns.optionalMoment(6))
        }
        let isFull = rows.first { $0.integer(0) == Int64(limit) } ?? false
        return (sessions.compactMap { $0 }, isFull ? rows.first { $0.integer(1) } : nil)
    }

    fileprivate func remove(_ cutoffs: ArraySlice<Cutoff>) throws {
        _ = try link.run(
            cutoffs.map {
                Self.removeCutoff(
                    ns, .text($0.scope.kind), .text($0.scope.key), .position($0.epoch), .moment($0.notBefore))
            })
    }

    /// Forgets nodes whose last report is still the one that was found, and old samples of all.
    func removeNodes(_ silent: [NodeReport], at now: Timestamp) throws {
        let nodes = silent.map { Self.removeNode(ns, .text($0.id), .moment($0.started), .moment($0.heartbeat)) }
        _ = try link.run(nodes + [Self.removeSamples(ns, .moment(now - Self.samplesKept))])
    }
}
