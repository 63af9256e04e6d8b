import SessionTesting
import Sessions
import SessionsPostgres

/// PostgreSQL, against psql.
enum PostgresBenchmarks {
    /// A list of all sessions.
    static func listing(_ size: Int) async throws {
        try await PostgresServer.with { server in
            let store = try await PostgresStore.open(url: server.url(), mode: .create)
            try await fill(server, size)
            try await listing(server, store, size)
        }
    }

    /// An order that ends so many sessions.
    static func revoking(_ count: Int) async throws {
        try await PostgresServer.with { server in
            try await revoking(server, try await PostgresStore.open(url: server.url(), mode: .create), count)
        }
    }

    /// Rows as the store writes them, made by the server itself: a million sign-ins would take minutes.
    private static func fill(_ server: PostgresServer, _ count: Int) async throws {
        try await server.run(
            """
            SET search_path = sessiontop;
            TRUNCATE sessions, changes, feed, audit, audit_outcomes;
            INSERT INTO sessions(ns, id_hash, state, version, epoch, created, authenticated, seen, idle_deadline,
                absolute_deadline, username, ip, agent, node, key_id, payload)
            SELECT id, sha256(n::text::bytea), 'live', 1, feed_end, \(moment), \(moment), \(moment),
                \(moment) + 1800000, \(moment) + 28800000, 'user' || n / 3 || '@corp.example', '203.0.113.' || n % 250,
                'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/' || 100 + n % 40 || '.0',
                'web-0' || n % 5, 'k1', decode(repeat('07', 300), 'hex')
            FROM namespaces, generate_series(1, \(count)) AS n;
            ANALYZE sessions; CHECKPOINT
            """)
    }

    private static let moment = RemoteBenchmarks.now.milliseconds

    /// How long psql takes, less what it takes to do nothing.
    private static func psql(_ server: PostgresServer, _ command: String) async throws -> Double {
        let words = "psql -X -q -v ON_ERROR_STOP=1 '\(server.url())' -c"
        return try await Baseline.shell(
            "PGOPTIONS='-c search_path=sessiontop' \(words) \"\(command)\"",
            less: "PGOPTIONS='-c search_path=sessiontop' \(words) 'SELECT 1'")
    }

    // MARK: Listing

    private static func listing(_ server: PostgresServer, _ store: PostgresStore, _ size: Int) async throws {
        let columns = """
            id_hash, username, state, created, seen, idle_deadline, absolute_deadline, ip, agent, node, payload_bytes, \
            revoked_at, epoch, tenant, client, number
            """
        let times = try await inTurns(
            5,
            {
                try await RemoteBenchmarks.time {
                    let found = try await RemoteBenchmarks.list(store)
                    guard found == size else {
                        throw Tool.Failure(description: "\(found) sessions of \(size) were listed")
                    }
                }
            }, { try await psql(server, "\\\\copy (SELECT \(columns) FROM sessions) TO /dev/null") })
        report("PostgreSQL: list \(size) sessions", times, size, "psql \\copy of the same columns")
    }

    // MARK: Revoking

    private static func revoking(_ server: PostgresServer, _ store: PostgresStore, _ count: Int) async throws {
        func ours() async throws -> Double {
            try await fill(server, count)
            var (ids, cursor) = ([IDHash](), RowCursor?.none)
            repeat {
                let page = try await store.rows(after: cursor, limit: 10_000)
                (ids, cursor) = (ids + page.rows.map(\.id), page.next)
            } while cursor != nil
            return try await RemoteBenchmarks.time {
                let receipt = try await store.revoke(.sessions(ids), order: RemoteBenchmarks.order)
                guard receipt.outcomes.count(where: { $0.outcome == .revoked }) == count else {
                    throw Tool.Failure(description: "not all were revoked")
                }
            }
        }
        for (sql, against) in [(sameWork, "one statement of the same work"), (update, "one bare UPDATE")] {
            let times = try await inTurns(3, ours) {
                try await fill(server, count)
                return try await psql(server, sql)
            }
            report("PostgreSQL: revoke \(count) sessions", times, count, against)
        }
    }

    private static let update = """
        UPDATE sessions SET state = 'revoked', revoked_at = \(moment), revoked_by = 'ops/mira', reason = 'INC-4471' \
        WHERE state = 'live'
        """

    /// Marks the rows, notes the changes, tells the feed and keeps the outcomes.
    private static let sameWork = """
        WITH ended AS (\(update) RETURNING ns, number, id_hash), logged AS (
            INSERT INTO changes(ns, change, session, at)
            SELECT ns, nextval('change_numbers'), number, \(moment) FROM ended
        ), told AS (
            INSERT INTO feed(ns, seq, kind, id_hash, at)
            SELECT ns, 1000000000 + row_number() OVER (), 'revoked', id_hash, \(moment) FROM ended
        )
        INSERT INTO audit_outcomes(ns, number, place, id_hash, outcome)
        SELECT ns, 1, row_number() OVER (), id_hash, 'revoked' FROM ended
        """

    private static func report(
        _ name: String, _ times: (ours: Double, baseline: Double), _ count: Int, _ against: String
    ) {
        let one = Double(count)
        print(
            BenchmarkRow(name: name, ours: times.ours / one, baseline: times.baseline / one, against: against).line)
    }
}
