public import SessionLayouts
public import Sessions

/// Other frameworks' sessions in PostgreSQL.
public enum PostgresLayouts {
    /// Opens the sessions of another framework.
    ///
    /// - Parameters:
    ///   - url: anything that libpq takes.
    ///   - name: the layout's name; `nil`: it is found out from the tables and a sample of their rows.
    ///   - isReadOnly: nothing may be changed; a standby will do.
    ///   - schema: where the framework's tables lie; `nil`: wherever the URL, the role or the database says.
    ///   - password: used before the URL's and `~/.pgpass`.
    ///   - logs: where changes are put on the record; `nil`: nowhere.
    ///   - time: where time comes from.
    ///   - limits: how much of the server is used, and for how long.
    /// - Returns: the sessions.
    /// - Throws: ``SessionsError``: `usage` for a URL or a layout that can't be used, `notAStore` where no layout fits,
    ///   `refused` where the role lacks a right, `unavailable`, `busy`, `readOnly` or `unsupported` as the server is.
    public static func open(
        url: String, layout name: String?, isReadOnly: Bool, schema: String? = nil, password: String? = nil,
        logs: OperatorLogs? = nil, time: TimeSource = .system, limits: PostgresStore.Limits = PostgresStore.Limits()
    ) async throws -> LayoutDirectory {
        let named = try name.map { try LayoutCatalogue.layout(named: $0, in: .postgres) }
        let settings = try ConnectionSettings(url: url, password: password, isReadOnly: isReadOnly)
        let pool = ConnectionPool(settings, limits: limits, time: time) {
            try $0.setUp(schema: schema, isReadOnly: isReadOnly, limits: limits)
        }
        let place = settings.shown
        let (software, tables) = try await pool.use(for: limits.order) { link in
            try link.checkEncoding(at: place)
            return (link.software, try link.foreignTables(of: LayoutCatalogue.layouts(in: .postgres)))
        }
        let finder = ForeignFinder(pool: pool, tables: tables, place: place, time: time)
        var match = try await finder.match(named)
        guard let source = try finder.source(match.layout) else {
            throw SessionsError(.notAStore, "\(place) has no table of the layout \(match.layout.name)")
        }
        match.layout.limit(by: source.statements)
        return LayoutDirectory(
            match, in: source, url: place, software: software,
            readOnly: isReadOnly
                ? Capabilities.openedToRead
                : source.statements.table.isOfStandby ? "this server is a standby: name the primary" : nil,
            log: logs?.log(place, match.layout.name), time: time)
    }
}

extension Layout {
    /// What the role may not do can't be done.
    fileprivate mutating func limit(by statements: TableStatements) {
        if revoke.isPossible, let lack = statements.revokeLack {
            revoke = .no(because: "the role may not end sessions: grant it \(lack)")
        }
        guard extend.isPossible else { return }
        if let lack = statements.extendLack(movesPayload: embedded != .none) {
            extend = .no(because: "the role may not move deadlines: grant it \(lack)")
        } else if embedded != .none, embedded != .expressCookie, !statements.mayReadPayload {
            extend = .no(because: "payloads keep the deadline, too: grant the role SELECT on \(statements.table.name)")
        }
    }
}
