public import Sessions

/// Removing what nobody needs any more.
extension PostgresStore {
    /// How long the changes are told: whoever was away for longer reads all rows again.
    ///
    /// Each touch is an entry.
    private static let changesKept = Duration.seconds(15 * 60)

    /// Removes sessions whose tombstone's time has passed, the feed's oldest entries and nodes long gone, a few hundred
    /// rows a transaction.
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
        try await write { try $0.removeNodes(silentSince: now - retention.nodes, at: now) }
        return removed
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

    private static let removeNodes = Statement("purge_nodes", "DELETE FROM nodes WHERE ns = $1 AND heartbeat < $2")
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

    fileprivate func removeNodes(silentSince moment: Timestamp, at now: Timestamp) throws {
        _ = try link.run([
            Self.removeNodes(ns, .moment(moment)), Self.removeSamples(ns, .moment(now - Self.samplesKept)),
        ])
    }
}
