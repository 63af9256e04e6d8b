/// The tables of the native layout in PostgreSQL, and how an older store becomes a newer one.
///
/// Times are milliseconds since 1970. Texts compare by bytes (`COLLATE "C"`), as everywhere in this library.
enum Schema {
    /// Tells a store of ours from any other schema that has a table `store`.
    static let mark = "sessiontop native"
    /// The version that this library writes.
    static var version: Int64 { Int64(migrations.count) }

    /// The steps from an empty schema, one a version.
    ///
    /// A step that was released is never changed.
    static let migrations: [[String]] = [first]

    /// What the server makes of the steps above to find rows by: what is missing makes it read whole tables.
    static let indexes = [
        "audit_outcomes_pkey", "audit_pkey", "changes_pkey", "cutoffs_pkey", "feed_pkey", "namespaces_name_key",
        "namespaces_pkey", "node_samples_pkey", "nodes_pkey", "sessions_end", "sessions_id", "sessions_pkey",
        "sessions_user",
    ]

    private static let first = [
        store, namespaces, sessions,
        "CREATE UNIQUE INDEX sessions_id ON sessions(ns, id_hash)",
        "CREATE INDEX sessions_end ON sessions(ns, absolute_deadline, number)",
        "CREATE INDEX sessions_user ON sessions(ns, username) WHERE state = 'live' AND username IS NOT NULL",
        finality, finalityTrigger,
        "CREATE SEQUENCE change_numbers",
        // From now on its `last_value` has been given out.
        "SELECT nextval('change_numbers')",
        changes, cutoffs, feed, nodes, nodeSamples, audit, auditOutcomes,
    ]

    private static let store = """
        CREATE TABLE store(mark text NOT NULL, version bigint NOT NULL)
        """

    private static let namespaces = """
        CREATE TABLE namespaces(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE,
            feed_start bigint NOT NULL DEFAULT 0,
            feed_end bigint NOT NULL DEFAULT 0,
            cutoff_end bigint NOT NULL DEFAULT 0,
            change_start bigint NOT NULL DEFAULT 0,
            generation bigint NOT NULL DEFAULT 0
        ) WITH (fillfactor = 50)
        """

    /// A touch changes no column that an index has, and a page keeps room for the next version of a row: the update
    /// stays in the page (HOT), and no index is written.
    ///
    /// That is also why a row holds no number of its last change. `username`, because an unquoted `user` is the role
    /// that asks. `payload_bytes` can be listed by a role that mayn't read payloads.
    private static let sessions = """
        CREATE TABLE sessions(
            ns bigint NOT NULL,
            number bigint GENERATED ALWAYS AS IDENTITY,
            id_hash bytea NOT NULL CHECK (octet_length(id_hash) = 32),
            state text COLLATE "C" NOT NULL CHECK (state IN ('live', 'revoked', 'expired')),
            version bigint NOT NULL,
            epoch bigint NOT NULL,
            created bigint NOT NULL,
            authenticated bigint,
            seen bigint NOT NULL,
            idle_deadline bigint,
            absolute_deadline bigint,
            revoked_at bigint,
            username text COLLATE "C",
            tenant text COLLATE "C",
            client text COLLATE "C",
            ip text COLLATE "C",
            agent text COLLATE "C",
            node text COLLATE "C",
            revoked_by text COLLATE "C",
            reason text COLLATE "C",
            key_id text COLLATE "C",
            payload_bytes bigint NOT NULL GENERATED ALWAYS AS (octet_length(payload)) STORED,
            payload bytea NOT NULL,
            PRIMARY KEY (ns, number)
        ) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.05)
        """

    /// The rule that nothing here breaks, kept by the server as well: against other programs and hasty hands.
    private static let finality = """
        CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a session that has ended stays ended' USING ERRCODE = 'check_violation';
        END $$
        """

    private static let finalityTrigger = """
        CREATE TRIGGER ended_for_good BEFORE UPDATE OF state ON sessions FOR EACH ROW
        WHEN (OLD.state <> 'live' AND NEW.state <> OLD.state) EXECUTE FUNCTION refuse_revival()
        """

    /// Which rows changed, in the order of the numbers: `session` is a row's number, `removed` the identity of one
    /// that is gone.
    ///
    /// See ``ChangeLog`` for why following it misses nothing.
    private static let changes = """
        CREATE TABLE changes(
            ns bigint NOT NULL,
            change bigint NOT NULL,
            session bigint,
            removed bytea,
            at bigint NOT NULL,
            PRIMARY KEY (ns, change)
        )
        """

    private static let cutoffs = """
        CREATE TABLE cutoffs(
            ns bigint NOT NULL,
            scope text COLLATE "C" NOT NULL CHECK (scope IN ('everyone', 'tenant', 'user', 'client')),
            key text COLLATE "C" NOT NULL,
            epoch bigint NOT NULL,
            not_before bigint NOT NULL,
            set_by text COLLATE "C" NOT NULL,
            reason text COLLATE "C",
            PRIMARY KEY (ns, scope, key, epoch)
        )
        """

    private static let feed = """
        CREATE TABLE feed(
            ns bigint NOT NULL,
            seq bigint NOT NULL,
            kind text COLLATE "C" NOT NULL CHECK (kind IN ('revoked', 'cutoff')),
            id_hash bytea,
            scope text COLLATE "C",
            key text COLLATE "C",
            at bigint NOT NULL,
            PRIMARY KEY (ns, seq)
        )
        """

    private static let nodes = """
        CREATE TABLE nodes(
            ns bigint NOT NULL,
            id text COLLATE "C" NOT NULL,
            started bigint NOT NULL,
            heartbeat bigint NOT NULL,
            status text COLLATE "C" NOT NULL CHECK (status IN ('up', 'draining', 'stopped')),
            applied_seq bigint NOT NULL,
            lease bigint NOT NULL,
            latency_p50 bigint,
            latency_p99 bigint,
            counters text NOT NULL,
            PRIMARY KEY (ns, id)
        ) WITH (fillfactor = 50)
        """

    private static let nodeSamples = """
        CREATE TABLE node_samples(
            ns bigint NOT NULL,
            at bigint NOT NULL,
            node text COLLATE "C" NOT NULL,
            started bigint NOT NULL,
            counters text NOT NULL,
            PRIMARY KEY (ns, at, node)
        )
        """

    private static let audit = """
        CREATE TABLE audit(
            ns bigint NOT NULL,
            number bigint NOT NULL,
            at bigint NOT NULL,
            actor text COLLATE "C" NOT NULL,
            action text COLLATE "C" NOT NULL,
            target text COLLATE "C" NOT NULL,
            count bigint NOT NULL,
            result text COLLATE "C" NOT NULL,
            reason text COLLATE "C",
            outcomes_digest bytea NOT NULL,
            previous bytea NOT NULL,
            hash bytea NOT NULL,
            PRIMARY KEY (ns, number)
        )
        """

    private static let auditOutcomes = """
        CREATE TABLE audit_outcomes(
            ns bigint NOT NULL,
            number bigint NOT NULL,
            place bigint NOT NULL,
            id_hash bytea NOT NULL,
            outcome text COLLATE "C" NOT NULL,
            PRIMARY KEY (ns, number, place)
        )
        """
}
