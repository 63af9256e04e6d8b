internal import CLibPQ
internal import Sessions

/// How a new connection is set up, and what it tells of the server and the role.
extension Link {
    private static let settings = Statement(
        "settings",
        """
        SELECT set_config('search_path', COALESCE(quote_ident($1), current_setting('search_path')), false), set_config('statement_timeout', $2, false),
            set_config('idle_in_transaction_session_timeout', $2, false), set_config('jit', 'off', false),
            set_config('default_transaction_isolation', 'read committed', false),
            set_config('default_transaction_read_only', $3, false),
            -- What is said to be durable is on the disk, whatever the database's default.
            set_config('synchronous_commit', CASE setting WHEN 'off' THEN 'on' ELSE setting END, false),
            pg_is_in_recovery()
        FROM current_setting('synchronous_commit') AS setting
        """)

    /// Sets a new connection up; without a schema it looks wherever the URL, the role or the database says.
    ///
    /// - Returns: whether the server is a standby. None becomes one without dropping its connections.
    @discardableResult
    func setUp(schema: String?, isReadOnly: Bool, limits: PostgresStore.Limits) throws -> Bool {
        let timeout = Value.text("\(limits.statement.wholeMilliseconds)")
        let answers = try run([Self.settings(.text(schema), timeout, .text(isReadOnly ? "on" : "off"))])
        return answers[0].first { $0.bool(7) } ?? false
    }

    /// `PostgreSQL 15.4`.
    var software: String {
        let version = PQserverVersion(connection)
        return "PostgreSQL \(version / 10_000).\(version % 10_000)"
    }

    /// Texts keep their bytes only in a database that holds all of Unicode.
    func checkEncoding(at place: String) throws {
        let encoding = PQparameterStatus(connection, "server_encoding").map { String(cString: $0) } ?? ""
        guard encoding == "UTF8" else {
            throw SessionsError(
                .unsupported, "the database at \(place) has the encoding \(encoding): use one whose encoding is UTF8")
        }
    }

    private static let rightsQuery = Statement(
        "rights",
        """
        SELECT has_column_privilege('sessions', 'payload', 'SELECT'), pg_is_in_recovery(),
            has_column_privilege('sessions', 'state', 'UPDATE') AND has_table_privilege('feed', 'INSERT')
                AND has_column_privilege('namespaces', 'feed_end', 'UPDATE') AND has_table_privilege('changes', 'INSERT'),
            has_column_privilege('sessions', 'idle_deadline', 'UPDATE'), has_table_privilege('audit', 'INSERT')
        """)

    func rights() throws -> Rights {
        try run([Self.rightsQuery()])[0].first {
            Rights(
                readsPayloads: $0.bool(0), isStandby: $0.bool(1), revokes: $0.bool(2), extends: $0.bool(3),
                audits: $0.bool(4))
        } ?? Rights()
    }
}

/// What the role may do, as the server says.
struct Rights: Sendable {
    var readsPayloads = false
    var isStandby = false
    var revokes = false
    var extends = false
    var audits = false

    func capabilities(isReadOnly: Bool) -> Capabilities {
        var all = Capabilities.all
        func forbid(_ abilities: [WritableKeyPath<Capabilities, Capabilities.Ability>], because reason: String) {
            for ability in abilities { all[keyPath: ability] = .no(because: reason) }
        }
        let lacking = "the role lacks the right: grant it what PostgresStore.grants lists"
        // Each of these writes the audit log in the same transaction.
        if !extends || !audits { forbid([\.extend], because: "the role may not move deadlines: grant it UPDATE") }
        if !revokes || !audits { forbid([\.revoke], because: lacking) }
        if !audits { forbid([\.audit], because: lacking) }
        if isReadOnly { forbid([\.revoke, \.extend, \.audit], because: Capabilities.openedToRead) }
        if isStandby {
            forbid([\.revoke, \.extend, \.audit], because: "this server is a standby: name the primary")
            forbid([\.changes], because: "a standby doesn't know what its primary is still writing")
        }
        return all
    }
}
