internal import Sessions

/// Pieces of SQL about cut-offs; the row of `sessions` at hand is `s`, and `$1` is its namespace: so the latest cut-off is
/// looked for once, not for each row.
enum CutoffQuery {
    /// Whether a cut-off ends the row.
    ///
    /// Most sessions are younger than the latest cut-off of all, and then nothing is looked up.
    static let isCut = """
        (s.epoch < (SELECT cutoff_end FROM namespaces WHERE id = $1) AND (\(covers("everyone", "''"))
            OR \(covers("tenant", "s.tenant")) OR \(covers("user", "s.username")) OR \(covers("client", "s.client"))))
        """

    private static func covers(_ scope: String, _ key: String) -> String {
        """
        EXISTS (SELECT 1 FROM cutoffs AS c WHERE c.ns = s.ns AND c.scope = '\(scope)' AND c.key = \(key)
            AND c.epoch > s.epoch)
        """
    }

    /// Whether the row may be written at the moment in the parameter that is named.
    static func isLive(at now: String) -> String {
        """
        s.state = 'live' AND (s.idle_deadline IS NULL OR s.idle_deadline > \(now))
            AND (s.absolute_deadline IS NULL OR s.absolute_deadline > \(now)) AND NOT \(isCut)
        """
    }

    /// Joins `cut`, the first cut-off after the session's issue: the one that ended it.
    static let joinFirst = """
        LEFT JOIN LATERAL (
            SELECT c.not_before, c.set_by, c.reason FROM cutoffs AS c
            WHERE s.epoch < (SELECT cutoff_end FROM namespaces WHERE id = $1) AND c.ns = s.ns AND c.epoch > s.epoch
                AND (c.scope = 'everyone' OR (c.scope = 'tenant' AND c.key = s.tenant)
                    OR (c.scope = 'user' AND c.key = s.username) OR (c.scope = 'client' AND c.key = s.client))
            ORDER BY c.epoch LIMIT 1
        ) AS cut ON s.state = 'live'
        """

    /// Which cut-offs there are, as ``Columns/cutoffMark(_:)`` reads it of ``joinLatest``.
    static let markColumns = "n.cutoff_end, n.generation, latest.scope, latest.key, latest.not_before"

    /// Joins `latest`, the last that the feed tells of, to the namespace's row `n`.
    static let joinLatest = """
        LEFT JOIN feed AS told ON told.ns = n.id AND told.seq = n.cutoff_end
            LEFT JOIN cutoffs AS latest ON latest.ns = told.ns AND latest.scope = told.scope AND latest.key = told.key
                AND latest.epoch = told.seq
        """

    /// Which cut-offs there are.
    static let mark = Statement(
        "cutoff_mark", "SELECT \(markColumns) FROM namespaces AS n \(joinLatest) WHERE n.id = $1")

    /// The latest of each scope and key, in the order in which they were set.
    static let all = Statement(
        "cutoffs",
        """
        SELECT scope, key, not_before, epoch FROM (
            SELECT DISTINCT ON (scope, key) scope, key, not_before, epoch FROM cutoffs WHERE ns = $1
            ORDER BY scope, key, epoch DESC
        ) AS latest ORDER BY epoch
        """)
}

extension Link {
    /// The cut-offs in force, to judge lists by; in the transaction that has read the mark.
    func cutoffs(at mark: KnownCutoffs.Mark, _ context: StoreContext) throws -> Cutoffs {
        try context.knownCutoffs.cutoffs(at: mark) {
            try run([CutoffQuery.all(context.ns)])[0].map { try $0.cutoff() }
        }
    }
}

extension Columns {
    /// Which cut-offs there are, in the columns from one on.
    func cutoffMark(_ index: Int32) throws -> KnownCutoffs.Mark {
        let end = position(index)
        let latest =
            isNull(index + 2)
            ? nil : Cutoff(scope: try scope(index + 2, index + 3), notBefore: moment(index + 4), epoch: end)
        return KnownCutoffs.Mark(end: end, generation: integer(index + 1), latest: latest)
    }

    /// A cut-off as ``CutoffQuery/all`` reads it.
    func cutoff() throws -> Cutoff { Cutoff(scope: try scope(0, 1), notBefore: moment(2), epoch: position(3)) }
}
