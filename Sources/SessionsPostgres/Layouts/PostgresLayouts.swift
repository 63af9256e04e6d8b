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
    ///   - schema: where the framework's tables lie.
    ///   - password: used before the URL's and `~/.pgpass`.
    ///   - time: where time comes from.
    ///   - limits: how much of the server is used, and for how long.
    /// - Returns: the sessions.
    /// - Throws: ``SessionsError``: `usage` for a URL or a layout that can't be used, `notAStore` where no layout fits,
    ///   `refused` where the role lacks a right, `unavailable`, `busy`, `readOnly` or `unsupported` as the server is.
    public static func open(
        url: String, layout name: String?, isReadOnly: Bool, schema: String = "public", password: String? = nil,
        time: TimeSource = .system, limits: PostgresStore.Limits = PostgresStore.Limits()
    ) async throws -> LayoutDirectory {
        let named = try name.map { try LayoutCatalogue.layout(named: $0, in: .postgres) }
        let settings = try ConnectionSettings(url: url, password: password, isReadOnly: isReadOnly)
        let pool = ConnectionPool(settings, limits: limits, time: time) {
            try $0.setUp(schema: schema, isReadOnly: isReadOnly, limits: limits)
        }
        let place = settings.shown
        let (software, tables) = try await pool.use(for: limits.order) { link in
            try link.checkEncoding(at: place)
            return (link.software, try link.foreignTables())
        }
        let finder = Finder(pool: pool, tables: tables, place: place, time: time)
        let match = try await finder.match(named)
        return LayoutDirectory(
            match, in: try finder.source(match.layout), url: place, software: software,
            readOnly: isReadOnly ? "the store was opened to be read: open it without --read-only" : nil, time: time)
    }
}

/// Finds out which framework's sessions a database has.
private struct Finder {
    let pool: ConnectionPool
    let tables: [String: [String: String]]
    let place: String
    let time: TimeSource

    func match(_ named: Layout?) async throws -> LayoutMatch {
        var best: LayoutMatch?
        for (table, columns) in tables.sorted(by: { $0.key < $1.key }) {
            for layout in LayoutCatalogue.candidates(forTable: table, columns: Array(columns.keys), in: .postgres) {
                if let named {
                    if layout.name == named.name { return LayoutMatch(asked: named) }
                    continue
                }
                let source = try source(layout)
                let keys = try await source.keys(after: nil, limit: LayoutCatalogue.sampleSize).keys
                let sample = try await source.records(keys).compactMap { $0 }
                let match =
                    LayoutCatalogue.match(sample, among: [layout], at: time.wall())
                    ?? LayoutCatalogue.match(emptyTableOf: layout)
                if match.hits >= best?.hits ?? 0 { best = match }
            }
        }
        guard let best else {
            let what = named.map { "no table of the layout \($0.name)" } ?? "no sessions of a layout that is known"
            throw SessionsError(
                .notAStore, "\(place) has \(what) in its schema: see `sessiontop layouts`, and name one with --layout")
        }
        return best
    }

    func source(_ layout: Layout) throws -> PostgresLayoutSource {
        guard case .table(let table) = layout.place, let columns = tables[table.table] else {
            throw SessionsError(.notAStore, "\(place) has no table of the layout \(layout.name)")
        }
        let statements = TableStatements(
            place: table, types: columns, writesServersTime: layout.name == "connect-pg-simple")
        return PostgresLayoutSource(pool: pool, statements: statements)
    }
}

extension Link {
    private static let columns = Statement(
        "foreign_columns",
        """
        SELECT c.relname::text, a.attname::text, t.typname::text FROM pg_class AS c
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            AND c.relkind IN ('r', 'p') LIMIT 100000
        """)

    /// Every table of the schema with the types of its columns, by their names.
    fileprivate func foreignTables() throws -> [String: [String: String]] {
        var tables: [String: [String: String]] = [:]
        for (table, column, type) in try run([Self.columns()])[0].map({ ($0.text(0), $0.text(1), $0.text(2)) }) {
            tables[table, default: [:]][column] = type
        }
        return tables
    }
}
