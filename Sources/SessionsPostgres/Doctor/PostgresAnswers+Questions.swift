/// What a server is asked; tables are looked for in the store's schema, which is the connection's search path.
extension PostgresAnswers {
    static let roleQuery = """
        SELECT current_user::text, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
            pg_has_role(current_user, 'pg_execute_server_program', 'USAGE')
                OR pg_has_role(current_user, 'pg_read_server_files', 'USAGE')
                OR pg_has_role(current_user, 'pg_write_server_files', 'USAGE'),
            (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'sessions'::regclass)
        FROM pg_roles WHERE rolname = current_user
        """

    /// Rights of PUBLIC, which is everybody: on tables, and on single columns.
    static let publicQuery = """
        SELECT DISTINCT relname::text || ' ' || privilege_type AS allowed
        FROM (
            SELECT relname, (aclexplode(relacl)).* FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT relname, (aclexplode(attacl)).* FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = current_schema()::regnamespace
        ) AS granted WHERE grantee = 0 ORDER BY allowed
        """

    /// Only a superuser may look, unless others were allowed to.
    static let trustQuery = """
        SELECT count(*) FILTER (WHERE type = 'local' OR address IN ('127.0.0.1', '::1', 'localhost', 'samehost'))::bigint,
            count(*) FILTER (WHERE type <> 'local' AND address NOT IN ('127.0.0.1', '::1', 'localhost', 'samehost'))::bigint
        FROM pg_hba_file_rules WHERE auth_method = 'trust' AND error IS NULL
        """

    /// The library's own connections set some of these: what counts is how they were when it came.
    static let settingsQuery = """
        SELECT name, reset_val FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit',
            'synchronous_standby_names', 'autovacuum', 'max_connections', 'superuser_reserved_connections')
        """

    /// Everybody sees that somebody follows, though not how far he is; a backup that is being taken is no standby, as far
    /// as that is told.
    static let replicationQuery = """
        SELECT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_wal_receiver),
            (SELECT count(*) FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup')::bigint
        """

    static let indexQuery = """
        SELECT relname::text, indisvalid AND indisready FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = current_schema()::regnamespace
        """

    /// `O`: it fires, but for replicated rows; `A`: always.
    static let finalityQuery = """
        SELECT tgenabled IN ('O', 'A') FROM pg_trigger
        WHERE tgrelid = 'sessions'::regclass AND tgname = 'ended_for_good'
        """

    static let tableQuery = """
        SELECT s.relname::text, n_live_tup, n_dead_tup, pg_relation_size(relid),
            coalesce((SELECT option_value = 'false' FROM pg_options_to_table(reloptions)
                WHERE option_name = 'autovacuum_enabled'), false)
        FROM pg_stat_user_tables AS s JOIN pg_class ON pg_class.oid = relid WHERE schemaname = current_schema()
        ORDER BY s.relname
        """

    static let rowQuery = """
        SELECT max(reltuples)::bigint, coalesce(sum(avg_width * (1 - null_frac)), 0)::bigint,
            count(attname) = (SELECT count(*) FROM pg_attribute
                WHERE attrelid = 'sessions'::regclass AND attnum > 0 AND NOT attisdropped),
            max(pg_relation_size(pg_class.oid))
        FROM pg_class LEFT JOIN pg_stats ON schemaname = current_schema() AND tablename = 'sessions' AND NOT inherited
        WHERE pg_class.oid = 'sessions'::regclass
        """

    static let connectionsQuery = "SELECT coalesce(sum(numbackends), 0)::bigint FROM pg_stat_database"

    static let clockQuery = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
}
