public import Sessions

/// Counting.
extension PostgresStore {
    /// One pass over the rows: each is judged by its state, the latest cut-off of each kind that covers it, and its
    /// deadlines.
    ///
    /// `least` and `greatest` pass over NULL.
    private static let count = Statement(
        "statistics",
        """
        WITH cut AS MATERIALIZED (
            SELECT scope, key, max(epoch) AS epoch FROM cutoffs WHERE ns = $1 GROUP BY scope, key
        ), judged AS (
            SELECT s.username, s.payload_bytes, least(s.idle_deadline, s.absolute_deadline) AS ends,
                CASE WHEN s.state <> 'live' THEN s.state
                    WHEN s.epoch < greatest(everyone.epoch, tenant.epoch, username.epoch, client.epoch) THEN 'revoked'
                    WHEN least(s.idle_deadline, s.absolute_deadline) <= $2 THEN 'expired'
                    ELSE 'live' END AS standing
            FROM sessions AS s
                LEFT JOIN cut AS everyone ON everyone.scope = 'everyone'
                LEFT JOIN cut AS tenant ON tenant.scope = 'tenant' AND tenant.key = s.tenant
                LEFT JOIN cut AS username ON username.scope = 'user' AND username.key = s.username
                LEFT JOIN cut AS client ON client.scope = 'client' AND client.key = s.client
            WHERE s.ns = $1
        )
        SELECT count(*) FILTER (WHERE standing = 'live'),
            count(DISTINCT username) FILTER (WHERE standing = 'live'),
            count(*) FILTER (WHERE standing = 'live' AND username IS NULL),
            count(*) FILTER (WHERE standing = 'live' AND ends IS NULL),
            count(*) FILTER (WHERE standing = 'live' AND ends <= $2 + 300000),
            count(*) FILTER (WHERE standing = 'live' AND ends <= $2 + 3600000),
            count(*) FILTER (WHERE standing = 'revoked'), count(*) FILTER (WHERE standing = 'expired'),
            coalesce(sum(payload_bytes) FILTER (WHERE standing = 'live'), 0)::bigint
        FROM judged
        """)

    /// Counts over the whole store, in one pass of the server's.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        try await use { [context] link in
            var statistics = StoreStatistics()
            _ = try link.run([Self.count(context.ns, .moment(now))])[0].first { columns in
                statistics.sessions = Int(columns.integer(0))
                statistics.users = Int(columns.integer(1))
                statistics.anonymous = Int(columns.integer(2))
                statistics.withoutExpiry = Int(columns.integer(3))
                statistics.expiringIn5Minutes = Int(columns.integer(4))
                statistics.expiringIn1Hour = Int(columns.integer(5))
                statistics.revoked = Int(columns.integer(6))
                statistics.expired = Int(columns.integer(7))
                statistics.payloadBytes = Int(columns.integer(8))
            }
            return statistics
        }
    }
}
